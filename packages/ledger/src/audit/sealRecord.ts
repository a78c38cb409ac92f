import type { Cryptography } from "../Cryptography.ts"
import type { AuditKind, AuditRecord } from "./AuditRecord.ts"

const headerBytes = 34
const magic = 0x42484131 // "BHA1"
const leafPrefix = 0x00
const linkPrefix = 0x02
const tagPrefix = 0x03

// one of each for all records, a leaf's by its length: hashing is synchronous and keeps none of it
const leafRooms: LeafRoom[] = []
const keptLeafBytesMaximum = 1_024
const linkBytes = new Uint8Array(65)
const tagBytes = new Uint8Array(33)

/** As written in the header; the numbers never change. */
export const codeOfKind: Readonly<Record<AuditKind, number>> = { event: 1, checkpoint: 2, rotate: 3 }

export type UnsealedRecord = Omit<AuditRecord, "link" | "tag">

interface LeafRoom {
  readonly bytes: Uint8Array
  readonly view: DataView
}

const roomOf = (length: number): LeafRoom => {
  const kept = leafRooms[length]
  if (kept !== undefined) return kept
  const bytes = new Uint8Array(length)
  const room = { bytes, view: new DataView(bytes.buffer) }
  if (length <= keptLeafBytesMaximum) leafRooms[length] = room
  return room
}

/** `SHA256(0x00 | "BHA1" | u32 chain | u64 sequence | u32 epoch | i64 at | u16 kind | u32 length | payload)`, big endian. */
export const leafOf = (cryptography: Cryptography, record: UnsealedRecord): Uint8Array => {
  const length = 1 + headerBytes + record.payload.length
  const { bytes, view } = roomOf(length)
  view.setUint8(0, leafPrefix)
  view.setUint32(1, magic)
  view.setUint32(5, record.chain)
  view.setBigUint64(9, record.sequence)
  view.setUint32(17, record.epoch)
  view.setBigInt64(21, record.atMicroseconds)
  view.setUint16(29, codeOfKind[record.kind])
  view.setUint32(31, record.payload.length)
  bytes.set(record.payload, 1 + headerBytes)
  return cryptography.sha256(bytes)
}

export const linkOf = (cryptography: Cryptography, previousLink: Uint8Array, leaf: Uint8Array): Uint8Array => {
  linkBytes[0] = linkPrefix
  linkBytes.set(previousLink, 1)
  linkBytes.set(leaf, 33)
  return cryptography.sha256(linkBytes)
}

export const tagOf = (cryptography: Cryptography, macKey: Uint8Array, link: Uint8Array): Uint8Array => {
  tagBytes[0] = tagPrefix
  tagBytes.set(link, 1)
  return cryptography.hmacSha256(macKey, tagBytes)
}
