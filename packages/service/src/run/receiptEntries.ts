import type { Receipt } from "@hpc-billing/core"
import type { Entry } from "@hpc-billing/ledger"
import { Effect, Stream } from "effect"
import { say } from "../api/sentences.ts"
import { BillingStore } from "../store/index.ts"
import { refuse } from "./RunError.ts"

/** The receipt with its lines, refused when there is none. */
export const storedReceipt = Effect.fnUntraced(function* (tenant: string, receiptId: string) {
  const store = yield* BillingStore
  const stored = yield* store.receipt(tenant, receiptId)
  return stored === null ? yield* refuse("not-found", say("receipt-not-stored", { receipt: receiptId })) : stored.receipt
})

/** What the journal books of the receipt so far. */
export const entriesOfReceipt = Effect.fnUntraced(function* (tenant: string, receiptId: string) {
  const store = yield* BillingStore
  const posted = yield* Stream.runCollect(store.entries(tenant, { receiptId }))
  return Array.from(posted, ({ entry }) => entry)
})

/** As `entriesOfReceipt`; refused while the issue of the receipt is not posted, since nothing is owed in the books yet. */
export const postedOf = Effect.fnUntraced(function* (tenant: string, receipt: Receipt) {
  const posted: readonly Entry[] = yield* entriesOfReceipt(tenant, receipt.id)
  if (receipt.status.kind === "issued" && receipt.grossMinor !== 0n && !posted.some(({ source }) => source.kind === "issue")) {
    return yield* refuse("not-ready", say("receipt-not-posted", { number: receipt.status.number, month: receipt.month }))
  }
  return posted
})
