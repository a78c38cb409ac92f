import type { BilledLine, ReceiptLine } from "@hpc-billing/core"
import { Effect, Stream } from "effect"
import { BillingStore, type LineFilter, type ReceiptHeader } from "../store/index.ts"

export interface StandingLine extends BilledLine {
  readonly line: ReceiptLine
  readonly receiptNumber: string
}

const standingNumber = (status: ReceiptHeader["status"] | undefined): string | null =>
  status === undefined || status.kind === "draft" || status.kind === "void" ? null : status.number

/** Lines that stand on receipts which are not void, with the receipt's number. Headers that are read already are not read again. */
export const billedLinesOf = Effect.fnUntraced(function* (tenant: string, filter: LineFilter, headers: readonly ReceiptHeader[] = []) {
  const store = yield* BillingStore
  const numbers = new Map(headers.map(({ id, status }) => [id, standingNumber(status)]))
  const lines: StandingLine[] = []
  const stored = yield* Stream.runCollect(store.lines(tenant, filter))
  for (const { receiptId, line } of stored) {
    if (!numbers.has(receiptId)) {
      numbers.set(receiptId, standingNumber((yield* store.receiptHeader(tenant, receiptId))?.status))
    }
    const receiptNumber = numbers.get(receiptId) ?? null
    if (receiptNumber !== null) lines.push({ line, receiptNumber })
  }
  return lines as readonly StandingLine[]
})
