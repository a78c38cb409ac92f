/** A calendar month in the billing zone, open until its close. Nothing posts into a closed one; late usage goes to the next open. */
export interface Period {
  readonly tenant: string
  readonly month: string
  readonly zone: string
  readonly window: { readonly startSeconds: number; readonly endSeconds: number }
  readonly status: PeriodStatus
}

export type PeriodStatus =
  | { readonly kind: "open" }
  | {
      readonly kind: "closed"
      readonly closedAtSeconds: number
      readonly closedBy: string
      /** SHA-256 (hex) of the canonical journal of the month. */
      readonly journalSha256: string
      readonly debitMinor: bigint
      readonly creditMinor: bigint
      readonly entryCount: number
    }
