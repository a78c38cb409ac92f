/**
 * One row of the tamper-evident audit chain, with its payload as bytes written once. The chain is a pure function of the
 * previous link: `link = SHA256(0x02 | previous link | leaf)`, `tag = HMAC-SHA256(key of the epoch, 0x03 | link)`.
 */
export interface AuditRecord {
  readonly chain: number
  /** From 1, dense. */
  readonly sequence: bigint
  readonly epoch: number
  /** Microseconds since 1970-01-01T00:00:00Z. */
  readonly atMicroseconds: bigint
  readonly kind: AuditKind
  /** Canonical JSON (RFC 8785) in UTF-8. */
  readonly payload: Uint8Array
  readonly link: Uint8Array
  readonly tag: Uint8Array
}

export type AuditKind = "event" | "checkpoint" | "rotate"

/** What stands in the payload of an event. */
export interface AuditEvent {
  readonly action: string
  /** The same on every event of one act, greater on those of later acts; decimal digits. Absent on records of releases before it. */
  readonly actionId?: string
  readonly actor: string
  readonly requestId: string
  /** What it was done to: receipt id, month, card. */
  readonly subject: string
  readonly detail: Readonly<Record<string, string>>
}
