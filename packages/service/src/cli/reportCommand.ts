import { Effect, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { loadReports } from "../run/loadReports.ts"
import { optional, print, withSite } from "./CliContext.ts"
import { balanceSheetText, incomeText, receivablesText, statementText, trialBalanceReportText } from "./text/reportText.ts"

const DateText = Schema.String.check(
  Schema.makeFilter(
    (text) =>
      (/^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text)) ||
      `"${text}" is not a date: write year, month and day such as 2026-10-31`,
  ),
)

const dateFlag = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.withMetavar("DATE"), Flag.withSchema(DateText), Flag.optional)

const payer = Flag.String("payer").pipe(Flag.withDescription("Only what belongs to this payer"), Flag.withMetavar("ID"), Flag.optional)
const asOf = dateFlag("as-of", "As the books stood at the end of this day; today when absent")
const from = dateFlag("from", "First day; the first day of the year of --to when absent")
const to = dateFlag("to", "Last day; today when absent")

const payersOf = (payer: Parameters<typeof optional<string>>[0]): readonly string[] | null => {
  const id = optional(payer)
  return id === null ? null : [id]
}

type Reports = Effect.Success<ReturnType<typeof loadReports>>

const daysOf = (
  { today }: Reports,
  input: { readonly from: Parameters<typeof optional<string>>[0]; readonly to: Parameters<typeof optional<string>>[0] },
) => {
  const untilDate = optional(input.to) ?? today
  return { fromDate: optional(input.from) ?? `${untilDate.slice(0, 4)}-01-01`, untilDate }
}

const trial = Command.make("trial-balance", { asOf, payer }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site }) {
      const reports = yield* loadReports(site.tenant, payersOf(input.payer))
      const asOfDate = optional(input.asOf) ?? reports.today
      const balance = reports.trialBalance(asOfDate)
      yield* print({ asOfDate, ...balance }, trialBalanceReportText(asOfDate, balance))
    }),
  ),
).pipe(Command.withDescription("Every account with its turnover and balance"))

const income = Command.make("income-statement", { from, to, payer }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site }) {
      const reports = yield* loadReports(site.tenant, payersOf(input.payer))
      const { fromDate, untilDate } = daysOf(reports, input)
      const statements = reports.incomeStatements(fromDate, untilDate)
      yield* print({ fromDate, untilDate, statements }, `${fromDate} to ${untilDate}\n${statements.map(incomeText).join("\n\n")}`)
    }),
  ),
).pipe(Command.withDescription("Revenue, expenses and profit between two days"))

const sheet = Command.make("balance-sheet", { asOf, payer }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site }) {
      const reports = yield* loadReports(site.tenant, payersOf(input.payer))
      const asOfDate = optional(input.asOf) ?? reports.today
      const sheets = reports.balanceSheets(asOfDate)
      yield* print({ asOfDate, sheets }, `As of ${asOfDate}\n${sheets.map(balanceSheetText).join("\n\n")}`)
    }),
  ),
).pipe(Command.withDescription("Assets, liabilities and equity at the end of a day"))

const receivables = Command.make("receivables", { asOf, payer }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site }) {
      const reports = yield* loadReports(site.tenant, payersOf(input.payer))
      const asOfDate = optional(input.asOf) ?? reports.today
      const rows = yield* reports.receivables(asOfDate)
      yield* print({ asOfDate, receivables: rows }, `As of ${asOfDate}\n${receivablesText(rows)}`)
    }),
  ),
).pipe(Command.withDescription("What is still owed of each receipt, by its age"))

const statement = Command.make(
  "statement",
  { account: Argument.String("account").pipe(Argument.withDescription("Account of the chart, such as 1100")), from, to, payer },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site }) {
        const reports = yield* loadReports(site.tenant, payersOf(input.payer))
        const { fromDate, untilDate } = daysOf(reports, input)
        const statements = yield* reports.statements(input.account, fromDate, untilDate)
        yield* print(
          { account: input.account, fromDate, untilDate, statements },
          `Account ${input.account}, ${fromDate} to ${untilDate}\n${statements.map(statementText).join("\n\n")}`,
        )
      }),
    ),
).pipe(Command.withDescription("What moved on one account, day by day"))

export const reportCommand = Command.make("report").pipe(
  Command.withSubcommands([trial, income, sheet, receivables, statement]),
  Command.withDescription("Reports over the books, as of any day and per payer; they store nothing"),
)
