import type { Payer, RatedLine } from "@hpc-billing/core"
import { Effect } from "effect"
import type { PayerBook } from "../site/PayerBook.ts"
import { BillingStore } from "../store/index.ts"
import { type Books, readBook } from "./Books.ts"

/** The payers that lines name, by id: as published now, and those that are published no more as they were published last. */
export const payersOfLines = Effect.fnUntraced(function* (tenant: string, books: Books, lines: readonly RatedLine[]) {
  const found = new Map<string, Payer>()
  const gone = new Set<string>()
  for (const { payerId } of lines) {
    const payer = books.payers.byId.get(payerId)
    if (payer === undefined) gone.add(payerId)
    else found.set(payerId, payer)
  }
  if (gone.size === 0) return found
  const store = yield* BillingStore
  for (const { version } of (yield* store.documents(tenant, "payer-book")).toReversed()) {
    const book = yield* readBook<PayerBook>(tenant, "payer-book", version)
    for (const payer of book?.payers ?? []) if (gone.delete(payer.id)) found.set(payer.id, payer)
    if (gone.size === 0) return found
  }
  throw new Error(`no published payer book of ${tenant} has the payers ${[...gone].join(", ")}, whom lines name`)
})
