import { Result } from "effect"
import { compareDecimals, type Decimal, parseDecimal, rescaleExact } from "../money/Decimal.ts"
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
  const problems: RateProblem[] = []
  const byId = new Map<string, Payer>()
  payers.forEach((payer, index) => {
    if (byId.has(payer.id)) {
      problems.push(rateProblem(`payers[${index}].id`, "duplicate", "payers-twice", { payer: payer.id }))
    }
    byId.set(payer.id, payer)
  })
  const byAccount = new Map<string, PreparedMapping[]>()
  mappings.forEach((mapping, index) => {
    const at = `mappings[${index}]`
    const payer = byId.get(mapping.payerId)
    if (payer === undefined) problems.push(rateProblem(`${at}.payerId`, "wrong-value", "payers-unknown", { payer: mapping.payerId }))
    const fromSeconds = localDateInstant(mapping.effectiveFrom, zone)
    const untilSeconds = mapping.effectiveUntil === null ? Number.POSITIVE_INFINITY : localDateInstant(mapping.effectiveUntil, zone)
    if (fromSeconds === null)
      problems.push(rateProblem(`${at}.effectiveFrom`, "no-such-date", "payers-no-date", { date: mapping.effectiveFrom }))
    if (untilSeconds === null)
      problems.push(rateProblem(`${at}.effectiveUntil`, "no-such-date", "payers-no-date", { date: mapping.effectiveUntil ?? "" }))
    const shareWeight = weightOf(mapping.sharePercent ?? "100")
    if (shareWeight === null) {
      problems.push(rateProblem(`${at}.sharePercent`, "shares", "payers-share", { share: mapping.sharePercent ?? "" }))
    }
    if (payer === undefined || fromSeconds === null || untilSeconds === null || shareWeight === null) return
    if (untilSeconds <= fromSeconds) {
      const dates = { until: mapping.effectiveUntil ?? "", from: mapping.effectiveFrom }
      problems.push(rateProblem(`${at}.effectiveUntil`, "until-not-after-from", "payers-until", dates))
    }
    const key = accountKey(mapping.cluster, mapping.account)
    const list = byAccount.get(key) ?? []
    list.push({ user: mapping.user, payer, shareWeight, fromSeconds, untilSeconds })
    byAccount.set(key, list)
  })
  if (problems.length === 0) problems.push(...shareProblems(mappings, byAccount, zone))
  return problems.length === 0 ? Result.succeed({ byId, byAccount }) : Result.fail(problems)
}

const shareProblems = (
  mappings: readonly PayerMapping[],
  byAccount: ReadonlyMap<string, readonly PreparedMapping[]>,
  zone: string,
): readonly RateProblem[] => {
  const problems: RateProblem[] = []
  const seen = new Set<string>()
  mappings.forEach((mapping, index) => {
    const group = JSON.stringify([mapping.cluster, mapping.account, mapping.user])
    if (seen.has(group)) return
    seen.add(group)
    const rows = (byAccount.get(accountKey(mapping.cluster, mapping.account)) ?? []).filter((row) => row.user === mapping.user)
    for (const start of new Set(rows.flatMap((row) => [row.fromSeconds, row.untilSeconds]))) {
      const inForce = rows.filter((row) => row.fromSeconds <= start && start < row.untilSeconds)
      const sum = inForce.reduce((total, row) => total + row.shareWeight, 0n)
      const twice = new Set(inForce.map((row) => row.payer.id)).size < inForce.length
      if (inForce.length === 0 || (sum === wholeShareWeight && !twice)) continue
      const who = `account ${mapping.account} on ${mapping.cluster}${mapping.user === null ? "" : `, user ${mapping.user}`}`
      const path = `mappings[${index}]`
      problems.push(
        twice
          ? rateProblem(path, "ambiguous", "payers-same-twice", { who })
          : rateProblem(path, "shares", "payers-shares", { who, sum: String(Number(sum) / 1_000_000), start: localDate(start, zone) }),
      )
      break
    }
  })
  return problems
}
