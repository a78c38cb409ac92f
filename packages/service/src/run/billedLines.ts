import type { BilledLine, Month, ReceiptLine } from "@hpc-billing/core"
import { Effect, Stream } from "effect"
import { BillingStore, type LineFilter, type ReceiptHeader } from "../store/index.ts"

export interface StandingLine extends BilledLine {
  readonly line: ReceiptLine
  readonly receiptNumber: string
  /** Whose usage it charges: the month that it corrects, else its receipt's. */
  readonly chargedMonth: Month
}

interface Standing {
  readonly number: string
  readonly month: Month
}

const standingOf = (header: ReceiptHeader | null): Standing | null =>
  header === null || header.status.kind === "draft" || header.status.kind === "void"
    ? null
    : { number: header.status.number, month: header.month }

/** Lines that stand on receipts which are not void, with the receipt's number. Headers that are read already are not read again. */
export const billedLinesOf = Effect.fnUntraced(function* (tenant: string, filter: LineFilter, headers: readonly ReceiptHeader[] = []) {
  const store = yield* BillingStore
  const receipts = new Map(headers.map((header) => [header.id, standingOf(header)]))
  const lines: StandingLine[] = []
  const stored = yield* Stream.runCollect(store.lines(tenant, filter))
  for (const { receiptId, line } of stored) {
    if (!receipts.has(receiptId)) receipts.set(receiptId, standingOf(yield* store.receiptHeader(tenant, receiptId)))
    const receipt = receipts.get(receiptId) ?? null
    if (receipt !== null) lines.push({ line, receiptNumber: receipt.number, chargedMonth: line.corrects?.month ?? receipt.month })
  }
  return lines as readonly StandingLine[]
})

/**
 * Everything that stands of what was charged for a month: on its own receipts, and as its corrections on those of other months.
 * With `usageId: null` the amounts of the whole period alone.
 */
export const standingLinesOf = Effect.fnUntraced(function* (
  tenant: string,
  month: Month,
  options: {
    /** The lines on the month's own receipts that stand, where they are read already. */
    readonly own?: readonly BilledLine[] | undefined
    readonly only?: Pick<LineFilter, "usageId">
  } = {},
) {
  const own = options.own ?? (yield* billedLinesOf(tenant, { ...options.only, month }))
  const corrections = yield* billedLinesOf(tenant, { ...options.only, correctsMonth: month })
  return [...own.filter(({ line }) => line.corrects === null), ...corrections] as readonly BilledLine[]
})
