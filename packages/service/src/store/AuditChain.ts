import {
  type Appended,
  type AuditEvent,
  appendRecords,
  type ChainHead,
  type ChainKeys,
  type Cryptography,
  checkpoint,
  genesis,
  isCheckpointDue,
} from "@hpc-billing/ledger"

/**
 * The audit chain with its keys, as the store uses it: the next rows as a pure function of the head. The keys stay in here
 * and never reach the database.
 */
export interface AuditChain {
  readonly genesis: (tenant: string) => ChainHead
  readonly append: (tenant: string, head: ChainHead, events: readonly AuditEvent[], atMicroseconds: bigint) => Appended
  readonly checkpoint: (tenant: string, head: ChainHead, atMicroseconds: bigint) => Appended
}

export interface ChainSecrets {
  readonly origin: string
  readonly keys: ChainKeys
}

/** The ledger's chain with the secrets of each tenant; `secretsOf` throws for a tenant that has none. */
export const auditChain = (cryptography: Cryptography, secretsOf: (tenant: string) => ChainSecrets): AuditChain => {
  const seal = (tenant: string, head: ChainHead, at: bigint): Appended => checkpoint(cryptography, head, secretsOf(tenant).keys, at)
  return {
    genesis: (tenant) => {
      const { origin, keys } = secretsOf(tenant)
      return genesis(cryptography, 1, origin, cryptography.ed25519PublicKey(keys.signingSeed))
    },
    append: (tenant, head, events, at) => {
      const appended = appendRecords(cryptography, head, events, secretsOf(tenant).keys, at)
      if (!isCheckpointDue(appended.head, at)) return appended
      const sealed = seal(tenant, appended.head, at)
      return { records: [...appended.records, ...sealed.records], head: sealed.head }
    },
    checkpoint: seal,
  }
}
