import type { BilledLine, ReceiptLine } from "@hpc-billing/core"
import { Effect, Stream } from "effect"
import { BillingStore, type LineFilter } from "../store/index.ts"

export interface StandingLine extends BilledLine {
  readonly line: ReceiptLine
  readonly receiptNumber: string
}

/** Lines that stand on receipts which are not void, with the receipt's number. */
export const billedLinesOf = Effect.fnUntraced(function* (tenant: string, filter: LineFilter) {
  const store = yield* BillingStore
  const numbers = new Map<string, string | null>()
  const lines: StandingLine[] = []
  const stored = yield* Stream.runCollect(store.lines(tenant, filter))
  for (const { receiptId, line } of stored) {
    if (!numbers.has(receiptId)) {
      const status = (yield* store.receiptHeader(tenant, receiptId))?.status
      numbers.set(receiptId, status === undefined || status.kind === "draft" || status.kind === "void" ? null : status.number)
    }
    const receiptNumber = numbers.get(receiptId) ?? null
    if (receiptNumber !== null) lines.push({ line, receiptNumber })
  }
  return lines as readonly StandingLine[]
})
