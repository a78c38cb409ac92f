import { type AuditRecord, fingerprintOf, tagOf } from "@hpc-billing/ledger"
import { Effect, Stream } from "effect"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { originOf, type TenantKeys } from "../keys/TenantKeys.ts"
import { BillingStore } from "../store/index.ts"
import { refuse } from "./RunError.ts"

/** Refuses keys that are not those of the tenant's audit chain, before anything is sealed with them. */
export const checkChainKeys = Effect.fn("checkChainKeys")(function* (tenant: string, keys: TenantKeys) {
  const store = yield* BillingStore
  const { chain: head } = yield* store.head(tenant)
  if (head.sequence === 0n) return
  const last = yield* Stream.runHead(store.auditRecords(tenant, head.sequence))
  const isOwn = last._tag === "Some" && head.origin === originOf(tenant) && head.epoch === keys.audit.epoch && isSealedBy(last.value, keys)
  if (!isOwn) {
    const fingerprint = fingerprintOf(nodeCryptography, keys.auditGenesisPublicKey)
    return yield* refuse(
      "wrong-keys",
      `The keys of ${tenant} (fingerprint ${fingerprint}) are not those that its audit chain is sealed with: name the right folder with --keys, or restore it from its backup.`,
    )
  }
})

/** The record of a rotation is the last one sealed by the keys before. */
const isSealedBy = (record: AuditRecord, { audit }: TenantKeys): boolean =>
  record.epoch !== audit.epoch || Buffer.compare(tagOf(nodeCryptography, audit.macKey, record.link), record.tag) === 0
