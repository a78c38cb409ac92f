import type { AuditEvent } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { BillingStore } from "../store/index.ts"

/** Writes audit events that nothing is decided by: they wait for no act, and many go in one group. */
export const appendEvents = Effect.fn("appendEvents")(function* (tenant: string, events: readonly AuditEvent[]) {
  const store = yield* BillingStore
  yield* store.commit(tenant, null, () => Result.succeed({ answer: null, events }))
})
