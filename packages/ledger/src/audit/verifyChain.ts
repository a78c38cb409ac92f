import { bytesOfHex, equalBytes, textOfUtf8 } from "../bytes.ts"
import type { Cryptography } from "../Cryptography.ts"
import type { AuditEvent, AuditRecord } from "./AuditRecord.ts"
import { checkpointRecordsMaximum, rotationStatement } from "./appendRecords.ts"
import { type ChainHead, evolveMacKey, genesis } from "./ChainHead.ts"
import { addLeaf, rootOf } from "./CompactRange.ts"
import { decodeEvent } from "./encodeEvent.ts"
import { fingerprintOf } from "./fingerprintOf.ts"
import { isSignedBy, readNote } from "./SignedNote.ts"
import { leafOf, linkOf, tagOf } from "./sealRecord.ts"
import { noteOf, type Witness } from "./Witness.ts"

/**
 * What the verifier brings with it, never taken from the archive: the fingerprint of the first public key, the first MAC key
 * when it has it, the witness when there is one. `publicKey` may come with the archive: it must have the fingerprint.
 */
export interface ChainTrust {
  readonly chain: number
  readonly origin: string
  /** Public key of epoch 0. */
  readonly publicKey: Uint8Array
  readonly publicKeyFingerprint: string
  /** MAC key of epoch 0; without it tags are not checked. */
  readonly macKey?: Uint8Array
  readonly witness?: Witness
}

export type ChainFault =
  | "wrong-key"
  | "wrong-chain"
  | "sequence"
  | "epoch"
  | "link"
  | "tag"
  | "payload"
  | "projection"
  | "checkpoint"
  | "checkpoint-gap"
  | "rotation"
  | "witness"

export interface ChainReport {
  readonly ok: boolean
  /** Records read and found right. */
  readonly size: bigint
  readonly epoch: number
  readonly head: ChainHead
  /** Last sequence under a signed checkpoint or a witnessed head. */
  readonly sealedUpTo: bigint
  /** Records after it: the chain alone does not prove that none were cut off behind them. */
  readonly unsealedTail: bigint
  readonly firstBad: { readonly sequence: bigint; readonly fault: ChainFault; readonly reason: string } | null
}

/** What a store keeps beside the payload to search by; it must say the same. */
export type AuditProjection = Pick<AuditEvent, "action" | "actor" | "requestId" | "subject">

/** Takes the records one by one, in constant memory besides the witness; stops judging at the first bad one. */
export interface ChainVerifier {
  readonly push: (record: AuditRecord, projection?: AuditProjection) => void
  readonly finish: () => ChainReport
}

const projectedFields = ["action", "actor", "requestId", "subject"] as const

export const makeChainVerifier = (cryptography: Cryptography, trust: ChainTrust): ChainVerifier => {
  let head = genesis(cryptography, trust.chain, trust.origin, trust.publicKey)
  let { publicKey, macKey } = trust
  let firstBad: ChainReport["firstBad"] = null
  let sealedUpTo = 0n
  const witnessedHeads = new Map((trust.witness?.heads ?? []).map((witnessed) => [witnessed.sequence, witnessed]))
  const witnessedNotes = new Map<bigint, string>()
  for (const note of trust.witness?.notes ?? []) witnessedNotes.set(readNote(note)?.size ?? 0n, note)

  const bad = (sequence: bigint, fault: ChainFault, reason: string): void => {
    firstBad ??= { sequence, fault, reason }
  }
  if (fingerprintOf(cryptography, publicKey) !== trust.publicKeyFingerprint) {
    bad(0n, "wrong-key", "the public key of epoch 0 does not have the fingerprint that was given: this is not the chain you expect")
  }

  const checkNote = (record: AuditRecord): void => {
    const note = noteOf(record)
    const checkpoint = note === null ? null : readNote(note)
    if (note === null || checkpoint === null) {
      return bad(record.sequence, "checkpoint", `record ${record.sequence} is a checkpoint without a signed note`)
    }
    if (!isSignedBy(cryptography, note, publicKey)) {
      return bad(
        record.sequence,
        "checkpoint",
        `the checkpoint in record ${record.sequence} is not signed by the key of epoch ${head.epoch}`,
      )
    }
    const agrees =
      checkpoint.origin === head.origin &&
      checkpoint.size === head.sequence &&
      checkpoint.epoch === head.epoch &&
      equalBytes(checkpoint.link, head.link) &&
      equalBytes(checkpoint.root, rootOf(cryptography, head.range))
    if (!agrees) bad(record.sequence, "checkpoint", `the checkpoint in record ${record.sequence} does not agree with the records before it`)
    else sealedUpTo = head.sequence
  }

  const nextPublicKey = (record: AuditRecord): Uint8Array | null => {
    try {
      const rotation = JSON.parse(textOfUtf8(record.payload) ?? "")
      const next = bytesOfHex(rotation.publicKey)
      const signature = bytesOfHex(rotation.signature)
      if (next?.length !== 32 || signature === null || rotation.epoch !== String(head.epoch + 1)) return null
      const statement = rotationStatement(head.origin, head.link, head.epoch + 1, next)
      return cryptography.ed25519Verify(publicKey, statement, signature) ? next : null
    } catch {
      return null
    }
  }

  const checkWitness = (): void => {
    const witnessed = witnessedHeads.get(head.sequence)
    if (witnessed !== undefined) {
      witnessedHeads.delete(head.sequence)
      if (witnessed.origin !== head.origin || !equalBytes(witnessed.link, head.link)) {
        bad(head.sequence, "witness", `record ${head.sequence} is not the one that the witness saw: history was rewritten`)
      } else sealedUpTo = head.sequence
    }
    const note = witnessedNotes.get(head.sequence)
    if (note === undefined) return
    witnessedNotes.delete(head.sequence)
    const checkpoint = readNote(note)
    const same =
      checkpoint !== null && equalBytes(checkpoint.link, head.link) && equalBytes(checkpoint.root, rootOf(cryptography, head.range))
    if (!same)
      bad(head.sequence, "witness", `the first ${head.sequence} records are not those of the witnessed checkpoint: history was rewritten`)
    else sealedUpTo = head.sequence
  }

  const push = (record: AuditRecord, projection?: AuditProjection): void => {
    if (firstBad !== null) return
    const { sequence } = record
    const expected = head.sequence + 1n
    if (record.chain !== head.chain)
      return bad(sequence, "wrong-chain", `record ${sequence} belongs to chain ${record.chain}, not ${head.chain}`)
    if (sequence !== expected) {
      const what = sequence > expected ? "is missing" : `is followed by a second record ${sequence}`
      return bad(expected, "sequence", `record ${sequence > expected ? expected : head.sequence} ${what}`)
    }
    if (record.epoch !== head.epoch) {
      return bad(sequence, "epoch", `record ${sequence} says epoch ${record.epoch}, the signed rotations say ${head.epoch}`)
    }
    const leaf = leafOf(cryptography, record)
    const link = linkOf(cryptography, head.link, leaf)
    if (!equalBytes(link, record.link)) {
      return bad(sequence, "link", `record ${sequence} does not link to the one before it: it, or its place, was changed`)
    }
    if (macKey !== undefined && !equalBytes(tagOf(cryptography, macKey, link), record.tag)) {
      return bad(sequence, "tag", `the tag of record ${sequence} was not made with the key of epoch ${head.epoch}`)
    }
    if (record.kind !== "event" && record.kind !== "checkpoint" && record.kind !== "rotate") {
      return bad(sequence, "payload", `record ${sequence} is of an unknown kind`)
    }
    if (record.kind === "event" && sequence - head.checkpointSequence > checkpointRecordsMaximum) {
      return bad(
        sequence,
        "checkpoint-gap",
        `more than ${checkpointRecordsMaximum} records stand before record ${sequence} without a checkpoint`,
      )
    }
    if (record.kind === "event") {
      const event = decodeEvent(record.payload)
      if (event === null) return bad(sequence, "payload", `record ${sequence} holds no readable event`)
      const changed = projection === undefined ? undefined : projectedFields.find((field) => projection[field] !== event[field])
      if (changed !== undefined)
        return bad(sequence, "projection", `the column ${changed} beside record ${sequence} does not say what the record says`)
    }
    let epoch = head.epoch
    if (record.kind === "checkpoint") checkNote(record)
    if (record.kind === "rotate") {
      const next = nextPublicKey(record)
      if (next === null)
        return bad(sequence, "rotation", `the rotation in record ${sequence} is not signed by the key of epoch ${head.epoch}`)
      epoch += 1
      publicKey = next
      macKey = macKey === undefined ? undefined : evolveMacKey(cryptography, macKey)
      sealedUpTo = sequence
    }
    if (firstBad !== null) return
    const sealing = record.kind !== "event"
    head = {
      ...head,
      sequence,
      epoch,
      link,
      range: addLeaf(cryptography, head.range, head.sequence, leaf),
      checkpointSequence: sealing ? sequence : head.checkpointSequence,
      checkpointAtMicroseconds: sealing ? record.atMicroseconds : head.checkpointAtMicroseconds,
    }
    checkWitness()
  }

  const finish = (): ChainReport => {
    const unseen = [...witnessedHeads.keys(), ...witnessedNotes.keys()].filter((sequence) => sequence > head.sequence)
    if (unseen.length > 0) {
      const last = unseen.reduce((a, b) => (a > b ? a : b))
      bad(
        head.sequence + 1n,
        "witness",
        `the witness saw ${last} records, ${head.sequence} are left: the end of the log was cut off or an old copy restored`,
      )
    }
    return {
      ok: firstBad === null,
      size: head.sequence,
      epoch: head.epoch,
      head,
      sealedUpTo,
      unsealedTail: head.sequence - sealedUpTo,
      firstBad,
    }
  }
  return { push, finish }
}

export const verifyChain = (cryptography: Cryptography, records: Iterable<AuditRecord>, trust: ChainTrust): ChainReport => {
  const verifier = makeChainVerifier(cryptography, trust)
  for (const record of records) verifier.push(record)
  return verifier.finish()
}
