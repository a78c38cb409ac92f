import type { ChainKeys } from "@hpc-billing/ledger"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { type AuditChain, auditChain } from "../store/AuditChain.ts"

/** Known to everybody, and so for tests only. */
export const testingChainKeys: ChainKeys = {
  epoch: 0,
  macKey: new Uint8Array(32).fill(1),
  signingSeed: new Uint8Array(32).fill(2),
}

export const testingChain: AuditChain = auditChain(nodeCryptography, (tenant) => ({ origin: `testing/${tenant}`, keys: testingChainKeys }))
