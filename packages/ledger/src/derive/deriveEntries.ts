import { Result } from "effect"
import type { PostingPolicy } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import type { LedgerError } from "../LedgerError.ts"
import { accrueReceipt } from "./accrueReceipt.ts"
import { creditReceiptEntry } from "./creditReceiptEntry.ts"
import { issueReceiptEntry } from "./issueReceiptEntry.ts"
import { payReceiptEntry } from "./payReceiptEntry.ts"
import type { ReceiptEvent } from "./ReceiptEvent.ts"
import { refundReceiptEntry } from "./refundReceiptEntry.ts"
import { voidReceiptEntries } from "./voidReceiptEntries.ts"
import { writeOffReceiptEntry } from "./writeOffReceiptEntry.ts"

/** The entries of a receipt event: the same for a preview and for posting. Empty when no money moves. */
export const deriveEntries = (event: ReceiptEvent, policy: PostingPolicy): Result.Result<readonly Entry[], LedgerError> => {
  switch (event.kind) {
    case "accrued":
      return Result.succeed(accrueReceipt(event.receipt, event.month, policy.roles))
    case "issued":
      return issueReceiptEntry(event.receipt, event.month, policy)
    case "paid":
      return payReceiptEntry(event, policy.roles)
    case "voided":
      return voidReceiptEntries(event)
    case "credited":
      return creditReceiptEntry(event, policy.roles)
    case "refunded":
      return refundReceiptEntry(event, policy.roles)
    case "written-off":
      return writeOffReceiptEntry(event, policy.roles)
  }
}
