import { addMonths, type BilledLine, localTime, type Receipt } from "@hpc-billing/core"
import { type AuditEvent, closePeriod, type Period } from "@hpc-billing/ledger"
import { Clock, Effect, Result } from "effect"
import { say } from "../api/sentences.ts"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { policyOf } from "../site/policyOf.ts"
import { BillingStore } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
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
  options: { readonly dryRun: boolean } = { dryRun: false },
) {
  const store = yield* BillingStore
  const standing = (yield* store.periods(tenant)).find((period) => period.month === month)
  if (standing?.status.kind === "closed") return { period: standing, already: true } satisfies ClosedMonth
  const earlier = (yield* store.periods(tenant)).find((period) => period.month < month && period.status.kind === "open")
  if (earlier !== undefined) return yield* refuse("not-ready", say("close-earlier-open", { earlier: earlier.month, month }))
  const before = yield* store.head(tenant)
  const receipts = yield* receiptsOf(tenant, month)
  const rated = yield* rateMonth(tenant, month, receipts.flatMap(billedLinesIn))
  const unbilledLines = rated.payers.reduce((count, { lines }) => count + lines.length, 0)
  if (unbilledLines > 0) return yield* refuse("not-ready", say("close-unbilled", { month, lines: String(unbilledLines) }))
  const orphans = [...new Set(rated.unmapped.map(({ cluster, account }) => `account ${account} on ${cluster}`))]
  if (orphans.length > 0) {
    return yield* refuse("not-ready", say("close-unmapped", { month, accounts: orphans.join(", ") }))
  }
  const unposted = yield* previewMonthJournal(tenant, month)
  if (unposted.entries.length > 0) {
    return yield* refuse("not-ready", say("close-unposted", { month, entries: String(unposted.entries.length) }))
  }
  const { site } = rated.books
  const close = {
    period: standing ?? openPeriod(tenant, month, site.zone),
    entries: yield* entriesOf(tenant, month),
    receipts,
    policy: policyOf(site),
    by: actor.name,
  }
  const atSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  const { receiptSeries, zone } = site
  const { year } = localTime(atSeconds, zone)
  const closed = closePeriod(nodeCryptography, { ...close, atSeconds })
  if (Result.isFailure(closed)) {
    const { findings } = closed.failure
    const sentence = findings.length === 0 ? sayLedger(closed.failure) : say("close-does-not-tie", { month })
    return yield* refuse("does-not-tie", sentence, findings.map(sayFinding))
  }
  if (options.dryRun) return { period: closed.success.period, already: false } satisfies ClosedMonth
  yield* store.commit(tenant, actor.idempotency ?? null, (head) => {
    if (head.periods.get(month)?.status.kind === "closed")
      return Result.fail(refuse("month-closed", say("month-closed-by-another", { month })))
    const hasMoved =
      head.entryCount !== before.entryCount || head.nextNumber(receiptSeries, year) !== before.nextNumber(receiptSeries, year)
    if (hasMoved) {
      return Result.fail(refuse("not-ready", say("close-overtaken", { month })))
    }
    const { period } = closed.success
    const next = addMonths(month, 1)
    const event: AuditEvent = {
      action: "period.close",
      actor: actor.name,
      requestId: actor.requestId,
      subject: month,
      detail:
        period.status.kind === "closed"
          ? {
              journalSha256: period.status.journalSha256,
              entryCount: String(period.status.entryCount),
              debitMinor: String(period.status.debitMinor),
              creditMinor: String(period.status.creditMinor),
            }
          : {},
    }
    return Result.succeed({
      answer: null,
      checkpoint: true,
      periods: head.periods.has(next) ? [period] : [period, openPeriod(tenant, next, site.zone)],
      events: [event],
    })
  })
  return { period: closed.success.period, already: false } satisfies ClosedMonth
})

const billedLinesIn = ({ status, lines }: Receipt): readonly BilledLine[] =>
  status.kind === "draft" || status.kind === "void" ? [] : lines.map((line) => ({ line, receiptNumber: status.number }))
