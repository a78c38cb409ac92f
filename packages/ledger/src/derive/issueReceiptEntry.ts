import type { Receipt } from "@hpc-billing/core"
import { documentDateOf, lastDayOf } from "@hpc-billing/core"
import { Result } from "effect"
import type { PostingPolicy } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { type LedgerError, ledgerError } from "../LedgerError.ts"
import { receiptEntry } from "./receiptEntry.ts"

/**
 * Receipt issued: Dr receivable / Cr contract asset (net) and / Cr VAT, one transfer per tax code. Its date is that of issue,
 * but not before the accrual and not after the month it is posted in.
 */
export const issueReceiptEntry = (receipt: Receipt, month: string, policy: PostingPolicy): Result.Result<readonly Entry[], LedgerError> => {
  if (receipt.status.kind === "draft") {
    return Result.fail(ledgerError("wrong-status", `Receipt ${receipt.id} is a draft: issue it before it is booked as issued.`))
  }
  const { roles } = policy
  const dates = [lastDayOf(receipt.month), documentDateOf(receipt) as string, lastDayOf(month)].sort()
  const vat = policy.vatPoint === "at-issue" ? roles.vatPayable : roles.vatNotYetDue
  return Result.succeed(
    receiptEntry(receipt, {
      suffix: "issued",
      kind: "issue",
      month,
      date: dates[1] as string,
      memo: `Receipt ${receipt.status.number}, ${receipt.payer.nameEnglish}`,
      movements: [
        { debit: roles.receivable, credit: roles.contractAsset, amountMinor: receipt.netMinor, memo: "net" },
        ...receipt.taxes.map(({ code, taxMinor }) => ({
          debit: roles.receivable,
          credit: vat,
          amountMinor: taxMinor,
          memo: `tax ${code}`,
        })),
      ],
    }),
  )
}
