import { localDate } from "@hpc-billing/core"
import { Clock, Effect } from "effect"
import type { DataUntil } from "../api/values.ts"
import { BillingStore } from "../store/index.ts"
import { FiguresCache } from "./figures/FiguresCache.ts"
import { instantText, localText } from "./views/instant.ts"

const lateSeconds = 86_400

export const nowSeconds = Effect.map(Clock.currentTimeMillis, (milliseconds) => Math.floor(milliseconds / 1_000))

/** The local date. */
export const todayIn = (zone: string) => Effect.map(nowSeconds, (seconds) => localDate(seconds, zone))

/** Until when the figures of a tenant know the world: the end of its latest ingest. */
const dataUntilOf = Effect.fnUntraced(function* (tenant: string, zone: string) {
  const store = yield* BillingStore
  const { rows } = yield* store.listIngestRuns(tenant, { cursor: null, limit: 1 })
  const finished = rows[0]?.finishedAtSeconds ?? null
  const now = yield* nowSeconds
  return {
    instant: finished === null ? null : instantText(finished),
    local: finished === null ? null : localText(finished, zone),
    zone,
    late: finished === null || now - finished > lateSeconds,
  } satisfies DataUntil
})

/** The books in force and until when the tenant's data go. */
export const standingOf = Effect.fnUntraced(function* (tenant: string) {
  const cache = yield* FiguresCache
  const books = yield* cache.books(tenant)
  const { zone } = books.site
  return { books, zone, currency: books.rates.currency, dataUntil: yield* dataUntilOf(tenant, zone) }
})
