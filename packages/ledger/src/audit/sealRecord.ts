import type { Cryptography } from "../Cryptography.ts"
import type { AuditKind, AuditRecord } from "./AuditRecord.ts"

const headerBytes = 34
const magic = 0x42484131 // "BHA1"
const leafPrefix = 0x00
const linkPrefix = 0x02
const tagPrefix = 0x03

// one of each for all records: hashing is synchronous and keeps none of it
const leafBytes = new Uint8Array(8_192)
const leafView = new DataView(leafBytes.buffer)
const linkBytes = new Uint8Array(65)
const tagBytes = new Uint8Array(33)

/** As written in the header; the numbers never change. */
export const codeOfKind: Readonly<Record<AuditKind, number>> = { event: 1, checkpoint: 2, rotate: 3 }

export type UnsealedRecord = Omit<AuditRecord, "link" | "tag">

/** `SHA256(0x00 | "BHA1" | u32 chain | u64 sequence | u32 epoch | i64 at | u16 kind | u32 length | payload)`, big endian. */
export const leafOf = (cryptography: Cryptography, record: UnsealedRecord): Uint8Array => {
  const length = 1 + headerBytes + record.payload.length
  const bytes = length <= leafBytes.length ? leafBytes.subarray(0, length) : new Uint8Array(length)
  const view = bytes.buffer === leafBytes.buffer ? leafView : new DataView(bytes.buffer)
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
