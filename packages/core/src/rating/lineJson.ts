import type { CanonicalValue } from "../canonicalJson.ts"
import { type Decimal, formatDecimal, normaliseDecimal } from "../money/Decimal.ts"
import type { Slice } from "../usage/Usage.ts"
import type { RatedLine } from "./RatedLine.ts"

const text = (value: Decimal): string => formatDecimal(normaliseDecimal(value))

/** A line as it is hashed: every field, numbers as text without trailing zeros. A tax rule stands only where the card gives one. */
export const lineJson = (line: RatedLine): CanonicalValue => ({
  id: line.id,
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
  window: { startSeconds: line.window.startSeconds, endSeconds: line.window.endSeconds },
  sku: line.sku,
  quantity: text(line.quantity),
  unit: line.unit,
  unitPrice: text(line.unitPrice),
  amount: text(line.amount),
  currency: line.currency,
  rate: {
    cardId: line.rate.cardId,
    cardVersion: line.rate.cardVersion,
    cardHash: line.rate.cardHash,
    tier: line.rate.tier,
    overrideId: line.rate.overrideId,
    basis: line.rate.basis,
  },
  ...(line.tax === undefined ? {} : { tax: { ...line.tax } }),
  zeroReason: line.zeroReason,
  corrects: line.corrects === null ? null : { ...line.corrects },
  provisional: line.provisional,
  flags: line.flags,
})

/** A slice as it is hashed: which usage, when, and what it held. */
export const sliceJson = (part: Slice): CanonicalValue => ({
  usageId: part.usage.id,
  startSeconds: part.startSeconds,
  endSeconds: part.endSeconds,
  quantities: Object.fromEntries(Object.entries(part.quantities).map(([name, amount]) => [name, String(amount)])),
})
