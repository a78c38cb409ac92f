import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cryptography, eventOf, grow, macKey, publicKey, type Step, seedOf, trust } from "../../test/chains.ts"
import type { AuditRecord } from "./AuditRecord.ts"
import { appendRecords, checkpointRecordsMaximum } from "./appendRecords.ts"
import { auditLogText, readAuditLogHeader, readAuditLogLine } from "./auditLog.ts"
import { type ChainHead, decodeChainHead, encodeChainHead } from "./ChainHead.ts"
import { verifyChain } from "./verifyChain.ts"
import { readWitness, witnessLineOfCheckpoint, witnessLineOfHead } from "./Witness.ts"

const { macKey: _, ...withoutMacKey } = trust
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constant("checkpoint" as const), fc.constant("rotate" as const)),
  { maxLength: 8 },
)

test("an honest chain verifies, with and without the MAC key, and its head is the one that appending gave", () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const { records, head } = grow(taken)
      const report = verifyChain(cryptography, records, trust)
      expect(report).toMatchObject({ ok: true, firstBad: null, size: BigInt(records.length), epoch: head.epoch })
      expect(encodeChainHead(report.head)).toBe(encodeChainHead(head))
      expect(encodeChainHead(decodeChainHead(encodeChainHead(head)))).toBe(encodeChainHead(head))
      expect(verifyChain(cryptography, records, withoutMacKey).ok).toBe(true)
      expect(report.sealedUpTo + report.unsealedTail).toBe(report.size)
    }),
    { numRuns: 60 },
  )
})

test("I14: flipping any byte of any field of any record is found, at or before that record's successor", () => {
  const { records } = grow([3, "checkpoint", 2, "rotate", 3])
  const fields = ["payload", "link", "tag"] as const
  fc.assert(
    fc.property(
      fc.nat(records.length - 1),
      fc.constantFrom(...fields),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (at, field, place, flip) => {
        const record = records[at] as AuditRecord
        const bytes = Uint8Array.from(record[field])
        bytes[place % bytes.length] = (bytes[place % bytes.length] as number) ^ flip
        const report = verifyChain(cryptography, records.with(at, { ...record, [field]: bytes }), trust)
        expect(report.firstBad?.sequence).toBe(record.sequence)
      },
    ),
  )
})

test("a chain sealed by a group of any size equals the one sealed record by record", () => {
  const keys = { epoch: 0, macKey, signingSeed: seedOf(0) }
  const whole = grow([25])
  let { head } = grow([])
  const records: AuditRecord[] = []
  for (let number = 0; number < 25; number += 1) {
    const grown = appendRecords(cryptography, head, [eventOf(number)], keys, whole.records[0]?.atMicroseconds as bigint)
    records.push(...grown.records)
    head = grown.head
  }
  expect(encodeChainHead(head)).toBe(encodeChainHead(whole.head))
  expect(records).toEqual(whole.records)
})

test("appending seals by itself every 1 000 records; a longer gap is refused", () => {
  const { records, head } = grow([2_500])
  expect(records.filter(({ kind }) => kind === "checkpoint").map(({ sequence }) => sequence)).toEqual([1_001n, 2_002n])
  const report = verifyChain(cryptography, records, trust)
  expect(report).toMatchObject({ ok: true, sealedUpTo: 2_001n, unsealedTail: 501n })
  expect(head.sequence - head.checkpointSequence).toBeLessThanOrEqual(checkpointRecordsMaximum)
})

describe("witness", () => {
  const { records, heads } = grow([3, "checkpoint", 2])
  const lines = [...heads.map(witnessLineOfHead), ...records.filter(({ kind }) => kind === "checkpoint").map(witnessLineOfCheckpoint)]
  const { witness, unreadableLines } = readWitness(lines.join(""))

  test("what the witness saw seals the tail", () => {
    expect(unreadableLines).toEqual([])
    expect(verifyChain(cryptography, records, { ...trust, witness })).toMatchObject({ ok: true, sealedUpTo: 6n, unsealedTail: 0n })
  })

  test("a cut tail is named", () => {
    const report = verifyChain(cryptography, records.slice(0, -1), { ...trust, witness })
    expect(report.firstBad).toMatchObject({ fault: "witness", sequence: 6n })
    expect(verifyChain(cryptography, records.slice(0, -1), trust).ok).toBe(true)
  })

  test("a line cut short by a crash is passed over, another unreadable line is named", () => {
    expect(readWitness(`${lines[0]}{"epo`)).toMatchObject({ unreadableLines: [] })
    expect(readWitness(`nonsense\n${lines[0]}`)).toMatchObject({ unreadableLines: [1] })
  })
})

test("an exported log reads back to the same records and no line reads in another spelling", () => {
  const { records } = grow([3, "rotate", 2])
  const [first = "", ...lines] = auditLogText({ chain: 1, origin: trust.origin, publicKey }, records).trimEnd().split("\n")
  expect(readAuditLogHeader(first)).toMatchObject({ chain: 1, origin: trust.origin })
  const read = lines.map((line) => readAuditLogLine(line, 1) as AuditRecord)
  expect(verifyChain(cryptography, read, trust)).toMatchObject({ ok: true, size: BigInt(records.length) })
  expect(readAuditLogLine(` ${lines[0]}`, 1)).toBeNull()
})

test("keys of another epoch cannot seal", () => {
  const { head, keys } = grow([1, "rotate"])
  expect(() => appendRecords(cryptography, head as ChainHead, [eventOf(1)], { ...keys, epoch: 0 }, 1n)).toThrow(/keys of epoch 0/)
})

test("a record longer than the usual ones is sealed by the same rule", () => {
  const keys = { epoch: 0, macKey, signingSeed: seedOf(0) }
  const detail = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`line ${index}`, "ก".repeat(2_000)]))
  const { head } = grow([2])
  const { records } = appendRecords(cryptography, head, [{ ...eventOf(1), detail }, eventOf(2)], keys, 1_793_000_100_000_000n)
  expect(records[0]?.payload.length).toBeGreaterThan(100_000)
  expect(verifyChain(cryptography, [...grow([2]).records, ...records], trust)).toMatchObject({ ok: true, size: 4n })
})
