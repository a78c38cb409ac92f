import { auditLogText } from "@hpc-billing/ledger"
import { Effect, Stream } from "effect"
import { originOf, type TenantKeys } from "../keys/TenantKeys.ts"
import { BillingStore } from "../store/index.ts"

/** The audit log up to a sequence (all of it when null) as text that verifies offline. */
export const exportAuditLog = Effect.fn("exportAuditLog")(function* (
  tenant: string,
  keys: TenantKeys,
  throughSequence: bigint | null = null,
) {
  const store = yield* BillingStore
  const wanted = store
    .auditRecords(tenant, 1n)
    .pipe(Stream.takeWhile(({ sequence }) => throughSequence === null || sequence <= throughSequence))
  return auditLogText({ chain: 1, origin: originOf(tenant), publicKey: keys.auditGenesisPublicKey }, yield* Stream.runCollect(wanted))
})
