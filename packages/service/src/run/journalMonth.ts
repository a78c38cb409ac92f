import type { Receipt } from "@hpc-billing/core"
import { type Entry, journalDigest, previewJournal, type ReceiptEvent } from "@hpc-billing/ledger"
import { Effect, Result, Stream } from "effect"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { policyOf } from "../site/policyOf.ts"
import { BillingStore, type Page, type ReceiptHeader } from "../store/index.ts"
import { loadBooks } from "./Books.ts"
import { checkMonth } from "./monthPeriod.ts"
import { refuse } from "./RunError.ts"
import { sayLedger } from "./sayFailure.ts"

export interface MonthJournal {
  /** Entries that posting would write now; ones posted already are left out. */
  readonly entries: readonly Entry[]
  /** Of these entries. */
  readonly journalSha256: string
}

/** Every receipt of a month without its lines, by id. */
export const receiptHeadersOf = Effect.fnUntraced(function* (tenant: string, month: string) {
  const store = yield* BillingStore
  const headers: ReceiptHeader[] = []
  let cursor: string | null = null
  do {
    const page: Page<ReceiptHeader> = yield* store.listReceipts(tenant, { month }, { cursor, limit: 500 })
    headers.push(...page.rows)
    cursor = page.next
  } while (cursor !== null)
  return headers.sort((left, right) => (left.id < right.id ? -1 : 1))
})

/** Every receipt of a month with its lines, by id. */
export const receiptsOf = Effect.fnUntraced(function* (tenant: string, month: string) {
  const store = yield* BillingStore
  const receipts: Receipt[] = []
  for (const { id } of yield* receiptHeadersOf(tenant, month)) {
    const stored = yield* store.receipt(tenant, id)
    if (stored !== null) receipts.push(stored.receipt)
  }
  return receipts
})

/** What posting the month would write, by the functions that write it; nothing is stored. */
export const previewMonthJournal = Effect.fn("previewMonthJournal")(function* (tenant: string, month: string) {
  yield* checkMonth(month)
  const store = yield* BillingStore
  const { site } = yield* loadBooks(tenant)
  const headers = yield* receiptHeadersOf(tenant, month)
  const events = headers
    .filter(({ status }) => status.kind === "issued" || status.kind === "paid")
    .flatMap((header): ReceiptEvent[] => {
      const receipt = { ...header, lines: [] }
      return [
        { kind: "accrued", receipt, month },
        { kind: "issued", receipt, month },
      ]
    })
  const preview = previewJournal(nodeCryptography, events, policyOf(site))
  if (Result.isFailure(preview)) return yield* refuse("does-not-tie", sayLedger(preview.failure))
  const posted = yield* store.postedEntryIds(
    tenant,
    preview.success.entries.map(({ id }) => id),
  )
  const entries = preview.success.entries.filter(({ id }) => !posted.has(id))
  return { entries, journalSha256: journalDigest(nodeCryptography, entries) } satisfies MonthJournal
})

/** The month's entries as posted, in the order of posting. */
export const entriesOf = Effect.fnUntraced(function* (tenant: string, month: string) {
  const store = yield* BillingStore
  const posted = yield* Stream.runCollect(store.entries(tenant, { month }))
  return Array.from(posted, ({ entry }) => entry)
})
