import { lastDayOf, type Receipt } from "@hpc-billing/core"
import type { AccountRoles } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { receiptEntry } from "./receiptEntry.ts"

/** Service rendered: Dr contract asset / Cr revenue, net, on the last day of the receipt's month. */
export const accrueReceipt = (receipt: Receipt, month: string, roles: AccountRoles): readonly Entry[] =>
  receiptEntry(receipt, {
    suffix: "accrued",
    kind: "accrual",
    month,
    date: lastDayOf(receipt.month),
    memo: `Service ${receipt.month}, ${receipt.payer.nameEnglish}`,
    movements: [{ debit: roles.contractAsset, credit: roles.revenue, amountMinor: receipt.netMinor, memo: "service rendered" }],
  })
