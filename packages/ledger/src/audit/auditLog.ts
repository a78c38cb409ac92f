import { canonicalJson } from "@hpc-billing/core"
import { base64, bytesOfBase64, bytesOfHex, hex } from "../bytes.ts"
import type { AuditKind, AuditRecord } from "./AuditRecord.ts"
import { codeOfKind } from "./sealRecord.ts"

/** The first line of an exported log: which chain it is, and the public key of epoch 0. */
export interface AuditLogHeader {
  readonly chain: number
  readonly origin: string
  readonly publicKey: Uint8Array
}

const format = "hpc-billing/audit-log/v1"

export const auditLogHeaderLine = (header: AuditLogHeader): string =>
  `${canonicalJson({ chain: header.chain, format, origin: header.origin, publicKey: hex(header.publicKey) })}\n`

export const auditLogLine = (record: AuditRecord): string =>
  `${canonicalJson({
    at: record.atMicroseconds.toString(),
    epoch: record.epoch,
    kind: record.kind,
    link: base64(record.link),
    payload: base64(record.payload),
    sequence: record.sequence.toString(),
    tag: base64(record.tag),
  })}\n`

export const auditLogText = (header: AuditLogHeader, records: Iterable<AuditRecord>): string => {
  const lines = [auditLogHeaderLine(header)]
  for (const record of records) lines.push(auditLogLine(record))
  return lines.join("")
}

const parse = (line: string): Record<string, unknown> | null => {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** Null when the line is no header of this format. */
export const readAuditLogHeader = (line: string): AuditLogHeader | null => {
  const value = parse(line)
  const publicKey = typeof value?.publicKey === "string" ? bytesOfHex(value.publicKey) : null
  if (value?.format !== format || publicKey?.length !== 32 || typeof value.origin !== "string") return null
  return typeof value.chain === "number" && Number.isSafeInteger(value.chain)
    ? { chain: value.chain, origin: value.origin, publicKey }
    : null
}

const integerText = /^-?\d{1,19}$/

/** Null when the line is no record. */
export const readAuditLogLine = (line: string, chain: number): AuditRecord | null => {
  const value = parse(line)
  if (value === null) return null
  const { at, epoch, kind, sequence } = value
  const bytes = (field: unknown): Uint8Array | null => (typeof field === "string" ? bytesOfBase64(field) : null)
  const [payload, link, tag] = [bytes(value.payload), bytes(value.link), bytes(value.tag)]
  if (payload === null || link === null || tag === null) return null
  if (typeof at !== "string" || typeof sequence !== "string" || !integerText.test(at) || !integerText.test(sequence)) return null
  if (typeof epoch !== "number" || !Number.isSafeInteger(epoch) || typeof kind !== "string" || !Object.hasOwn(codeOfKind, kind)) return null
  const record = { chain, sequence: BigInt(sequence), epoch, atMicroseconds: BigInt(at), kind: kind as AuditKind, payload, link, tag }
  return auditLogLine(record) === `${line}\n` ? record : null
}
