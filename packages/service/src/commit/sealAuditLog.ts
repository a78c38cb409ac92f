import { checkpoint } from "@hpc-billing/ledger"
import { Effect } from "effect"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import type { TenantKeys } from "../keys/TenantKeys.ts"
import { BillingStore } from "../store/index.ts"

/** A signed checkpoint over all records so far; none when the log ends with one already. */
export const sealAuditLog = Effect.fn("sealAuditLog")(function* (tenant: string, keys: TenantKeys) {
  const store = yield* BillingStore
  return yield* store.appendToChain(tenant, (head, atMicroseconds) =>
    head.sequence === head.checkpointSequence ? { records: [], head } : checkpoint(nodeCryptography, head, keys.audit, atMicroseconds),
  )
})
