import { Result } from "effect"
import { compareDecimals, type Decimal, parseDecimal, rescaleExact } from "../money/Decimal.ts"
import { collectProblems } from "../rating/collectProblems.ts"
import { localDateInstant } from "../rating/localDateInstant.ts"
import { type RateProblem, rateProblem } from "../rating/RateProblem.ts"
import type { Payer, PayerMapping } from "../receipt/Payer.ts"
import { localDate } from "../time/index.ts"

/** Checked payers and mappings, indexed by account, with dates as instants. Made by `preparePayers`. */
export interface Payers {
  readonly byId: ReadonlyMap<string, Payer>
  readonly byAccount: ReadonlyMap<string, readonly PreparedMapping[]>
  /** Asked at the instants at which no mapping here names a payer: those published next. */
  readonly later?: Payers
}

export interface PreparedMapping {
  /** null: every user of the account. */
  readonly user: string | null
  readonly payer: Payer
  /** Millionths of a percent: 100 % is 100 000 000. */
  readonly shareWeight: bigint
  readonly fromSeconds: number
  readonly untilSeconds: number
}

const shareScale = 6
export const wholeShareWeight = 100_000_000n

export const accountKey = (cluster: string, account: string): string => JSON.stringify([cluster, account])

const weightOf = (text: string): bigint | null => {
  const value: Decimal | null = parseDecimal(text)
  if (value === null || value.scale > shareScale || value.units <= 0n) return null
  return compareDecimals(value, { units: 100n, scale: 0 }) > 0 ? null : rescaleExact(value, shareScale).units
}

/**
 * Makes payers and their dated mappings ready, or says everything that is wrong with them: unknown payers, dates, and days on
 * which the shares of one account (or one user of it) do not sum to 100 %.
 */
export const preparePayers = (
  payers: readonly Payer[],
  mappings: readonly PayerMapping[],
  zone: string,
): Result.Result<Payers, readonly RateProblem[]> => {
  const byId = new Map<string, Payer>()
  const byAccount = new Map<string, PreparedMapping[]>()
  const problems = collectProblems((add) => {
    payers.forEach((payer, index) => {
      if (byId.has(payer.id)) {
        add(rateProblem(`payers[${index}].id`, "duplicate", "payers-twice", { payer: payer.id }))
      }
      byId.set(payer.id, payer)
    })
    mappings.forEach((mapping, index) => {
      const at = `mappings[${index}]`
      const payer = byId.get(mapping.payerId)
      if (payer === undefined) add(rateProblem(`${at}.payerId`, "wrong-value", "payers-unknown", { payer: mapping.payerId }))
      const fromSeconds = localDateInstant(mapping.effectiveFrom, zone)
      const untilSeconds = mapping.effectiveUntil === null ? Number.POSITIVE_INFINITY : localDateInstant(mapping.effectiveUntil, zone)
      if (fromSeconds === null) add(rateProblem(`${at}.effectiveFrom`, "no-such-date", "payers-no-date", { date: mapping.effectiveFrom }))
      if (untilSeconds === null)
        add(rateProblem(`${at}.effectiveUntil`, "no-such-date", "payers-no-date", { date: mapping.effectiveUntil ?? "" }))
      const shareWeight = weightOf(mapping.sharePercent ?? "100")
      if (shareWeight === null) {
        add(rateProblem(`${at}.sharePercent`, "shares", "payers-share", { share: mapping.sharePercent ?? "" }))
      }
      if (payer === undefined || fromSeconds === null || untilSeconds === null || shareWeight === null) return
      if (untilSeconds <= fromSeconds) {
        const dates = { until: mapping.effectiveUntil ?? "", from: mapping.effectiveFrom }
        add(rateProblem(`${at}.effectiveUntil`, "until-not-after-from", "payers-until", dates))
      }
      const key = accountKey(mapping.cluster, mapping.account)
      const list = byAccount.get(key) ?? []
      list.push({ user: mapping.user, payer, shareWeight, fromSeconds, untilSeconds })
      byAccount.set(key, list)
    })
  })
  const wrong = problems.length > 0 ? problems : shareProblems(mappings, byAccount, zone)
  return wrong.length === 0 ? Result.succeed({ byId, byAccount }) : Result.fail(wrong)
}

/** The first instant from which the rows in force do not sum to 100 %, or have a payer twice; read along the dates, once. */
const firstWrong = (
  rows: readonly PreparedMapping[],
): { readonly start: number; readonly sum: bigint; readonly isTwice: boolean } | null => {
  const begins = [...rows].sort((left, right) => left.fromSeconds - right.fromSeconds)
  const ends = [...rows].sort((left, right) => left.untilSeconds - right.untilSeconds)
  const inForce = new Set<string>()
  let [sum, isTwice, begun, ended] = [0n, false, 0, 0]
  for (const start of [...new Set(rows.flatMap((row) => [row.fromSeconds, row.untilSeconds]))].sort((left, right) => left - right)) {
    for (let row = ends[ended]; row !== undefined && row.untilSeconds <= start; row = ends[++ended]) {
      inForce.delete(row.payer.id)
      sum -= row.shareWeight
    }
    for (let row = begins[begun]; row !== undefined && row.fromSeconds <= start; row = begins[++begun]) {
      isTwice ||= inForce.has(row.payer.id)
      inForce.add(row.payer.id)
      sum += row.shareWeight
    }
    if (inForce.size > 0 && (sum !== wholeShareWeight || isTwice)) return { start, sum, isTwice }
  }
  return null
}

const shareProblems = (
  mappings: readonly PayerMapping[],
  byAccount: ReadonlyMap<string, readonly PreparedMapping[]>,
  zone: string,
): readonly RateProblem[] => {
  const byUser = new Map<string, Map<string | null, PreparedMapping[]>>()
  for (const [account, rows] of byAccount) {
    const users = new Map<string | null, PreparedMapping[]>()
    for (const row of rows) {
      const own = users.get(row.user) ?? []
      own.push(row)
      users.set(row.user, own)
    }
    byUser.set(account, users)
  }
  return collectProblems((add) => {
    mappings.forEach((mapping, index) => {
      const users = byUser.get(accountKey(mapping.cluster, mapping.account))
      const wrong = firstWrong(users?.get(mapping.user) ?? [])
      // said at the first row of its group
      users?.delete(mapping.user)
      if (wrong === null) return
      const who = `account ${mapping.account} on ${mapping.cluster}${mapping.user === null ? "" : `, user ${mapping.user}`}`
      const path = `mappings[${index}]`
      const { start, sum, isTwice } = wrong
      add(
        isTwice
          ? rateProblem(path, "ambiguous", "payers-same-twice", { who })
          : rateProblem(path, "shares", "payers-shares", { who, sum: String(Number(sum) / 1_000_000), start: localDate(start, zone) }),
      )
    })
  })
}
