import type { Receipt } from "@hpc-billing/core"
import { Result } from "effect"
import type { Cryptography } from "../Cryptography.ts"
import type { PostingPolicy } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { journalDigest } from "../journal/canonicalJournal.ts"
import { checkEntry } from "../journal/postEntry.ts"
import { type TrialBalance, trialBalance } from "../journal/trialBalance.ts"
import { type LedgerError, ledgerError } from "../LedgerError.ts"
import type { Period } from "../Period.ts"
import { type CloseFinding, closeFinding } from "./CloseFinding.ts"
import { tieOut } from "./tieOut.ts"

export interface ClosedPeriod {
  readonly period: Period
  /** Of the month's entries alone. */
  readonly trialBalance: TrialBalance
}

/** A refused close: `findings` names every receipt and entry that does not tie. */
export interface CloseError extends LedgerError {
  readonly findings: readonly CloseFinding[]
}

const refused = (error: LedgerError, findings: readonly CloseFinding[]): CloseError => ({ ...error, findings })

/** open -> closed, when receipts and journal tie. `entries` are all that are posted in the month, `receipts` all receipts of it. */
export const closePeriod = (
  cryptography: Cryptography,
  close: {
    readonly period: Period
    readonly entries: readonly Entry[]
    readonly receipts: readonly Receipt[]
    readonly policy: PostingPolicy
    readonly atSeconds: number
    readonly by: string
  },
): Result.Result<ClosedPeriod, CloseError> => {
  const { period, entries, receipts, policy, atSeconds, by } = close
  if (period.status.kind === "closed") {
    return Result.fail(refused(ledgerError("period-closed", `The period ${period.month} of ${period.tenant} is closed already.`), []))
  }
  if (atSeconds < period.window.endSeconds) {
    return Result.fail(
      refused(ledgerError("wrong-period", `The month ${period.month} has not ended yet: close it after its last day.`), []),
    )
  }
  const findings: CloseFinding[] = []
  const seen = new Set<string>()
  for (const entry of entries) {
    if (seen.has(entry.id)) findings.push(closeFinding("tie-entry-twice", { entry: entry.id }))
    seen.add(entry.id)
    if (entry.tenant !== period.tenant || entry.month !== period.month)
      findings.push(closeFinding("tie-entry-elsewhere", { entry: entry.id, month: period.month }))
    const checked = checkEntry(entry, policy.chart)
    if (Result.isFailure(checked)) findings.push(closeFinding("tie-entry-detail", { detail: checked.failure.message }))
  }
  findings.push(...tieOut(receipts, entries, policy.roles))
  const [first] = findings
  if (first !== undefined) {
    const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : ""
    return Result.fail(refused(ledgerError("does-not-tie", `The month ${period.month} does not tie out: ${first.text}${more}`), findings))
  }
  const balance = trialBalance(entries, policy.chart)
  const sum = (side: "debitMinor" | "creditMinor"): bigint => balance.totals.reduce((total, each) => total + each[side], 0n)
  return Result.succeed({
    period: {
      ...period,
      status: {
        kind: "closed",
        closedAtSeconds: atSeconds,
        closedBy: by,
        journalSha256: journalDigest(cryptography, entries),
        debitMinor: sum("debitMinor"),
        creditMinor: sum("creditMinor"),
        entryCount: entries.length,
      },
    },
    trialBalance: balance,
  })
}
