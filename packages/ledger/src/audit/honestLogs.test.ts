import { expect, test } from "vitest"
import { cryptography, eventOf, macKey, origin, publicKey, seedOf, trust } from "../../test/chains.ts"
import { seeded } from "../../test/year.ts"
import type { AuditRecord } from "./AuditRecord.ts"
import { appendRecords, checkpoint, isCheckpointDue, rotate } from "./appendRecords.ts"
import { type ChainHead, type ChainKeys, decodeChainHead, encodeChainHead, genesis } from "./ChainHead.ts"
import { verifyChain } from "./verifyChain.ts"
import { readWitness, witnessLineOfCheckpoint, witnessLineOfHead } from "./Witness.ts"

test("no false alarm on 1 000 honest logs of three writers, with rotations, restarts and lost races", () => {
  const random = seeded(20_261_122)
  for (let log = 0; log < 1_000; log += 1) {
    let head = genesis(cryptography, 1, origin, publicKey)
    let keys: ChainKeys = { epoch: 0, macKey, signingSeed: seedOf(0) }
    let now = 1_793_000_000_000_000n
    const stored: AuditRecord[] = []
    const lines: string[] = []
    const writers = [head, head, head]
    for (let step = random(12); step > 0; step -= 1) {
      now += BigInt(random(90_000_000))
      const writer = random(3)
      const from = writers[writer] as ChainHead
      const loses = from.sequence !== head.sequence
      if (loses) {
        writers[writer] = decodeChainHead(encodeChainHead(head))
        continue
      }
      const rotates = random(9) === 0
      const grown = rotates
        ? rotate(cryptography, from, keys, seedOf(from.epoch + 1), now)
        : isCheckpointDue(from, now)
          ? checkpoint(cryptography, from, keys, now)
          : appendRecords(
              cryptography,
              from,
              Array.from({ length: 1 + random(4) }, (_, index) => eventOf(index)),
              keys,
              now,
            )
      stored.push(...grown.records)
      head = grown.head
      writers[writer] = head
      if ("keys" in grown) keys = grown.keys as ChainKeys
      if (random(4) > 0) lines.splice(random(lines.length + 1), 0, witnessLineOfHead(head))
      for (const record of grown.records) if (record.kind === "checkpoint") lines.push(witnessLineOfCheckpoint(record))
    }
    const report = verifyChain(cryptography, stored, { ...trust, witness: readWitness(lines.join("")).witness })
    expect(report.firstBad).toBeNull()
  }
})
