/** Why the ledger refuses: one sentence for people with what to do, and the reason for programs. Retrying never helps. */
export interface LedgerError {
  readonly _tag: "LedgerError"
  readonly reason: LedgerErrorReason
  readonly message: string
}

export type LedgerErrorReason =
  | "wrong-status"
  | "wrong-amount"
  | "wrong-period"
  | "already-paid"
  | "already-reversed"
  | "no-transfers"
  | "amount-not-positive"
  | "same-account"
  | "unknown-account"
  | "closed-account"
  | "wrong-tenant"
  | "period-closed"
  | "period-open"
  | "does-not-tie"
  | "reason-missing"
  | "same-person"
  | "insufficient-balance"
  | "conflict"

export const ledgerError = (reason: LedgerErrorReason, message: string): LedgerError => ({ _tag: "LedgerError", reason, message })
