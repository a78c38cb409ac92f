import { addMonths, isMonth, monthWindow } from "@hpc-billing/core"
import { type AuditEvent, journalDigest, type Period } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import type { Site } from "../site/Site.ts"
import { BillingStore } from "../store/index.ts"
import { entriesOf } from "./journalMonth.ts"
import { decodeMonthRating, monthRatingKind } from "./MonthRating.ts"
import { hashRecords } from "./rateMonth.ts"
import { recordsOfMonth } from "./recordsOfMonth.ts"
import type { Find } from "./StoreFinding.ts"

/** What the audit log says of periods: which months were opened by what was done in them, and which closes stand. */
export const periodsTold = () => {
  const opened = new Set<string>()
  const closes = new Map<string, AuditEvent>()
  return {
    opened: opened as ReadonlySet<string>,
    /** The last close of each month that was not reopened since. */
    closes: closes as ReadonlyMap<string, AuditEvent>,
    take: (event: AuditEvent): void => {
      const { action, subject } = event
      if (action === "entry.post") opened.add(subject)
      if (action === "receipt.issue" || action === "month.rate") opened.add(subject.split("/")[1] ?? "")
      if (action === "period.close") {
        closes.set(subject, event)
        opened.add(subject).add(addMonths(subject, 1))
      }
      if (action === "period.reopened") closes.delete(subject.slice(subject.lastIndexOf("/") + 1))
    },
  }
}

export type PeriodsTold = ReturnType<typeof periodsTold>

/** Every period against what the audit log says of it, its journal against the digest of its close, its records against those it was priced from. */
export const verifyPeriods = Effect.fnUntraced(function* (tenant: string, told: PeriodsTold, find: Find) {
  const store = yield* BillingStore
  const periods = new Map((yield* store.periods(tenant)).map((period) => [period.month, period]))
  const zones = yield* zonesOf(tenant)
  for (const month of [...told.opened].sort()) {
    if (!periods.has(month)) find(`period ${month}`, "was opened, but is not stored any more")
  }
  for (const [month, period] of periods) {
    const row = `period ${month}`
    if (!told.opened.has(month)) find(row, "nothing in the audit log opened it")
    checkWindow(period, zones, find)
    const close = told.closes.get(month)
    if (period.status.kind === "closed" && close === undefined) find(row, "no audit record tells of its close")
    else if (period.status.kind !== "closed" && close !== undefined) find(row, "was closed, but is stored as open")
    else yield* checkClose(tenant, period, close, find)
    yield* checkRecords(tenant, period, find)
  }
})

/** Zones that the site had, in any version that was published. */
const zonesOf = Effect.fnUntraced(function* (tenant: string) {
  const store = yield* BillingStore
  const zones = new Set<string>()
  for (const { version } of yield* store.documents(tenant, "site")) {
    const stored = yield* store.document(tenant, "site", version)
    // one that cannot be read is not what was published, and named as such
    const site = Result.try(() => JSON.parse(new TextDecoder().decode(stored?.bytes)) as Site)
    if (Result.isSuccess(site)) zones.add(site.success.zone)
  }
  return zones
})

const checkWindow = ({ month, zone, window }: Period, zones: ReadonlySet<string>, find: Find): void => {
  if (!zones.has(zone)) {
    find(`period ${month}`, `column zone holds ${zone}, which is not the zone of any published site`)
    return
  }
  const { startSeconds, endSeconds } = isMonth(month) ? monthWindow(month, zone) : { startSeconds: 0, endSeconds: 0 }
  if (window.startSeconds !== startSeconds || window.endSeconds !== endSeconds) {
    find(`period ${month}`, `it goes from ${window.startSeconds} to ${window.endSeconds}, the month from ${startSeconds} to ${endSeconds}`)
  }
}

const textsOf = (status: Period["status"]): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(status).map(([name, value]) => [name, String(value)]))

/** The audit record of a close by an earlier release does not tell its second. */
const statusTold = (close: AuditEvent | undefined, status: Period["status"]): Readonly<Record<string, string>> =>
  close === undefined
    ? { kind: "open" }
    : {
        closedAtSeconds: status.kind === "closed" ? String(status.closedAtSeconds) : "",
        ...close.detail,
        kind: "closed",
        closedBy: close.actor,
      }

const checkClose = Effect.fnUntraced(function* (tenant: string, { month, status }: Period, close: AuditEvent | undefined, find: Find) {
  const [told, stored] = [statusTold(close, status), textsOf(status)]
  for (const name of new Set([...Object.keys(told), ...Object.keys(stored)])) {
    if (told[name] !== stored[name]) {
      find(`period ${month}`, `its status says ${name} ${stored[name] ?? "absent"}, the audit log ${told[name] ?? "absent"}`)
    }
  }
  if (status.kind !== "closed") return
  if (journalDigest(nodeCryptography, yield* entriesOf(tenant, month)) !== status.journalSha256) {
    find(`period ${month}`, "its journal is not the one that was closed")
  }
})

const checkRecords = Effect.fnUntraced(function* (tenant: string, { month, window }: Period, find: Find) {
  const store = yield* BillingStore
  const stored = yield* store.document(tenant, monthRatingKind(month), null)
  if (stored === null) return
  const decoded = Result.try(() => decodeMonthRating(stored.bytes))
  if (Result.isFailure(decoded)) return
  const rating = decoded.success
  if (hashRecords(yield* recordsOfMonth(tenant, window, rating.ingestSequence)) !== rating.recordsSha256) {
    find(`job records of ${month}`, "they are not the records that the month was priced from")
  }
})
