import { bytesOfHex, equalBytes, textOfUtf8 } from "../bytes.ts"
import type { Cryptography } from "../Cryptography.ts"
import type { AuditEvent, AuditRecord } from "./AuditRecord.ts"
import { checkpointRecordsMaximum, rotationStatement } from "./appendRecords.ts"
import { type ChainHead, evolveMacKey, genesis } from "./ChainHead.ts"
import { pushLeaf, rootOf } from "./CompactRange.ts"
import { decodeEvent, looksLikeEvent } from "./encodeEvent.ts"
import { fingerprintOf } from "./fingerprintOf.ts"
import { type Checkpoint, isSignedBy, readNote } from "./SignedNote.ts"
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

type Bad = NonNullable<ChainReport["firstBad"]>

const bad = (sequence: bigint, fault: ChainFault, reason: string): Bad => ({ sequence, fault, reason })

export const makeChainVerifier = (cryptography: Cryptography, trust: ChainTrust): ChainVerifier => {
  // changed in place: a new one for each of millions of records costs as much as a hash
  const range: Uint8Array[] = []
  const head: { -readonly [Field in keyof ChainHead]: ChainHead[Field] } = {
    ...genesis(cryptography, trust.chain, trust.origin, trust.publicKey),
    range,
  }
  let { publicKey, macKey } = trust
  let sealedUpTo = 0n
  let firstBad =
    fingerprintOf(cryptography, publicKey) === trust.publicKeyFingerprint
      ? null
      : bad(0n, "wrong-key", "the public key of epoch 0 does not have the fingerprint that was given: this is not the chain you expect")
  const witnessedHeads = new Map((trust.witness?.heads ?? []).map((witnessed) => [witnessed.sequence, witnessed]))
  const witnessedNotes = new Map<bigint, Checkpoint>()
  for (const note of trust.witness?.notes ?? []) {
    const checkpoint = readNote(note)
    if (checkpoint !== null) witnessedNotes.set(checkpoint.size, checkpoint)
  }

  const judgeSeal = (record: AuditRecord, leaf: Uint8Array): Bad | null => {
    const { sequence } = record
    const expected = head.sequence + 1n
    if (record.chain !== head.chain)
      return bad(sequence, "wrong-chain", `record ${sequence} belongs to chain ${record.chain}, not ${head.chain}`)
    if (sequence > expected) return bad(expected, "sequence", `record ${expected} is missing`)
    if (sequence < expected) return bad(expected, "sequence", `record ${sequence} stands again after record ${head.sequence}`)
    if (record.epoch !== head.epoch) {
      return bad(sequence, "epoch", `record ${sequence} says epoch ${record.epoch}, the signed rotations say ${head.epoch}`)
    }
    const link = linkOf(cryptography, head.link, leaf)
    if (!equalBytes(link, record.link)) {
      return bad(sequence, "link", `record ${sequence} does not link to the one before it: it, or its place, was changed`)
    }
    if (macKey !== undefined && !equalBytes(tagOf(cryptography, macKey, link), record.tag)) {
      return bad(sequence, "tag", `the tag of record ${sequence} was not made with the key of epoch ${head.epoch}`)
    }
    return null
  }

  const judgeEvent = ({ sequence, payload }: AuditRecord, projection: AuditProjection | undefined): Bad | null => {
    if (sequence - head.checkpointSequence > checkpointRecordsMaximum) {
      return bad(
        sequence,
        "checkpoint-gap",
        `more than ${checkpointRecordsMaximum} records stand before record ${sequence} without a checkpoint`,
      )
    }
    const event = projection === undefined ? null : decodeEvent(payload)
    if (projection === undefined ? !looksLikeEvent(payload) : event === null)
      return bad(sequence, "payload", `record ${sequence} holds no readable event`)
    const changed = projectedFields.find((field) => event !== null && projection?.[field] !== event[field])
    if (changed === undefined) return null
    return bad(sequence, "projection", `the column ${changed} beside record ${sequence} does not say what the record says`)
  }

  const judgeCheckpoint = (record: AuditRecord): Bad | null => {
    const { sequence } = record
    const note = noteOf(record) ?? ""
    const checkpoint = readNote(note)
    if (checkpoint === null) return bad(sequence, "checkpoint", `record ${sequence} is a checkpoint without a signed note`)
    if (!isSignedBy(cryptography, note, publicKey)) {
      return bad(sequence, "checkpoint", `the checkpoint in record ${sequence} is not signed by the key of epoch ${head.epoch}`)
    }
    const agrees =
      checkpoint.origin === head.origin &&
      checkpoint.size === head.sequence &&
      checkpoint.epoch === head.epoch &&
      checkpoint.atMicroseconds === record.atMicroseconds &&
      equalBytes(checkpoint.link, head.link) &&
      equalBytes(checkpoint.root, rootOf(cryptography, head.range))
    if (!agrees) return bad(sequence, "checkpoint", `the checkpoint in record ${sequence} does not agree with the records before it`)
    sealedUpTo = head.sequence
    return null
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

  const judgeWitness = (): Bad | null => {
    if (witnessedHeads.size + witnessedNotes.size === 0) return null
    const { sequence } = head
    const seen = witnessedHeads.get(sequence)
    const note = witnessedNotes.get(sequence)
    if (seen === undefined && note === undefined) return null
    witnessedHeads.delete(sequence)
    witnessedNotes.delete(sequence)
    if (seen !== undefined && (seen.origin !== head.origin || !equalBytes(seen.link, head.link))) {
      return bad(sequence, "witness", `record ${sequence} is not the one that the witness saw: history was rewritten`)
    }
    if (note !== undefined && !(equalBytes(note.link, head.link) && equalBytes(note.root, rootOf(cryptography, head.range)))) {
      return bad(sequence, "witness", `the first ${sequence} records are not those of the witnessed checkpoint: history was rewritten`)
    }
    sealedUpTo = sequence
    return null
  }

  const take = (record: AuditRecord, projection: AuditProjection | undefined): Bad | null => {
    const leaf = leafOf(cryptography, record)
    const seal = judgeSeal(record, leaf)
    if (seal !== null) return seal
    const content = record.kind === "event" ? judgeEvent(record, projection) : record.kind === "checkpoint" ? judgeCheckpoint(record) : null
    if (content !== null) return content
    let { epoch } = head
    if (record.kind === "rotate") {
      const next = nextPublicKey(record)
      if (next === null) {
        return bad(record.sequence, "rotation", `the rotation in record ${record.sequence} is not signed by the key of epoch ${epoch}`)
      }
      epoch += 1
      publicKey = next
      macKey = macKey === undefined ? undefined : evolveMacKey(cryptography, macKey)
      sealedUpTo = record.sequence
    }
    pushLeaf(cryptography, range, head.sequence, leaf)
    head.sequence = record.sequence
    head.epoch = epoch
    head.link = record.link
    if (record.kind !== "event") {
      head.checkpointSequence = record.sequence
      head.checkpointAtMicroseconds = record.atMicroseconds
    }
    return judgeWitness()
  }

  const finish = (): ChainReport => {
    let last = 0n
    for (const sequence of [...witnessedHeads.keys(), ...witnessedNotes.keys()]) if (sequence > last) last = sequence
    if (last > head.sequence) {
      const reason = `the witness saw ${last} records, ${head.sequence} are left: the end of the log was cut off or an old copy restored`
      firstBad ??= bad(head.sequence + 1n, "witness", reason)
    }
    return {
      ok: firstBad === null,
      size: head.sequence,
      epoch: head.epoch,
      head: { ...head, range: range.slice() },
      sealedUpTo,
      unsealedTail: head.sequence - sealedUpTo,
      firstBad,
    }
  }
  return {
    push: (record, projection) => {
      firstBad ??= take(record, projection)
    },
    finish,
  }
}

export const verifyChain = (cryptography: Cryptography, records: Iterable<AuditRecord>, trust: ChainTrust): ChainReport => {
  const verifier = makeChainVerifier(cryptography, trust)
  for (const record of records) verifier.push(record)
  return verifier.finish()
}
