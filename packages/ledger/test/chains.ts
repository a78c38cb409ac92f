import { nodeCryptography } from "../../service/src/crypto/nodeCryptography.ts"
import {
  type AuditEvent,
  type AuditRecord,
  appendRecords,
  type ChainHead,
  type ChainKeys,
  type ChainTrust,
  checkpoint,
  fingerprintOf,
  genesis,
  rotate,
} from "../src/index.ts"

export const cryptography = nodeCryptography
export const macKey = new Uint8Array(32).fill(7)
export const seedOf = (epoch: number): Uint8Array => new Uint8Array(32).fill(100 + epoch)
export const publicKey = cryptography.ed25519PublicKey(seedOf(0))
export const origin = "site.example/mu"

export const eventOf = (number: number): AuditEvent => ({
  action: "entry.posted",
  actor: "user:default/ada",
  requestId: `r${number}`,
  subject: `mu/2026-10/p${number}/1`,
  detail: { amount: "107.00", note: "ค่าบริการ" },
})

/** What a step of a chain's life does: that many events, a checkpoint, or a rotation. */
export type Step = number | "checkpoint" | "rotate"

export const grow = (steps: readonly Step[]): { records: AuditRecord[]; head: ChainHead; keys: ChainKeys; heads: ChainHead[] } => {
  let head = genesis(cryptography, 1, origin, publicKey)
  let keys: ChainKeys = { epoch: 0, macKey, signingSeed: seedOf(0) }
  const records: AuditRecord[] = []
  const heads: ChainHead[] = []
  let at = 1_793_000_000_000_000n
  for (const step of steps) {
    at += 1_000_000n
    const grown =
      step === "checkpoint"
        ? checkpoint(cryptography, head, keys, at)
        : step === "rotate"
          ? rotate(cryptography, head, keys, seedOf(head.epoch + 1), at)
          : appendRecords(
              cryptography,
              head,
              Array.from({ length: step }, (_, index) => eventOf(index)),
              keys,
              at,
            )
    records.push(...grown.records)
    head = grown.head
    heads.push(head)
    if ("keys" in grown) keys = grown.keys as ChainKeys
  }
  return { records, head, keys, heads }
}

export const trust: ChainTrust = { chain: 1, origin, publicKey, publicKeyFingerprint: fingerprintOf(cryptography, publicKey), macKey }
