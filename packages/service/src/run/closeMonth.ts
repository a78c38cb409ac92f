import { addMonths, type BilledLine, type Receipt } from "@hpc-billing/core"
import { type AuditEvent, closePeriod, type Period } from "@hpc-billing/ledger"
import { Clock, Effect, Result } from "effect"
import { say } from "../api/sentences.ts"
import { type ActOptions, decidePrepared } from "../commit/decide.ts"
import { lastSequenceOf, ratingInputs } from "../commit/ratingInputs.ts"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { policyOf } from "../site/policyOf.ts"
import { BillingStore, type CommitPlan, type LedgerHead } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { accountsWithoutPayer } from "./fate/accountsWithoutPayer.ts"
import { conservationRefusal } from "./fate/conservationRefusal.ts"
import { entriesOf, previewMonthJournal, receiptsOf } from "./journalMonth.ts"
import { openPeriod } from "./monthPeriod.ts"
import { refuse } from "./RunError.ts"
import { rateMonth } from "./rateMonth.ts"
import { sayFinding, sayLedger } from "./sayFailure.ts"

export interface ClosedMonth {
  readonly period: Period
  /** It had been closed before; nothing was done. */
  readonly already: boolean
}

/**
 * Closes a month for good: everything rated is billed, everything billed is posted, and receipts and journal tie. From then
 * on nothing in it changes; what comes late becomes a correction in the next open month, which this opens.
 */
export const closeMonth = Effect.fn("closeMonth")(function* (
  tenant: string,
  month: string,
  actor: Actor,
  options: ActOptions = { dryRun: false },
) {
  return yield* decidePrepared({
    tenant,
    actor,
    dryRun: options.dryRun,
    inputs: (head) => closeInputs(tenant, month, head),
    prepare: judgeMonth(tenant, month, actor),
    read: (period: Period | null) => Effect.succeed(period),
    plan: (period, head) => (period === null ? Result.succeed({ answer: true, events: [] }) : planClose(period, actor, head)),
    view: (already) => Effect.map(periodOf(tenant, month), (period): ClosedMonth => ({ period, already })),
  })
})

/** What a close is judged by: what rating reads, what is posted in the month, and which earlier months are open. */
const closeInputs = Effect.fnUntraced(function* (tenant: string, month: string, head: LedgerHead) {
  return {
    ...(yield* ratingInputs(tenant, head)),
    posted: yield* lastSequenceOf(tenant, "entry.post", month),
    open: [...head.periods.values()].flatMap((period) => (period.status.kind === "open" && period.month < month ? [period.month] : [])),
  }
})

const periodOf = Effect.fnUntraced(function* (tenant: string, month: string) {
  const store = yield* BillingStore
  return (yield* store.periods(tenant)).find((period) => period.month === month) as Period
})

/** The month as it would be closed, refused with what stands against it; null when it is closed already. */
const judgeMonth = Effect.fnUntraced(function* (tenant: string, month: string, actor: Actor) {
  const store = yield* BillingStore
  const periods = yield* store.periods(tenant)
  const standing = periods.find((period) => period.month === month)
  if (standing?.status.kind === "closed") return null
  const earlier = periods.find((period) => period.month < month && period.status.kind === "open")
  if (earlier !== undefined) return yield* refuse("not-ready", say("close-earlier-open", { earlier: earlier.month, month }))
  const receipts = yield* receiptsOf(tenant, month)
  const rated = yield* rateMonth(tenant, month, receipts.flatMap(billedLinesIn))
  const broken = conservationRefusal(rated)
  if (broken !== null) return yield* broken
  const orphans = accountsWithoutPayer(rated)
  if (orphans.length > 0) {
    return yield* refuse("not-ready", say("close-unmapped", { month, accounts: orphans.join(", ") }))
  }
  const unposted = yield* previewMonthJournal(tenant, month)
  if (unposted.entries.length > 0) {
    return yield* refuse("not-ready", say("close-unposted", { month, entries: String(unposted.entries.length) }))
  }
  const { site } = rated.books
  const closed = closePeriod(nodeCryptography, {
    period: standing ?? openPeriod(tenant, month, site.zone),
    entries: yield* entriesOf(tenant, month),
    receipts,
    policy: policyOf(site),
    by: actor.name,
    atSeconds: Math.floor((yield* Clock.currentTimeMillis) / 1_000),
  })
  if (Result.isSuccess(closed)) return closed.success.period
  const { findings } = closed.failure
  const sentence = findings.length === 0 ? sayLedger(closed.failure) : say("close-does-not-tie", { month })
  return yield* refuse("does-not-tie", sentence, findings.map(sayFinding))
})

const planClose = (period: Period, actor: Actor, head: LedgerHead): Result.Result<CommitPlan<boolean>, never> => {
  const { tenant, month, zone, status } = period
  const next = addMonths(month, 1)
  const event: AuditEvent = {
    action: "period.close",
    actor: actor.name,
    requestId: actor.requestId,
    subject: month,
    detail:
      status.kind === "closed"
        ? {
            journalSha256: status.journalSha256,
            entryCount: String(status.entryCount),
            debitMinor: String(status.debitMinor),
            creditMinor: String(status.creditMinor),
            closedAtSeconds: String(status.closedAtSeconds),
          }
        : {},
  }
  return Result.succeed({
    answer: false,
    checkpoint: true,
    periods: head.periods.has(next) ? [period] : [period, openPeriod(tenant, next, zone)],
    events: [event],
  })
}

const billedLinesIn = ({ status, lines }: Receipt): readonly BilledLine[] =>
  status.kind === "draft" || status.kind === "void" ? [] : lines.map((line) => ({ line, receiptNumber: status.number }))
