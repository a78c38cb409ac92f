import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cryptography, eventOf, grow, macKey, publicKey, type Step, seedOf, trust } from "../../test/chains.ts"
import { hex, utf8 } from "../bytes.ts"
import type { AuditKind, AuditRecord } from "./AuditRecord.ts"
import { appendRecords, checkpointRecordsMaximum, rotationStatement } from "./appendRecords.ts"
import { auditLogText, readAuditLogHeader, readAuditLogLine } from "./auditLog.ts"
import { type ChainHead, decodeChainHead, encodeChainHead } from "./ChainHead.ts"
import { rootOf } from "./CompactRange.ts"
import { encodeEvent } from "./encodeEvent.ts"
import { type Checkpoint, signNote } from "./SignedNote.ts"
import { leafOf, linkOf, tagOf } from "./sealRecord.ts"
import { type AuditProjection, makeChainVerifier, verifyChain } from "./verifyChain.ts"
import { readWitness, type Witness, witnessLineOfCheckpoint, witnessLineOfHead } from "./Witness.ts"

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

test("appending seals by itself every 1 000 records", () => {
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
    expect(report).toMatchObject({ firstBad: { fault: "witness", sequence: 6n }, sealedUpTo: 4n, unsealedTail: 1n })
    expect(verifyChain(cryptography, records.slice(0, -1), trust).ok).toBe(true)
  })

  const head = heads.at(-1) as ChainHead
  const other = new Uint8Array(32).fill(9)
  const seen: Checkpoint = { ...head, size: 6n, root: rootOf(cryptography, head.range), atMicroseconds: 1n }
  const noted = (note: Checkpoint): Witness => ({ heads: [], notes: [signNote(cryptography, note, seedOf(0))] })
  const rows: readonly (readonly [string, Witness, "right" | bigint])[] = [
    ["a head", { heads: [head], notes: [] }, "right"],
    ["a head of another chain", { heads: [{ ...head, origin: "site.example/other" }], notes: [] }, 6n],
    ["a head with another link", { heads: [{ ...head, link: other }], notes: [] }, 6n],
    ["a head beyond the end", { heads: [{ ...head, sequence: 9n }], notes: [] }, 7n],
    ["a head beyond the end, before that of the empty chain", { heads: [{ ...head, sequence: 9n }, grow([]).head], notes: [] }, 7n],
    ["the head of the empty chain", { heads: [grow([]).head], notes: [] }, "right"],
    ["a note", noted(seen), "right"],
    ["a note of another link", noted({ ...seen, link: other }), 6n],
    ["a note of another root", noted({ ...seen, root: other }), 6n],
    ["a note beyond the end", noted({ ...seen, size: 9n }), 7n],
    ["a text that is no note", { heads: [], notes: ["nonsense"] }, "right"],
    ["a right head and a wrong note", { ...noted({ ...seen, root: other }), heads: [head] }, 6n],
  ]
  test.each(rows)("of %s the verifier says where it is wrong", (_, by, outcome) => {
    const { firstBad } = verifyChain(cryptography, records, { ...trust, witness: by })
    expect(firstBad === null ? "right" : [firstBad.fault, firstBad.sequence]).toEqual(outcome === "right" ? outcome : ["witness", outcome])
  })

  test("a head alone and a note alone each seal what stands before them", () => {
    const sealedUpTo = (by: Witness): bigint => verifyChain(cryptography, records, { ...trust, witness: by }).sealedUpTo
    expect([{ heads: [], notes: [] }, { heads: [head], notes: [] }, noted(seen)].map(sealedUpTo)).toEqual([3n, 6n, 6n])
  })

  test("a line cut short by a crash is passed over, another unreadable line is named", () => {
    expect(readWitness(`${lines[0]}{"epo`)).toMatchObject({ unreadableLines: [] })
    expect(readWitness(`nonsense\n${lines[0]}`)).toMatchObject({ unreadableLines: [1] })
  })
})

/** Seals any payload as the next record, as who holds the keys could. */
const sealed = (head: ChainHead, kind: AuditKind, payload: Uint8Array, atMicroseconds = 1n): AuditRecord => {
  const unsealed = { chain: head.chain, sequence: head.sequence + 1n, epoch: head.epoch, atMicroseconds, kind, payload }
  const link = linkOf(cryptography, head.link, leafOf(cryptography, unsealed))
  return { ...unsealed, link, tag: tagOf(cryptography, macKey, link) }
}

describe("a record that is well sealed is still judged by what it says", () => {
  const { records, head } = grow([3])
  const verdict = (record: AuditRecord, projection?: AuditProjection): string => {
    const verifier = makeChainVerifier(cryptography, trust)
    for (const each of records) verifier.push(each)
    verifier.push(record, projection)
    return verifier.finish().firstBad?.fault ?? "right"
  }
  const right: Checkpoint = { ...head, size: head.sequence, root: rootOf(cryptography, head.range), atMicroseconds: 1n }
  const noting = (note: string): AuditRecord => sealed(head, "checkpoint", utf8(JSON.stringify({ note })))
  const other = new Uint8Array(32).fill(9)

  test("a checkpoint by each thing that it says", () => {
    const changes: readonly Partial<Checkpoint>[] = [
      { origin: "site.example/other" },
      { size: 4n },
      { size: 2n },
      { epoch: 1 },
      { atMicroseconds: 2n },
      { link: other },
      { root: other },
    ]
    const signed = (change: Partial<Checkpoint>): string => verdict(noting(signNote(cryptography, { ...right, ...change }, seedOf(0))))
    expect([signed({}), ...changes.map(signed)]).toEqual(["right", ...changes.map(() => "checkpoint")])
    expect(verdict(noting(signNote(cryptography, right, seedOf(1))))).toBe("checkpoint")
    for (const record of [noting("nonsense"), sealed(head, "checkpoint", utf8("{}"))]) {
      const { firstBad } = verifyChain(cryptography, [...records, record], trust)
      expect(firstBad).toMatchObject({ fault: "checkpoint", reason: "record 4 is a checkpoint without a signed note" })
    }
  })

  test("a rotation by its next key, its epoch and its signature", () => {
    const next = cryptography.ed25519PublicKey(seedOf(1))
    const signature = (of = next, epoch = 1): string =>
      hex(cryptography.ed25519Sign(seedOf(0), rotationStatement(head.origin, head.link, epoch, of)))
    const rotating = (payload: unknown): string => verdict(sealed(head, "rotate", utf8(JSON.stringify(payload))))
    expect(rotating({ epoch: "1", publicKey: hex(next), signature: signature() })).toBe("right")
    const wrong: readonly unknown[] = [
      null,
      {},
      { epoch: 1, publicKey: hex(next), signature: signature() },
      { epoch: "2", publicKey: hex(next), signature: signature(next, 2) },
      { epoch: "1", publicKey: hex(other), signature: signature() },
      { epoch: "1", publicKey: hex(next.subarray(1)), signature: signature(next.subarray(1)) },
      { epoch: "1", publicKey: "zz", signature: signature() },
      { epoch: "1", publicKey: hex(next), signature: "zz" },
      { epoch: "1", publicKey: hex(next), signature: signature(other) },
    ]
    expect(wrong.map(rotating)).toEqual(wrong.map(() => "rotation"))
    expect(verdict(sealed(head, "rotate", utf8("nonsense")))).toBe("rotation")
  })

  test("an event by its payload, and by every column beside it", () => {
    const { action, actor, requestId, subject } = eventOf(7)
    const beside = { action, actor, requestId, subject }
    const event = sealed(head, "event", encodeEvent(eventOf(7)))
    expect([verdict(event), verdict(event, beside)]).toEqual(["right", "right"])
    for (const column of ["action", "actor", "requestId", "subject"])
      expect(verdict(event, { ...beside, [column]: "x" })).toBe("projection")
    const half = sealed(head, "event", utf8('{"action":'))
    expect([verdict(half), verdict(half, beside)]).toEqual(["right", "payload"])
    expect(verdict(sealed(head, "event", utf8('{"note":""}')))).toBe("payload")
  })

  test("its place, its chain, its epoch", () => {
    const event = sealed(head, "event", encodeEvent(eventOf(7)))
    const changes: readonly Partial<AuditRecord>[] = [{ chain: 2 }, { sequence: 5n }, { sequence: 3n }, { epoch: 1 }, { tag: other }]
    const faults = changes.map((change) => verdict({ ...event, ...change }))
    expect(faults).toEqual(["wrong-chain", "sequence", "sequence", "epoch", "tag"])
  })
})

test("a thousand records may stand without a checkpoint, the next must be one", () => {
  const { records } = grow([999])
  const append = (): void => {
    const { head } = verifyChain(cryptography, records, trust)
    records.push(sealed(head, "event", encodeEvent(eventOf(1))))
  }
  append()
  expect(verifyChain(cryptography, records, trust)).toMatchObject({ ok: true, size: 1_000n })
  append()
  expect(verifyChain(cryptography, records, trust)).toMatchObject({ size: 1_000n, firstBad: { fault: "checkpoint-gap", sequence: 1_001n } })
})

test("only the first thing wrong is told, and a key that was not expected is the first of all", () => {
  const { records } = grow([3])
  const cut = records.toSpliced(1, 1)
  const { firstBad, size, ok } = verifyChain(cryptography, cut, trust)
  expect([ok, size, firstBad?.fault, firstBad?.sequence]).toEqual([false, 1n, "sequence", 2n])
  const stranger = verifyChain(cryptography, cut, { ...trust, publicKeyFingerprint: "00" })
  expect(stranger).toMatchObject({ ok: false, size: 0n, firstBad: { fault: "wrong-key", sequence: 0n } })
})

test("a report stays as it was when the verifier goes on", () => {
  const { records } = grow([3])
  const verifier = makeChainVerifier(cryptography, trust)
  for (const record of records.slice(0, 2)) verifier.push(record)
  const { head } = verifier.finish()
  const text = encodeChainHead(head)
  for (const record of records.slice(2)) verifier.push(record)
  expect(verifier.finish().size).toBe(3n)
  expect(encodeChainHead(head)).toBe(text)
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
