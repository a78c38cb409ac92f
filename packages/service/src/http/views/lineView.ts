import { type Currency, formatDecimal, type Receipt, type ReceiptLine } from "@hpc-billing/core"
import type { LineView } from "../../api/groups/usage.ts"
import { instantText } from "./instant.ts"
import { decimalText, moneyView, quantityView } from "./money.ts"

/** What a line needs of the receipt that it stands on. */
export type LineReceipt = Pick<Receipt, "id" | "month" | "status">

export const lineView = (line: ReceiptLine, position: number, receipt: LineReceipt, currency: Currency): LineView => ({
  receiptId: receipt.id,
  receiptNumber: receipt.status.kind === "draft" ? null : receipt.status.number,
  receiptStatus: receipt.status.kind,
  month: receipt.month,
  position,
  lineId: line.id,
  kind: line.kind,
  usageId: line.usageId,
  payerId: line.payerId,
  cluster: line.cluster,
  account: line.account,
  user: line.user,
  jobId: line.jobId,
  jobName: line.jobName,
  partition: line.partition,
  qos: line.qos,
  state: line.state,
  windowStart: instantText(line.window.startSeconds),
  windowEnd: instantText(line.window.endSeconds),
  sku: line.sku,
  quantity: quantityView(line.quantity, line.unit),
  unitPrice: decimalText(line.unitPrice),
  exactAmount: formatDecimal(line.amount),
  billed: moneyView(line.billedMinor, currency),
  taxCode: line.tax?.code ?? null,
  cardId: line.rate.cardId,
  cardVersion: line.rate.cardVersion,
  cardHash: line.rate.cardHash,
  tier: line.rate.tier,
  overrideId: line.rate.overrideId,
  basis: line.rate.basis,
  zeroReason: line.zeroReason,
  corrects: line.corrects,
  provisional: line.provisional,
  flags: line.flags,
})
