import { rotate } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { decide } from "../commit/decide.ts"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { commitNextAuditKeys, prepareNextAuditKeys } from "../keys/nextAuditKeys.ts"
import type { TenantKeys } from "../keys/TenantKeys.ts"
import type { Actor } from "./Actor.ts"

/**
 * Ends the epoch of the audit log and begins the next with new keys. The next keys are written beside the old ones first, then the
 * signed rotation is stored, then they take the old ones' place; a crash between is finished on the next start. The process that
 * rotated must end: its store still holds the old keys.
 */
export const rotateAuditKeys = Effect.fn("rotateAuditKeys")(function* (
  tenant: string,
  keysFolder: string,
  keys: TenantKeys,
  nextSigningSeed: Uint8Array,
  actor: Actor,
) {
  yield* prepareNextAuditKeys(keysFolder, tenant, keys, nextSigningSeed)
  const epoch = yield* decide({
    tenant,
    actor,
    read: () => Effect.void,
    plan: (_, head) =>
      Result.succeed({
        answer: head.chain.epoch + 1,
        events: [],
        chainRows: (at, atMicroseconds) => {
          const { records, head: next } = rotate(nodeCryptography, at, keys.audit, nextSigningSeed, atMicroseconds)
          return { records, head: next }
        },
      }),
    view: Effect.succeed,
  })
  // again, since another process that started meanwhile may have dropped or replaced what was written
  yield* prepareNextAuditKeys(keysFolder, tenant, keys, nextSigningSeed)
  yield* commitNextAuditKeys(keysFolder, tenant)
  return epoch
})
