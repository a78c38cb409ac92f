import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../../api/Api.ts"
import {
  type BalanceSheetReport,
  type IncomeReport,
  type ReceivablesReport,
  reportRowsMaximum,
  type StatementReport,
  type TrialBalanceReport,
} from "../../api/groups/reports.ts"
import { Caller } from "../../api/Identity.ts"
import type { PermissionKey } from "../../api/permissions.ts"
import { say } from "../../api/sentences.ts"
import { loadReports } from "../../run/loadReports.ts"
import { refuse } from "../../run/RunError.ts"
import { policyOf } from "../../site/policyOf.ts"
import { reachOf } from "../access.ts"
import { csvResponse } from "../csvResponse.ts"
import { reading } from "../problemOf.ts"
import { standingOf } from "../tenantView.ts"
import type { CsvView } from "../views/csvViews.ts"
import {
  balanceSheetCsvView,
  balanceSheetLines,
  incomeCsvView,
  incomeLines,
  receivablesCsvView,
  statementCsvView,
  statementRows,
  trialBalanceCsvView,
} from "../views/reportCsvViews.ts"
import {
  accountNames,
  balanceSheetView,
  incomeView,
  receivableRows,
  receivableSums,
  statementView,
  trialBalanceRows,
  trialBalanceTotals,
} from "../views/reportViews.ts"
import { payersWithin } from "./payers.ts"

/** The reports over what the caller reaches with the permission: all of the books, or the part of their own payers. */
const reportsWithin = Effect.fnUntraced(function* (tenant: string, payerId: string | undefined, permission: PermissionKey) {
  const { books } = yield* standingOf(tenant)
  const reach = reachOf((yield* Caller).identity, permission)
  const own = reach.kind === "all" ? null : payersWithin(books, reach)
  if (payerId !== undefined && own !== null && !own.has(payerId)) return yield* refuse("not-found", say("payer-unknown"))
  const reports = yield* loadReports(tenant, payerId !== undefined ? [payerId] : own === null ? null : [...own])
  return { reports, books, isAll: own === null, payerId: payerId ?? null }
})

interface AsOf {
  readonly asOf?: string
  readonly payerId?: string
}

interface Between {
  readonly from?: string
  readonly to?: string
  readonly payerId?: string
}

const daysOf = (today: string, { from, to }: Between) => {
  const untilDate = to ?? today
  return { fromDate: from ?? `${untilDate.slice(0, 4)}-01-01`, untilDate }
}

const csvOf = <Row>(name: string, view: CsvView<Row>, rows: readonly Row[]) =>
  csvResponse(`${name}.csv`, view, () => Effect.succeed({ rows, next: null }))

const trialBalanceOf = Effect.fnUntraced(function* (tenant: string, query: AsOf) {
  const { reports, payerId } = yield* reportsWithin(tenant, query.payerId, "journalRead")
  const asOf = query.asOf ?? reports.today
  const balance = reports.trialBalance(asOf)
  const rows = trialBalanceRows(balance, reports.chart)
  return { asOf, payerId, rows, totals: trialBalanceTotals(balance, reports.currencies) } satisfies TrialBalanceReport
})

const incomeOf = Effect.fnUntraced(function* (tenant: string, query: Between) {
  const { reports, payerId } = yield* reportsWithin(tenant, query.payerId, "journalRead")
  const { fromDate, untilDate } = daysOf(reports.today, query)
  const statements = reports.incomeStatements(fromDate, untilDate).map(incomeView)
  return { from: fromDate, to: untilDate, payerId, statements } satisfies IncomeReport
})

const balanceSheetOf = Effect.fnUntraced(function* (tenant: string, query: AsOf) {
  const { reports, payerId } = yield* reportsWithin(tenant, query.payerId, "journalRead")
  const asOf = query.asOf ?? reports.today
  return { asOf, payerId, sheets: reports.balanceSheets(asOf).map(balanceSheetView) } satisfies BalanceSheetReport
})

const receivablesOf = Effect.fnUntraced(function* (tenant: string, query: AsOf, rowsMaximum: number) {
  const { reports, books, payerId } = yield* reportsWithin(tenant, query.payerId, "receiptRead")
  const asOf = query.asOf ?? reports.today
  const rows = yield* reports.receivables(asOf)
  return {
    asOf,
    payerId,
    ...receivableSums(rows),
    rows: receivableRows(rows.slice(0, rowsMaximum), books.payerBook),
    rowCount: rows.length,
  } satisfies ReceivablesReport
})

interface OfAccount extends Between {
  readonly account: string
}

/** Why a debt was given up is said among those who keep the books, not to who owed it. */
const withoutReason = <Line extends { readonly entryId: string; readonly memo: string }>(line: Line): Line =>
  line.entryId.endsWith("/written-off") ? { ...line, memo: "Written off" } : line

/** Who reads the books of their own payers alone sees what is owed and what is paid ahead, and no account of the centre. */
const statementsOf = Effect.fnUntraced(function* (tenant: string, query: OfAccount) {
  const { reports, books, isAll, payerId } = yield* reportsWithin(tenant, query.payerId, "receiptRead")
  const { receivable, unearned } = policyOf(books.site).roles
  if (!isAll && query.account !== receivable && query.account !== unearned) {
    return yield* refuse("not-found", say("account-unknown", { account: query.account, accounts: `${receivable}, ${unearned}` }))
  }
  const { fromDate, untilDate } = daysOf(reports.today, query)
  const whole = yield* reports.statements(query.account, fromDate, untilDate)
  const statements = isAll ? whole : whole.map(({ lines, ...statement }) => ({ ...statement, lines: lines.map(withoutReason) }))
  return { chart: reports.chart, fromDate, untilDate, payerId, statements }
})

const statementOf = Effect.fnUntraced(function* (tenant: string, query: OfAccount) {
  const { chart, fromDate, untilDate, payerId, statements } = yield* statementsOf(tenant, query)
  return {
    ...accountNames(chart, query.account),
    from: fromDate,
    to: untilDate,
    payerId,
    statements: statements.map(statementView),
  } satisfies StatementReport
})

export const reportsHandlers = HttpApiBuilder.group(
  Api,
  "reports",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      trialBalance: ({ params: { tenant }, query }) => reading(trialBalanceOf(tenant, query)),
      trialBalanceCsv: ({ params: { tenant }, query }) =>
        reading(
          Effect.flatMap(trialBalanceOf(tenant, query), ({ asOf, rows }) => csvOf(`trial-balance-${asOf}`, trialBalanceCsvView, rows)),
        ),
      incomeStatement: ({ params: { tenant }, query }) => reading(incomeOf(tenant, query)),
      incomeStatementCsv: ({ params: { tenant }, query }) =>
        reading(
          Effect.flatMap(incomeOf(tenant, query), ({ from, to, statements }) =>
            csvOf(`income-statement-${from}-${to}`, incomeCsvView, statements.flatMap(incomeLines)),
          ),
        ),
      balanceSheet: ({ params: { tenant }, query }) => reading(balanceSheetOf(tenant, query)),
      balanceSheetCsv: ({ params: { tenant }, query }) =>
        reading(
          Effect.flatMap(balanceSheetOf(tenant, query), ({ asOf, sheets }) =>
            csvOf(`balance-sheet-${asOf}`, balanceSheetCsvView, sheets.flatMap(balanceSheetLines)),
          ),
        ),
      receivables: ({ params: { tenant }, query }) => reading(receivablesOf(tenant, query, reportRowsMaximum)),
      receivablesCsv: ({ params: { tenant }, query }) =>
        reading(
          Effect.flatMap(receivablesOf(tenant, query, Number.POSITIVE_INFINITY), ({ asOf, rows }) =>
            csvOf(`receivables-${asOf}`, receivablesCsvView, rows),
          ),
        ),
      statement: ({ params: { tenant }, query }) => reading(statementOf(tenant, query)),
      statementCsv: ({ params: { tenant }, query }) =>
        reading(
          Effect.flatMap(statementsOf(tenant, query), ({ fromDate, untilDate, statements }) =>
            csvOf(`statement-${query.account}-${fromDate}-${untilDate}`, statementCsvView, statements.flatMap(statementRows)),
          ),
        ),
    })
  }),
)
