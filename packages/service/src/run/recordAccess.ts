import { Effect, Result } from "effect"
import { BillingStore } from "../store/index.ts"
import type { Actor } from "./Actor.ts"

/** What a host does about who gets in, as the audit chain keeps it. */
export type AccessAction = "access.sign-in" | "access.sign-out" | "access.locked"

/** Writes an access action of the host to the chain of a tenant; `subject` is whose access it is. */
export const recordAccess = Effect.fn("recordAccess")(function* (
  tenant: string,
  action: AccessAction,
  subject: string,
  actor: Actor,
  detail: Readonly<Record<string, string>> = {},
) {
  const store = yield* BillingStore
  yield* store.commit(tenant, null, () =>
    Result.succeed({ answer: null, events: [{ action, actor: actor.name, requestId: actor.requestId, subject, detail }] }),
  )
})
