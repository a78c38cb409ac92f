import {
  addMonths,
  type Currency,
  type Decimal,
  efficiency,
  explainLine,
  explanationText,
  formatDecimal,
  type JobRecord,
  type JobState,
  jobKey,
  monthOf,
  monthWindow,
  normalise,
  type RateOverride,
  type Rates,
  type ReceiptLine,
  readSbatch,
  roundAndAllocate,
  usageOfReading,
} from "@hpc-billing/core"
import { type Duration, Effect, Result, Stream } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../../api/Api.ts"
import type { Dimension, EstimateAnswer, Explanation, Summary } from "../../api/groups/usage.ts"
import { Caller } from "../../api/Identity.ts"
import { say } from "../../api/sentences.ts"
import { rowsDefault } from "../../api/values.ts"
import { estimatePlanned } from "../../run/estimatePlanned.ts"
import { readingsOf, readingsVersionOf } from "../../run/Readings.ts"
import { RunError, refuse } from "../../run/RunError.ts"
import { BillingStore, type LineFilter, type RecordFilter, type StoredLine, type StoreError } from "../../store/index.ts"
import { type Reach, reaches, reachOf } from "../access.ts"
import { csvResponse } from "../csvResponse.ts"
import { completeDays } from "../figures/completeDays.ts"
import { FiguresCache } from "../figures/FiguresCache.ts"
import { forecastMonth } from "../figures/forecastMonth.ts"
import { type CostSum, groupCosts, isSummed, totalMinor, type UsageTest } from "../figures/groupCosts.ts"
import type { FigureUsage, MonthFigures } from "../figures/MonthFigures.ts"
import { type RankedSum, rankCosts } from "../figures/rankCosts.ts"
import { receiptHeader } from "../figures/receiptHeader.ts"
import { pageOver, type Source, sourceOf } from "../pageOver.ts"
import { reading } from "../problemOf.ts"
import { readsOverride } from "../rateBookWithin.ts"
import { nowSeconds, standingOf } from "../tenantView.ts"
import { jobsCsvView, linesCsvView } from "../views/csvViews.ts"
import { instantText } from "../views/instant.ts"
import { isRunaway, jobView } from "../views/jobView.ts"
import { type LineReceipt, lineView } from "../views/lineView.ts"
import { changeView, decimalText, moneyView, permilleOf, quantityView } from "../views/money.ts"
import { payersWithin } from "./payers.ts"

interface Who {
  readonly user?: string
  readonly account?: string
  readonly cluster?: string
}

/** The filters of a store's list that reach exactly the caller's rows, one list each; a row of two lists stays in the first. */
const filtersWithin = (
  reach: Reach,
  who: Who,
): readonly { readonly filter: Who & { readonly accounts?: readonly string[] }; readonly except: readonly string[] }[] => {
  const { account, ...rest } = who
  const asked = account === undefined ? {} : { accounts: [account] }
  if (reach.kind === "all") return [{ filter: { ...rest, ...asked }, except: [] }]
  if (reach.kind === "none") return []
  const accounts = account === undefined ? reach.accounts : reach.accounts.filter((own) => own === account)
  const users = who.user === undefined ? reach.users : reach.users.filter((own) => own === who.user)
  return [
    ...(accounts.length === 0 ? [] : [{ filter: { ...rest, accounts }, except: [] }]),
    ...users.map((user) => ({ filter: { ...rest, ...asked, user }, except: reach.accounts })),
  ]
}

const testOf =
  (reach: Reach, who: Who): UsageTest =>
  (usage) =>
    (who.user === undefined || usage.user === who.user) &&
    (who.account === undefined || usage.account === who.account) &&
    (who.cluster === undefined || usage.cluster === who.cluster) &&
    reaches(reach, usage)

const usageReach = Effect.map(Caller, ({ identity }) => reachOf(identity, "usageRead"))

const coveredMonthsMaximum = 13
/** A list of jobs does not wait longer for what they cost. */
const pricingWait = "600 millis"

/** What the month amounts to; null while nothing is published, since jobs can be read before they can be priced. */
const pricedMonth = (tenant: string, month: string) =>
  Effect.gen(function* () {
    const cache = yield* FiguresCache
    return yield* cache.month(tenant, month)
  }).pipe(
    Effect.catchIf(
      (error) => error instanceof RunError,
      () => Effect.succeed(null),
    ),
  )

const monthsOfJob = (record: JobRecord, zone: string, now: number): readonly string[] => {
  const start = monthOf(record.startSeconds ?? record.submitSeconds, zone)
  const end = monthOf(record.endSeconds ?? (record.startSeconds === null ? record.submitSeconds : now), zone)
  const months: string[] = []
  for (let month = end; month >= start && months.length < coveredMonthsMaximum; month = addMonths(month, -1)) months.push(month)
  return months
}

const jobViews = Effect.fnUntraced(function* (
  tenant: string,
  records: readonly JobRecord[],
  month: string | undefined,
  zone: string,
  currency: Currency,
  wait: Duration.Input | null,
) {
  const now = yield* nowSeconds
  const months = new Set(month === undefined ? records.flatMap((record) => monthsOfJob(record, zone, now)) : [month])
  const priced = yield* Effect.forEach(
    [...months],
    (each) =>
      wait === null || month !== undefined
        ? Effect.asSome(pricedMonth(tenant, each))
        : Effect.timeoutOption(pricedMonth(tenant, each), wait),
    { concurrency: "unbounded" },
  )
  const figures = priced.flatMap((each) => (each._tag === "Some" && each.value !== null ? [each.value] : []))
  return records.map((record) => {
    const usages = figures.map((each) => each.usages.get(jobKey(record))).filter((usage): usage is FigureUsage => usage !== undefined)
    return jobView(record, usages, currency, now)
  })
})

/** What a stored line needs of its receipt, read once for each receipt of a page. */
const receiptsOfLines = Effect.fnUntraced(function* (tenant: string, lines: readonly StoredLine[]) {
  const receipts = new Map<string, LineReceipt>()
  for (const { receiptId } of lines) {
    if (receipts.has(receiptId)) continue
    const header = yield* receiptHeader(tenant, receiptId)
    if (header !== null) receipts.set(receiptId, header)
  }
  return receipts
})

interface PlacedLine extends StoredLine {
  readonly receipt: LineReceipt | null
}

const draftLinesOf = (figures: MonthFigures | null): readonly PlacedLine[] =>
  figures === null
    ? []
    : figures.drafts.flatMap((receipt) => receipt.lines.map((line, position) => ({ receiptId: receipt.id, position, line, receipt })))

const matches = (line: ReceiptLine, receiptId: string, filter: LineFilter): boolean =>
  (filter.receiptId === undefined || filter.receiptId === receiptId) &&
  (filter.user === undefined || filter.user === line.user) &&
  (filter.accounts === undefined || filter.accounts.includes(line.account)) &&
  (filter.cluster === undefined || filter.cluster === line.cluster) &&
  (filter.jobId === undefined || filter.jobId === line.jobId) &&
  (filter.usageId === undefined || filter.usageId === line.usageId)

const lineViews = Effect.fnUntraced(function* (tenant: string, lines: readonly PlacedLine[], currency: Currency) {
  const receipts = yield* receiptsOfLines(
    tenant,
    lines.filter(({ receipt }) => receipt === null),
  )
  return lines.flatMap(({ line, position, receiptId, receipt }) => {
    const standing = receipt ?? receipts.get(receiptId)
    return standing === undefined ? [] : [lineView(line, position, standing, currency)]
  })
})

const unknownLine = refuse("not-found", say("line-unknown"))

/** `cluster/job/submit` at the beginning of a line's id; null on lines of a whole period. */
const usageIdOf = (lineId: string): string | null => /^[^/]+\/\d+\/\d+(?=\/)/.exec(lineId)?.[0] ?? null

const findLine = Effect.fnUntraced(function* (tenant: string, receiptId: string, lineId: string) {
  const store = yield* BillingStore
  const usageId = usageIdOf(lineId)
  const stored = yield* Stream.runHead(
    Stream.filter(store.lines(tenant, { receiptId, ...(usageId === null ? {} : { usageId }) }), ({ line }) => line.id === lineId),
  )
  if (stored._tag === "Some") {
    const header = yield* receiptHeader(tenant, receiptId)
    return header === null ? yield* unknownLine : { line: stored.value.line, position: stored.value.position, receipt: header }
  }
  const month = receiptId.split("/")[1] ?? ""
  if (!/^[1-9]\d{3}-(0[1-9]|1[0-2])$/.test(month)) return yield* unknownLine
  const draft = draftLinesOf(yield* pricedMonth(tenant, month)).find((each) => each.receiptId === receiptId && each.line.id === lineId)
  const receipt = draft === undefined ? undefined : (yield* pricedMonth(tenant, month))?.drafts.find(({ id }) => id === receiptId)
  return draft === undefined || receipt === undefined ? yield* unknownLine : { line: draft.line, position: draft.position, receipt }
})

/** The usage of a job or reading as it stands, with every record of the job read along; null when the records are gone. */
const usageOf = Effect.fnUntraced(function* (tenant: string, usageId: string, asOfSeconds: number) {
  const store = yield* BillingStore
  const [cluster = "", jobId = ""] = usageId.split("/")
  if (usageId.startsWith(`${cluster}/reading/`)) {
    const readings = yield* readingsOf(tenant, yield* readingsVersionOf(tenant))
    return readings.map(usageOfReading).find(({ id }) => id === usageId) ?? null
  }
  const versions = yield* store.recordVersions(tenant, { cluster, jobId })
  const current = versions.filter((version) => version.ingestSequence !== null && version.replacedBy === null).map(({ record }) => record)
  return normalise(current, { asOfSeconds }).usages.find(({ id }) => id === usageId) ?? null
})

const plainRecord = (record: JobRecord): Record<string, unknown> => ({ ...record, energyJoules: record.energyJoules?.toString() ?? null })

const groupView = (sum: RankedSum, total: bigint, compares: boolean, currency: Currency) => ({
  key: sum.key,
  others: sum.others,
  amount: moneyView(sum.amountMinor, currency),
  permille: permilleOf(sum.amountMinor, total),
  jobs: sum.jobs,
  quantities: [...sum.quantities]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([unit, quantity]) => quantityView(quantity, unit)),
  change: compares ? changeView(sum.amountMinor, sum.beforeMinor, currency) : null,
})

const daysInOrder = (sums: ReadonlyMap<string, CostSum>): readonly RankedSum[] =>
  [...sums.values()].sort((left, right) => (left.key < right.key ? -1 : 1)).map((sum) => ({ ...sum, others: 0, beforeMinor: 0n }))

const failedStates = new Set(["FAILED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY"])

export const summaryOf = Effect.fnUntraced(function* (tenant: string, month: string, who: Who) {
  const cache = yield* FiguresCache
  const { zone, currency, dataUntil } = yield* standingOf(tenant)
  const test = testOf(yield* usageReach, who)
  const figures = yield* cache.month(tenant, month)
  const before = yield* cache.month(tenant, addMonths(month, -1))
  const now = yield* nowSeconds
  const sumOf = (of: MonthFigures): bigint => totalMinor(groupCosts(of, "total", test).values())
  let [jobs, chargedJobs, failedJobs, runningJobs, failedMinor, runningMinor] = [0, 0, 0, 0, 0n, 0n]
  for (const usage of figures.usages.values()) {
    if (!test(usage)) continue
    const amount = usage.lines.reduce((sum, line) => (isSummed(line) ? sum + line.billedMinor : sum), 0n)
    const running = usage.lines.filter((line) => !isSummed(line))
    if (running.length > 0) {
      runningJobs += 1
      runningMinor += running.reduce((sum, line) => sum + line.billedMinor, 0n)
      continue
    }
    jobs += 1
    if (usage.lines.some((line) => line.zeroReason === null)) chargedJobs += 1
    if (failedStates.has(usage.state)) {
      failedJobs += 1
      failedMinor += amount
    }
  }
  const total = sumOf(figures)
  const costs = groupCosts(figures, "day", test)
  const dayMinor = completeDays(month, zone, now).map((day) => costs.get(day)?.amountMinor ?? 0n)
  const window = monthWindow(month, zone)
  const forecast = forecastMonth({ window, nowSeconds: now, settledMinor: total, runningMinor, dayMinor })
  return {
    month,
    total: moneyView(total, currency),
    change: changeView(total, sumOf(before), currency),
    jobs,
    chargedJobs,
    failedJobs,
    failedCost: moneyView(failedMinor, currency),
    runningJobs,
    forecast:
      forecast === null || figures.status === "closed"
        ? null
        : {
            low: moneyView(forecast.lowMinor, currency),
            middle: moneyView(forecast.middleMinor, currency),
            high: moneyView(forecast.highMinor, currency),
          },
    status: figures.status,
    partial: figures.partial,
    dataUntil,
  } satisfies Summary
})

const explain = Effect.fnUntraced(function* (tenant: string, receiptId: string, lineId: string) {
  const { books, currency, dataUntil } = yield* standingOf(tenant)
  const reach = yield* usageReach
  const { line, position, receipt } = yield* findLine(tenant, receiptId, lineId)
  if (!reaches(reach, line)) return yield* unknownLine
  const usage = line.usageId === null ? null : yield* usageOf(tenant, line.usageId, Math.min(line.window.endSeconds, yield* nowSeconds))
  const steps = explainLine(line, usage, { rates: books.rates, payers: books.payers })
  const english = explanationText(steps, "en")
  const thai = explanationText(steps, "th")
  const card = books.rates.cards.find(({ hash }) => hash === line.rate.cardHash)?.card ?? null
  const view = lineView(line, position, receipt, currency)
  const readsReceipt = payersWithin(books, reachOf((yield* Caller).identity, "receiptRead")).has(receipt.payer.id)
  const net = readsReceipt ? moneyView(receipt.netMinor, currency) : null
  return {
    line: view,
    sentence:
      line.zeroReason === null
        ? `${view.quantity.text} x ${view.unitPrice} = ${formatDecimal(line.amount)} ${line.currency}, billed ${view.billed.text}${net === null ? "" : ` of ${net.text}`}`
        : `0.00 ${line.currency}: ${line.zeroReason}`,
    steps: steps.map(({ code }, index) => ({ code, textEnglish: english[index] ?? "", textThai: thai[index] ?? "" })),
    receiptNet: net,
    receiptGross: readsReceipt ? moneyView(receipt.grossMinor, currency) : null,
    efficiency: usage === null ? { cpuPermille: null, memoryPermille: null } : efficiency(usage),
    card: {
      id: line.rate.cardId,
      version: line.rate.cardVersion,
      hash: line.rate.cardHash,
      effectiveFrom: card?.effectiveFrom ?? null,
      effectiveUntil: card?.effectiveUntil ?? null,
    },
    record: usage === null ? null : plainRecord(usage.record),
    dataUntil,
  } satisfies Explanation
})

const seriesOf = Effect.fnUntraced(function* (tenant: string, lastMonth: string, count: number, by: Dimension | "total", who: Who) {
  const cache = yield* FiguresCache
  const { currency, dataUntil } = yield* standingOf(tenant)
  const test = testOf(yield* usageReach, who)
  const months = Array.from({ length: count }, (_, index) => addMonths(lastMonth, index - count + 1))
  const sums: { readonly month: string; readonly partial: boolean; readonly groups: Map<string, CostSum> }[] = []
  for (const month of months) {
    const figures = yield* cache.month(tenant, month)
    sums.push({ month, partial: figures.partial, groups: groupCosts(figures, by, test) })
  }
  const whole = new Map<string, CostSum>()
  for (const { groups } of sums) {
    for (const [key, { amountMinor, jobs }] of groups) {
      const known = whole.get(key)
      if (known === undefined) whole.set(key, { key, amountMinor, jobs, quantities: new Map() })
      else known.amountMinor += amountMinor
    }
  }
  const ranked = rankCosts(whole, null)
  const named = new Set(ranked.filter(({ others }) => others === 0).map(({ key }) => key))
  return {
    by,
    months: sums.map(({ month, partial, groups }) => ({ month, partial, total: moneyView(totalMinor(groups.values()), currency) })),
    series: ranked.map(({ key, others }) => ({
      key,
      others,
      amounts: sums.map(({ month, groups }) => {
        const rest = (): bigint => totalMinor([...groups.values()].filter((sum) => !named.has(sum.key)))
        return { month, ...moneyView(others === 0 ? (groups.get(key)?.amountMinor ?? 0n) : rest(), currency) }
      }),
    })),
    dataUntil,
  }
})

interface JobsAsked extends Who {
  readonly month?: string
  readonly partition?: string
  readonly state?: JobState
  readonly only?: "probably-runaway"
}

/** The states that a job can stand in without an end, once it has started. */
const unendedStates: readonly JobState[] = ["RUNNING", "SUSPENDED"]

interface PageAsked {
  readonly cursor: string | null
  readonly limit: number
}

const csvRowsAPage = 1_000

const jobsPage = Effect.fnUntraced(function* (
  tenant: string,
  { month, partition, state, only, ...who }: JobsAsked,
  page: PageAsked,
  /** How long the rows wait for what they cost; null: until it is known. */
  wait: Duration.Input | null,
) {
  const store = yield* BillingStore
  const { zone, currency } = yield* standingOf(tenant)
  const shared: RecordFilter = {
    ...(month === undefined ? {} : { window: monthWindow(month, zone) }),
    ...(partition === undefined ? {} : { partition }),
  }
  const now = yield* nowSeconds
  const filters = filtersWithin(yield* usageReach, who)
  const narrowed = (of: Pick<RecordFilter, "state">, isWanted: (record: JobRecord) => boolean) =>
    filters.map(({ filter, except }) => ({
      read: (from: string | null, rows: number) =>
        store.listRecords(tenant, { ...shared, ...of, ...filter }, { cursor: from, limit: rows }),
      keep: (record: JobRecord) => !except.includes(record.account) && isWanted(record),
    }))
  const found = yield* pageOver(
    only === undefined
      ? narrowed(state === undefined ? {} : { state }, () => true)
      : unendedStates
          .filter((each) => state === undefined || state === each)
          .flatMap((each) => narrowed({ state: each }, (record) => isRunaway(record, now))),
    page,
  )
  return { rows: yield* jobViews(tenant, found.rows, month, zone, currency, wait), next: found.next }
})

interface LinesAsked extends Who {
  readonly month?: string
  readonly receiptId?: string
  readonly jobId?: string
  readonly usageId?: string
}

const linesPage = Effect.fnUntraced(function* (tenant: string, { month, receiptId, jobId, usageId, ...who }: LinesAsked, page: PageAsked) {
  const store = yield* BillingStore
  const { currency } = yield* standingOf(tenant)
  const shared: LineFilter = {
    ...(month === undefined ? {} : { month }),
    ...(receiptId === undefined ? {} : { receiptId }),
    ...(jobId === undefined ? {} : { jobId }),
    ...(usageId === undefined ? {} : { usageId }),
  }
  const filters = filtersWithin(yield* usageReach, who)
  const drafts = month === undefined ? [] : draftLinesOf(yield* pricedMonth(tenant, month))
  const sources = filters.flatMap(({ filter, except }): Source<PlacedLine, StoreError, never>[] => {
    const keep = ({ line }: PlacedLine): boolean => !except.includes(line.account)
    const wanted = { ...shared, ...filter }
    return [
      {
        read: (from, rows) =>
          Effect.map(store.listLines(tenant, wanted, { cursor: from, limit: rows }), (page) => ({
            rows: page.rows.map((line) => ({ ...line, receipt: null })),
            next: page.next,
          })),
        keep,
      },
      { ...sourceOf(drafts.filter((draft) => matches(draft.line, draft.receiptId, wanted))), keep },
    ]
  })
  const found = yield* pageOver(sources, page)
  return { rows: yield* lineViews(tenant, found.rows, currency), next: found.next }
})

/** What the site gives to planned jobs that do not ask. */
const plannedDefaults = { qos: "normal", memMebibytesPerCpu: 1_024, seconds: 3_600 } as const

const hasRun = Effect.fnUntraced(function* (tenant: string, user: string, account: string) {
  const store = yield* BillingStore
  return (yield* store.listRecords(tenant, { user, accounts: [account] }, { cursor: null, limit: 1 })).rows.length > 0
})

const withOverrides = (rates: Rates, isKept: (override: RateOverride) => boolean): Rates => ({
  ...rates,
  overrides: new Map([...rates.overrides].map(([key, of]) => [key, of.filter(({ override }) => isKept(override))])),
})

const estimateOf = Effect.fnUntraced(function* (
  tenant: string,
  asked: { readonly text: string; readonly user?: string; readonly account?: string; readonly cluster?: string },
) {
  const { identity } = yield* Caller
  const { books, currency } = yield* standingOf(tenant)
  const isScript = /^#/m.test(asked.text)
  const user = asked.user ?? identity.users[0] ?? identity.name
  const cluster = asked.cluster ?? (books.site.clusters[0] as string)
  const planned = readSbatch(isScript ? "" : asked.text, isScript ? asked.text : "", {
    ...plannedDefaults,
    partition: "",
    account: asked.account ?? "",
  })
  if (Result.isFailure(planned)) {
    const problems = planned.failure.map(({ option, message, code, values }) => ({ option, message, code, params: values }))
    return { estimate: null, problems } satisfies EstimateAnswer
  }
  const job = planned.success
  const reach = yield* usageReach
  if (!reaches(reach, { user, account: job.account })) return yield* refuse("not-found", say("estimate-not-yours"))
  const startSeconds = yield* nowSeconds
  const isMember = reaches(reach, { user: "", account: job.account }) || (yield* hasRun(tenant, user, job.account))
  // who never ran in an account may ask for its list price, and does not learn what was agreed with others
  const rates = isMember ? books.rates : withOverrides(books.rates, readsOverride(identity))
  const estimated = estimatePlanned(job, { cluster, user, startSeconds }, { ...books, rates })
  if (Result.isFailure(estimated)) {
    const { text: message, ...sentence } = estimated.failure
    return { estimate: null, problems: [{ option: "account", message, ...sentence }] } satisfies EstimateAnswer
  }
  const { lines, perTask, total } = estimated.success
  const rounded = (amount: Decimal) => moneyView(roundAndAllocate([{ key: "", amount }], currency.exponent, "half-up").totalMinor, currency)
  return {
    estimate: {
      account: job.account,
      user,
      cluster,
      partition: job.partition,
      qos: job.qos,
      nodes: job.nodes,
      cores: job.cpus,
      gpus: Object.values(job.gpus).reduce((sum, count) => sum + count, 0),
      memoryMebibytes: job.memMebibytes,
      timeLimitSeconds: job.seconds,
      tasks: job.arrayTasks,
      lines: lines.map(({ sku, quantity, unit, unitPrice, amount, zeroReason, rate }) => ({
        sku,
        quantity: quantityView(quantity, unit),
        unitPrice: decimalText(unitPrice),
        exactAmount: decimalText(amount),
        zeroReason,
        tier: rate.tier,
      })),
      perTask: rounded(perTask),
      total: rounded(total),
      startsAt: instantText(startSeconds),
    },
    problems: [],
  } satisfies EstimateAnswer
})

export const usageHandlers = HttpApiBuilder.group(
  Api,
  "usage",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      jobs: ({ params: { tenant }, query: { cursor, limit, ...asked } }) =>
        reading(
          Effect.gen(function* () {
            const { dataUntil } = yield* standingOf(tenant)
            return { ...(yield* jobsPage(tenant, asked, { cursor: cursor ?? null, limit: limit ?? rowsDefault }, pricingWait)), dataUntil }
          }),
        ),

      jobsCsv: ({ params: { tenant }, query }) =>
        reading(
          csvResponse(`jobs-${query.month ?? "all"}.csv`, jobsCsvView, (cursor) =>
            jobsPage(tenant, query, { cursor, limit: csvRowsAPage }, null),
          ),
        ),

      job: ({ params: { tenant, cluster, jobId, submitSeconds } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            const { zone, currency, dataUntil } = yield* standingOf(tenant)
            const reach = yield* usageReach
            const versions = yield* store.recordVersions(tenant, { cluster, jobId, submitSeconds })
            const current = versions.find((version) => version.ingestSequence !== null && version.replacedBy === null)
            if (current === undefined || !reaches(reach, current.record)) return yield* refuse("not-found", say("job-unknown"))
            const usageId = jobKey(current.record)
            const [job] = yield* jobViews(tenant, [current.record], undefined, zone, currency, null)
            const stored = yield* store.listLines(tenant, { usageId }, { cursor: null, limit: 200 })
            const months = monthsOfJob(current.record, zone, yield* nowSeconds)
            const drafts = (yield* Effect.forEach(months, (month) => pricedMonth(tenant, month))).flatMap(draftLinesOf)
            const placed = [
              ...stored.rows.map((line) => ({ ...line, receipt: null })),
              ...drafts.filter(({ line }) => line.usageId === usageId),
            ]
            return {
              job: job as NonNullable<typeof job>,
              lines: yield* lineViews(tenant, placed, currency),
              versions: versions.map(({ record, ingestSequence, replacedBy, readAtMicroseconds }) => ({
                readAt: new Date(Number(readAtMicroseconds / 1_000n)).toISOString(),
                state: record.state,
                endedAt: record.endSeconds === null ? null : new Date(record.endSeconds * 1_000).toISOString(),
                standing: ingestSequence === null ? ("older" as const) : replacedBy === null ? ("current" as const) : ("replaced" as const),
              })),
              dataUntil,
            }
          }),
        ),

      lines: ({ params: { tenant }, query: { cursor, limit, ...asked } }) =>
        reading(
          Effect.gen(function* () {
            const { dataUntil } = yield* standingOf(tenant)
            return { ...(yield* linesPage(tenant, asked, { cursor: cursor ?? null, limit: limit ?? rowsDefault })), dataUntil }
          }),
        ),

      linesCsv: ({ params: { tenant }, query }) =>
        reading(
          csvResponse(`lines-${query.month ?? "all"}.csv`, linesCsvView, (cursor) =>
            linesPage(tenant, query, { cursor, limit: csvRowsAPage }),
          ),
        ),

      estimate: ({ params: { tenant }, payload }) => reading(estimateOf(tenant, payload)),

      explain: ({ params: { tenant }, query: { receiptId, lineId } }) => reading(explain(tenant, receiptId, lineId)),

      summary: ({ params: { tenant }, query: { month, ...who } }) => reading(summaryOf(tenant, month, who)),

      costs: ({ params: { tenant }, query: { month, by, compareMonth, ...who } }) =>
        reading(
          Effect.gen(function* () {
            const cache = yield* FiguresCache
            const { currency, dataUntil } = yield* standingOf(tenant)
            const test = testOf(yield* usageReach, who)
            const figures = yield* cache.month(tenant, month)
            const sums = groupCosts(figures, by, test)
            const before = compareMonth === undefined ? null : groupCosts(yield* cache.month(tenant, compareMonth), by, test)
            const total = totalMinor(sums.values())
            const ranked = by === "day" ? daysInOrder(sums) : rankCosts(sums, before)
            return {
              month,
              compareMonth: compareMonth ?? null,
              by,
              total: moneyView(total, currency),
              change: before === null ? null : changeView(total, totalMinor(before.values()), currency),
              groups: ranked.map((sum) => groupView(sum, total, before !== null && by !== "day", currency)),
              partial: figures.partial,
              dataUntil,
            }
          }),
        ),

      series: ({ params: { tenant }, query: { month, months, by, ...who } }) => reading(seriesOf(tenant, month, months, by, who)),

      facets: ({ params: { tenant }, query: { month } }) =>
        reading(
          Effect.gen(function* () {
            const cache = yield* FiguresCache
            const { dataUntil } = yield* standingOf(tenant)
            const test = testOf(yield* usageReach, {})
            const figures = yield* cache.month(tenant, month)
            const found = {
              users: new Set<string>(),
              accounts: new Set<string>(),
              partitions: new Set<string>(),
              states: new Set<string>(),
              clusters: new Set<string>(),
            }
            for (const usage of figures.usages.values()) {
              if (!test(usage)) continue
              found.users.add(usage.user)
              found.accounts.add(usage.account)
              found.partitions.add(usage.partition)
              found.states.add(usage.state)
              found.clusters.add(usage.cluster)
            }
            const sorted = (values: ReadonlySet<string>): readonly string[] => [...values].sort()
            return {
              users: sorted(found.users),
              accounts: sorted(found.accounts),
              partitions: sorted(found.partitions),
              states: sorted(found.states),
              clusters: sorted(found.clusters),
              dataUntil,
            }
          }),
        ),
    })
  }),
)
