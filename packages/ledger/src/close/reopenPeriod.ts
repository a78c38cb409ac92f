import { Result } from "effect"
import type { AuditEvent } from "../audit/AuditRecord.ts"
import { type LedgerError, ledgerError } from "../LedgerError.ts"
import type { Period } from "../Period.ts"

/**
 * closed -> open, asked for by one person with a reason and approved by another. Nothing that was posted or exported changes:
 * what follows is posted beside it, and the next close states a new digest.
 */
export const reopenPeriod = (
  period: Period,
  act: { readonly requestedBy: string; readonly approvedBy: string; readonly reason: string; readonly requestId: string },
): Result.Result<{ readonly period: Period; readonly event: AuditEvent }, LedgerError> => {
  const { status, month, tenant } = period
  const reason = act.reason.trim()
  if (status.kind === "open")
    return Result.fail(ledgerError("period-open", `The period ${month} of ${tenant} is open: there is nothing to reopen.`))
  if (reason === "") return Result.fail(ledgerError("reason-missing", `Say why ${month} is reopened.`))
  if (act.requestedBy === act.approvedBy) {
    return Result.fail(ledgerError("same-person", `${act.requestedBy} asked to reopen ${month}: another person has to approve it.`))
  }
  const detail = { approvedBy: act.approvedBy, journalSha256: status.journalSha256, reason }
  return Result.succeed({
    period: { ...period, status: { kind: "open" } },
    event: { action: "period.reopened", actor: act.requestedBy, requestId: act.requestId, subject: `${tenant}/${month}`, detail },
  })
}
