import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { canonicalJson } from "@hpc-billing/core"
import { expect, test } from "vitest"
import { cryptography, eventOf, grow, macKey, origin, publicKey, seedOf, trust } from "../../test/chains.ts"
import { bytesOfHex, hex, utf8 } from "../bytes.ts"
import type { AuditRecord } from "./AuditRecord.ts"
import { appendRecords, rotationStatement } from "./appendRecords.ts"
import { type ChainHead, type ChainKeys, evolveMacKey, genesis } from "./ChainHead.ts"
import { addLeaf, rootOf } from "./CompactRange.ts"
import { decodeEvent, encodeEvent } from "./encodeEvent.ts"
import { signNote } from "./SignedNote.ts"
import { leafOf, linkOf, tagOf } from "./sealRecord.ts"
import { type ChainReport, type ChainTrust, makeChainVerifier } from "./verifyChain.ts"
import { readWitness, type Witness, witnessLineOfCheckpoint, witnessLineOfHead } from "./Witness.ts"

// 1-5 events, 6 checkpoint, 7-10 events, 11 checkpoint, 12 rotation, 13-17 events, 18 checkpoint, 19-21 events
const { records, heads } = grow([5, "checkpoint", 4, "rotate", 5, "checkpoint", 3])
const witnessOf = (of: readonly AuditRecord[], at: readonly ChainHead[]): Witness =>
  readWitness([...at.map(witnessLineOfHead), ...of.filter(({ kind }) => kind === "checkpoint").map(witnessLineOfCheckpoint)].join(""))
    .witness
const witness = witnessOf(records, heads)

/** What a thief of the current keys has. The keys of past epochs are erased: the best that can be done there is to use these. */
const stolen: ChainKeys = { epoch: 1, macKey: evolveMacKey(cryptography, macKey), signingSeed: seedOf(1) }

/** Numbers and links the records anew; tags and checkpoints too, when keys are given. */
const reseal = (changed: readonly AuditRecord[], keys: ChainKeys | null, from = 0): readonly AuditRecord[] => {
  let head = genesis(cryptography, 1, origin, publicKey)
  return changed.map((record, index) => {
    const sequence = BigInt(index + 1)
    const forges = keys !== null && index >= from
    const note = {
      ...head,
      size: head.sequence,
      root: rootOf(cryptography, head.range),
      epoch: record.epoch,
      atMicroseconds: record.atMicroseconds,
    }
    const payload =
      forges && record.kind === "checkpoint"
        ? utf8(canonicalJson({ note: signNote(cryptography, note, keys.signingSeed) }))
        : record.payload
    const unsealed = { ...record, sequence, payload }
    const leaf = leafOf(cryptography, unsealed)
    const link = linkOf(cryptography, head.link, leaf)
    head = { ...head, sequence, link, range: addLeaf(cryptography, head.range, sequence - 1n, leaf) }
    return { ...unsealed, link, tag: forges ? tagOf(cryptography, keys.macKey, link) : record.tag }
  })
}

const at = (sequence: number): AuditRecord => records[sequence - 1] as AuditRecord
const edited = (sequence: number): AuditRecord => ({ ...at(sequence), payload: encodeEvent({ ...eventOf(0), detail: { amount: "0.01" } }) })
const withEdited = (sequence: number): readonly AuditRecord[] => records.with(sequence - 1, edited(sequence))
const without = (...sequences: readonly number[]): readonly AuditRecord[] =>
  records.filter(({ sequence }) => !sequences.includes(Number(sequence)))

const forgedRotation = (): readonly AuditRecord[] => {
  const seed = seedOf(77)
  const next = cryptography.ed25519PublicKey(seed)
  const statement = rotationStatement(origin, at(11).link, 1, next)
  const payload = utf8(canonicalJson({ epoch: "1", publicKey: hex(next), signature: hex(cryptography.ed25519Sign(seed, statement)) }))
  return reseal(records.with(11, { ...at(12), payload }), { epoch: 1, macKey: stolen.macKey, signingSeed: seed }, 12)
}

const otherChain = (): readonly AuditRecord[] => {
  const seed = seedOf(88)
  const head = genesis(cryptography, 1, origin, cryptography.ed25519PublicKey(seed))
  return appendRecords(
    cryptography,
    head,
    [eventOf(1), eventOf(2)],
    { epoch: 0, macKey: new Uint8Array(32).fill(1), signingSeed: seed },
    1n,
  ).records
}

const restored = (): readonly AuditRecord[] => {
  const old = grow([5, "checkpoint", 4, "rotate", 5, "checkpoint"])
  const grown = appendRecords(
    cryptography,
    old.head,
    [eventOf(90), eventOf(91), eventOf(92), eventOf(93)],
    old.keys,
    1_793_000_900_000_000n,
  )
  return [...old.records, ...grown.records]
}

type Power = "database" | "database and current keys"
const attacks: readonly (readonly [name: string, power: Power, forged: () => readonly AuditRecord[]])[] = [
  ["edit a payload", "database", () => withEdited(3)],
  ["edit a payload and link anew", "database", () => reseal(withEdited(3), null)],
  ["edit the time of a record", "database", () => reseal(records.with(2, { ...at(3), atMicroseconds: 1n }), null)],
  ["gap: delete a record", "database", () => without(3)],
  ["splice: delete a record, number and link anew", "database", () => reseal(without(3), null)],
  ["swap two records", "database", () => records.with(2, { ...at(4), sequence: 3n }).with(3, { ...at(3), sequence: 4n })],
  ["swap two records and link anew", "database", () => reseal(records.with(2, at(4)).with(3, at(3)), null)],
  ["replay a record in its place", "database", () => records.toSpliced(4, 0, at(4))],
  ["replay a record, number and link anew", "database", () => reseal(records.toSpliced(4, 0, at(4)), null)],
  ["replace a tag by another's", "database", () => records.with(2, { ...at(3), tag: at(4).tag })],
  ["turn a checkpoint into an event", "database", () => reseal(records.with(5, { ...at(6), kind: "event" }), null)],
  [
    "relabel records of a past epoch as the current one",
    "database and current keys",
    () =>
      reseal(
        records.map((record) => ({ ...record, epoch: 1 })),
        stolen,
      ),
  ],
  ["forge a record of a past epoch", "database and current keys", () => reseal(withEdited(3), stolen, 2)],
  ["cut the end of a past epoch", "database and current keys", () => reseal(without(8, 9, 10), stolen, 7)],
  ["cut an epoch with its rotation", "database and current keys", () => reseal(without(7, 8, 9, 10, 11, 12), stolen, 6)],
  ["forge the rotation", "database", forgedRotation],
  ["rewrite the current epoch", "database and current keys", () => reseal(withEdited(14), stolen, 12)],
  ["remove a checkpoint of the current epoch", "database and current keys", () => reseal(without(18), stolen, 12)],
  ["remove all checkpoints", "database", () => reseal(without(6, 11, 18), null)],
  ["cut the tail after the last checkpoint", "database", () => without(20, 21)],
  ["cut the tail with the last checkpoint", "database", () => without(17, 18, 19, 20, 21)],
  ["cut everything from the rotation on", "database", () => records.slice(0, 11)],
  ["restore an old backup", "database", () => grow([5, "checkpoint", 4]).records],
  ["restore an old backup and go on with the honest keys", "database", restored],
  ["drop the whole log", "database", () => []],
  ["put another chain in its place", "database", otherChain],
  ["take the records of another tenant", "database", () => records.map((record) => ({ ...record, chain: 2 }))],
]

const { macKey: _, ...fingerprint } = trust
const views: readonly (readonly [string, ChainTrust])[] = [
  ["MAC key and witness", { ...trust, witness }],
  ["MAC key", trust],
  ["fingerprint and witness", { ...fingerprint, witness }],
  ["fingerprint", fingerprint],
]

const judge = (of: readonly AuditRecord[], by: ChainTrust, action?: string): ChainReport => {
  const verifier = makeChainVerifier(cryptography, by)
  for (const record of of) {
    const event = record.kind === "event" ? decodeEvent(record.payload) : null
    if (event === null) verifier.push(record)
    else verifier.push(record, action !== undefined && record.sequence === 3n ? { ...event, action } : event)
  }
  return verifier.finish()
}

const verdict = ({ firstBad }: ChainReport): string => (firstBad === null ? "not seen" : `${firstBad.fault}, record ${firstBad.sequence}`)

test("the honest chain is found right by everyone", () => {
  for (const [, by] of views) expect(judge(records, by).ok).toBe(true)
})

test("every attack is seen with MAC key and witness; the page says what is seen with less", async () => {
  const rows = [
    ...attacks.map(([name, power, forged]) => [name, power, ...views.map(([, by]) => verdict(judge(forged(), by)))]),
    ["change a column beside the record", "database", ...views.map(([, by]) => verdict(judge(records, by, "entry.deleted")))],
  ]
  expect(rows.length).toBeGreaterThanOrEqual(19)
  for (const [name, , full] of rows) expect(full, name).not.toBe("not seen")
  const cells = (row: readonly string[]): string => `| ${row.join(" | ")} |`
  const page = [
    "# What each attack on the audit log yields",
    "",
    "A test makes every attack on a real chain and writes this page from what the verifier says. *Power* is what the attacker has; the",
    "other columns are what the verifier brings: the first MAC key, the witness, or only the fingerprint of the first public key. A cell",
    "names the fault and the first bad record.",
    "",
    cells(["attack", "power", ...views.map(([name]) => name)]),
    cells(["---", "---", ...views.map(() => "---")]),
    ...rows.map(cells),
    "",
    "What the chain cannot do is said in [the audit chain](audit-chain.md).",
    "",
  ].join("\n")
  await expect(page).toMatchFileSnapshot(join(fileURLToPath(new URL("../../../../docs/", import.meta.url)), "audit-attacks.md"))
})

test("hex of any case reads, other text does not", () => {
  expect(bytesOfHex("00fF")).toEqual(Uint8Array.of(0, 255))
  expect([bytesOfHex("0"), bytesOfHex("zz")]).toEqual([null, null])
})
