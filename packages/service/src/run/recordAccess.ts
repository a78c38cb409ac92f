import { Effect } from "effect"
import { appendEvents } from "../commit/appendEvents.ts"
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
  yield* appendEvents(tenant, [{ action, actor: actor.name, requestId: actor.requestId, subject, detail }])
})
