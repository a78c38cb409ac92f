import { Effect } from "effect"
import { BillingStore, type ReceiptHeader } from "../store/index.ts"
import { receiptHeadersOf } from "./figures/loadMonthFigures.ts"

/** Those of the receipts that stand and whose issue is not in the journal yet. */
export const unpostedReceipts = Effect.fnUntraced(function* (tenant: string, headers: readonly ReceiptHeader[]) {
  const store = yield* BillingStore
  const owed = headers.filter(({ status, grossMinor }) => (status.kind === "issued" || status.kind === "paid") && grossMinor !== 0n)
  const posted = yield* store.postedEntryIds(
    tenant,
    owed.map(({ id }) => `${id}/issued`),
  )
  return owed.filter(({ id }) => !posted.has(`${id}/issued`))
})

/** What is issued and stands in no receivables yet, over all months: a month that is closed has none. */
export const loadUnposted = Effect.fnUntraced(function* (tenant: string) {
  const store = yield* BillingStore
  const unposted: ReceiptHeader[] = []
  for (const { month, status } of yield* store.periods(tenant)) {
    if (status.kind === "open") unposted.push(...(yield* unpostedReceipts(tenant, yield* receiptHeadersOf(tenant, month))))
  }
  return { amountMinor: unposted.reduce((sum, { grossMinor }) => sum + grossMinor, 0n), count: unposted.length }
})
