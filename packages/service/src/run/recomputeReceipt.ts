import { checkReceipt, draftReceipt, firstDifference, type RatedLine, type Receipt, type ReceiptLine } from "@hpc-billing/core"
import type { ReratedExport } from "./rerateExport.ts"

/**
 * What of one receipt does not come out again: its sums from its lines, each line field by field from records, prices and payers,
 * and each billed amount from the rounding. The first line that differs is named; none: it is the same.
 */
export const recomputeReceipt = (receipt: Receipt, export_: ReratedExport): readonly string[] => {
  const findings = checkReceipt(receipt)
  if (findings.length > 0) return findings
  const own = receipt.lines.filter(({ corrects }) => corrects === null)
  const { rating, receipts, lines } = export_
  // a receipt of an earlier billing of the month was priced from what was known then: sums and corrections prove it, not its fields
  if (!rating.receiptIds.includes(receipt.id)) return billedDifference(receipt, export_)
  const computed = new Map(lines.filter(({ payerId }) => payerId === receipt.payer.id).map((line) => [line.id, line]))
  const standsElsewhere = receipts.filter(({ receipt: other }) => other.payer.id === receipt.payer.id && other.id !== receipt.id)
  const difference = firstDifference(own, standsElsewhere.length === 0 ? computed : among(computed, own))
  return difference === null ? billedDifference(receipt, export_) : [difference.message]
}

const among = (computed: ReadonlyMap<string, RatedLine>, lines: readonly RatedLine[]): ReadonlyMap<string, RatedLine> =>
  new Map(
    lines.flatMap(({ id }) => {
      const line = computed.get(id)
      return line === undefined ? [] : [[id, line] as const]
    }),
  )

/** Rounded again, where the rate book at hand is the one of its lines. */
const billedDifference = (receipt: Receipt, { rates }: ReratedExport): readonly string[] => {
  const hashes = new Set(rates.cards.map(({ hash }) => hash))
  if (
    !receipt.lines.every(({ rate, currency }) => (rate.cardId === "" || hashes.has(rate.cardHash)) && currency === receipt.currency.code)
  ) {
    return []
  }
  const { per = "receipt", mode = "half-up" } = rates.book.cards[0]?.rounding ?? {}
  const { tenant, month, zone, issuer, payer, currency } = receipt
  const again = draftReceipt({
    ...{ tenant, month, zone, issuer, payer, currency },
    rounding: { scope: per, mode },
    sequence: 1,
    lines: receipt.lines,
  })
  const billed = new Map(again.lines.map((line) => [line.id, line]))
  const wrong = receipt.lines.find((line) => billed.get(line.id)?.billedMinor !== line.billedMinor)
  if (wrong === undefined) return []
  const { billedMinor } = billed.get(wrong.id) as ReceiptLine
  return [`line ${wrong.id} differs in billedMinor: ${wrong.billedMinor} stands, ${billedMinor} comes out.`]
}
