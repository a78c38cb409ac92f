import type { ChainKeys } from "@hpc-billing/ledger"

/**
 * The secrets of one tenant, in a folder of their own outside the database and outside the data folder: what seals the audit
 * chain, what signs exports, and the copy that an auditor keeps elsewhere. There is no default: without keys nothing starts.
 *
 *   KEYS/TENANT/audit.json     epoch, MAC key and signing seed now in use
 *   KEYS/TENANT/export.json    signing seed and HMAC key of exports
 *   KEYS/TENANT/auditor.json   for who verifies: first MAC key, fingerprints, HMAC key of exports; give it away, then delete it here
 */
export interface TenantKeys {
  readonly audit: ChainKeys
  /** Of epoch 0: stands in the header of every exported log. */
  readonly auditGenesisPublicKey: Uint8Array
  readonly export: ExportKeys
}

export interface ExportKeys {
  /** Ed25519, 32 bytes. */
  readonly signingSeed: Uint8Array
  readonly hmacKey: Uint8Array
}

/** What proves an export and a log to somebody who does not trust the machine that they come from. */
export interface AuditorKeys {
  readonly origin: string
  /** Of the first audit public key and of the export public key. */
  readonly auditFingerprint: string
  readonly exportFingerprint: string
  readonly auditPublicKey: Uint8Array
  readonly auditMacKey: Uint8Array
  readonly exportHmacKey: Uint8Array
}

/** Names the audit chain of a tenant in its signed notes. */
export const originOf = (tenant: string): string => `hpc-billing/${tenant}`
