import { Effect, Stream } from "effect"
import { readTenantKeys } from "../keys/keyFolder.ts"
import { commitNextAuditKeys, dropNextAuditKeys, readNextAuditKeys } from "../keys/nextAuditKeys.ts"
import type { TenantKeys } from "../keys/TenantKeys.ts"
import { BillingStore } from "../store/index.ts"
import { checkChainKeys } from "./checkChainKeys.ts"

/**
 * The keys to work with after a start. A rotation that was cut short is finished when the chain holds it, with these very keys,
 * and dropped when it does not; keys that are not those of the chain are refused.
 */
export const settleAuditKeys = Effect.fn("settleAuditKeys")(function* (tenant: string, keysFolder: string, keys: TenantKeys) {
  const next = yield* readNextAuditKeys(keysFolder, tenant)
  if (next === null) {
    yield* checkChainKeys(tenant, keys)
    return keys
  }
  const rotation = yield* lastRotation(tenant)
  const isRotated = rotation?.epoch === next.epoch && rotation.publicKey === next.publicKey
  yield* isRotated ? commitNextAuditKeys(keysFolder, tenant) : dropNextAuditKeys(keysFolder, tenant)
  const standing = isRotated ? yield* readTenantKeys(keysFolder, tenant) : keys
  yield* checkChainKeys(tenant, standing)
  return standing
})

const lastRotation = Effect.fnUntraced(function* (tenant: string) {
  const store = yield* BillingStore
  const last = yield* Stream.runLast(store.auditRecords(tenant, 1n).pipe(Stream.filter(({ kind }) => kind === "rotate")))
  if (last._tag === "None") return null
  const { epoch, publicKey } = JSON.parse(new TextDecoder().decode(last.value.payload))
  return { epoch: Number(epoch), publicKey: String(publicKey) }
})
