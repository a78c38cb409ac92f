import { canonicalJson } from "@hpc-billing/core"
import { hex, utf8 } from "../bytes.ts"
import type { Cryptography } from "../Cryptography.ts"
import type { AuditEvent, AuditKind, AuditRecord } from "./AuditRecord.ts"
import { type ChainHead, type ChainKeys, evolveMacKey } from "./ChainHead.ts"
import { addLeaf, rootOf } from "./CompactRange.ts"
import { encodeEvent } from "./encodeEvent.ts"
import { signNote } from "./SignedNote.ts"
import { leafOf, linkOf, tagOf } from "./sealRecord.ts"

export interface Appended {
  readonly records: readonly AuditRecord[]
  readonly head: ChainHead
}

/** A chain carries a checkpoint after at most this many records; the verifier refuses a longer gap. */
export const checkpointRecordsMaximum = 1_000n
/** While records stand after the last checkpoint, one is due after this time. */
export const checkpointMicrosecondsMaximum = 60_000_000n

/** Whether time asks for a checkpoint; the number of records is minded by `appendRecords` itself. */
export const isCheckpointDue = (head: ChainHead, nowMicroseconds: bigint): boolean =>
  head.sequence > head.checkpointSequence && nowMicroseconds - head.checkpointAtMicroseconds >= checkpointMicrosecondsMaximum

const appendRecord = (
  cryptography: Cryptography,
  head: ChainHead,
  keys: ChainKeys,
  kind: AuditKind,
  payload: Uint8Array,
  atMicroseconds: bigint,
): { readonly record: AuditRecord; readonly head: ChainHead } => {
  if (keys.epoch !== head.epoch) throw new Error(`keys of epoch ${keys.epoch} cannot seal records of epoch ${head.epoch}`)
  const sequence = head.sequence + 1n
  const unsealed = { chain: head.chain, sequence, epoch: head.epoch, atMicroseconds, kind, payload }
  const leaf = leafOf(cryptography, unsealed)
  const link = linkOf(cryptography, head.link, leaf)
  return {
    record: { ...unsealed, link, tag: tagOf(cryptography, keys.macKey, link) },
    head: { ...head, sequence, link, range: addLeaf(cryptography, head.range, head.sequence, leaf) },
  }
}

/** A checkpoint record over all that stands before it. */
export const checkpoint = (cryptography: Cryptography, head: ChainHead, keys: ChainKeys, atMicroseconds: bigint): Appended => {
  const { chain: _, sequence: size, range, checkpointSequence: __, checkpointAtMicroseconds: ___, ...rest } = head
  const note = signNote(cryptography, { ...rest, size, root: rootOf(cryptography, range), atMicroseconds }, keys.signingSeed)
  const appended = appendRecord(cryptography, head, keys, "checkpoint", utf8(canonicalJson({ note })), atMicroseconds)
  return {
    records: [appended.record],
    head: { ...appended.head, checkpointSequence: appended.record.sequence, checkpointAtMicroseconds: atMicroseconds },
  }
}

/** Appends the events in order, with a checkpoint record wherever one is due by number. */
export const appendRecords = (
  cryptography: Cryptography,
  head: ChainHead,
  events: readonly AuditEvent[],
  keys: ChainKeys,
  atMicroseconds: bigint,
): Appended => {
  const records: AuditRecord[] = []
  let at = head
  for (const event of events) {
    const appended = appendRecord(cryptography, at, keys, "event", encodeEvent(event), atMicroseconds)
    records.push(appended.record)
    at = appended.head
    if (at.sequence - at.checkpointSequence < checkpointRecordsMaximum) continue
    const sealed = checkpoint(cryptography, at, keys, atMicroseconds)
    records.push(...sealed.records)
    at = sealed.head
  }
  return { records, head: at }
}

/** What the old key of an epoch signs when it hands over: the place in the chain and the next public key. */
export const rotationStatement = (origin: string, previousLink: Uint8Array, epoch: number, publicKey: Uint8Array): Uint8Array =>
  utf8(`hpc-billing/rotate/v1\n${origin}\n${hex(previousLink)}\n${epoch}\n${hex(publicKey)}\n`)

/**
 * Ends the epoch: a checkpoint, then the rotate record that commits the next public key, signed by the old one. Keep the next
 * seed in the key file first, store the records second, put the returned keys in place of the old third: a crash between two of
 * these is mended at the next start by the epoch that the stored head says.
 */
export const rotate = (
  cryptography: Cryptography,
  head: ChainHead,
  keys: ChainKeys,
  nextSigningSeed: Uint8Array,
  atMicroseconds: bigint,
): Appended & { readonly keys: ChainKeys } => {
  const sealed = checkpoint(cryptography, head, keys, atMicroseconds)
  const epoch = head.epoch + 1
  const publicKey = cryptography.ed25519PublicKey(nextSigningSeed)
  const signature = cryptography.ed25519Sign(keys.signingSeed, rotationStatement(head.origin, sealed.head.link, epoch, publicKey))
  const payload = utf8(canonicalJson({ epoch: String(epoch), publicKey: hex(publicKey), signature: hex(signature) }))
  const appended = appendRecord(cryptography, sealed.head, keys, "rotate", payload, atMicroseconds)
  return {
    records: [...sealed.records, appended.record],
    head: { ...appended.head, epoch, checkpointSequence: appended.record.sequence, checkpointAtMicroseconds: atMicroseconds },
    keys: { epoch, macKey: evolveMacKey(cryptography, keys.macKey), signingSeed: nextSigningSeed },
  }
}
