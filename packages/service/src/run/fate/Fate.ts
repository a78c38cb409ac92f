/**
 * What became of one job, reading or period amount of a month, or of a record that could not be read. Each has exactly one fate, computed
 * from the records, readings, books and receipts that stand, never from what was done before.
 */
export interface Fate {
  readonly subject: FateSubject
  /** The usage's id; of a period amount its payer and group; of a rejected record its place. */
  readonly id: string
  readonly cluster: string
  readonly account: string
  readonly user: string
  /** As people see it; empty where it is no job. */
  readonly jobId: string
  readonly kind: FateKind
  /**
   * Of a zero why it costs nothing, of a held record why it was rejected; `running` or `pending` of what is provisional; `changed` of what
   * is charged otherwise than it is rated now; null where the kind says it all.
   */
  readonly reason: string | null
  /** The lines that stand for it, in order of their receipts. */
  readonly lines: readonly FateLine[]
  /** How it breaks the rule that each usage is billed exactly once, as it is rated; null: it does not. */
  readonly breach: FateBreach | null
}

export type FateSubject = "job" | "reading" | "period" | "rejection"

/**
 * billed: receipts charge what it is rated at. zero: it costs nothing, for a reason. unmapped: no payer is named for its account.
 * provisional: it runs or has not begun. unbilled: left for the next bill. held: a record that could not be read, of an unknown month.
 */
export const fateKinds = ["billed", "zero", "unmapped", "provisional", "unbilled", "held"] as const
export type FateKind = (typeof fateKinds)[number]

export const fateBreaches = ["not-billed", "billed-otherwise", "billed-twice", "no-record"] as const
export type FateBreach = (typeof fateBreaches)[number]

export interface FateLine {
  readonly lineId: string
  readonly receiptNumber: string
}
