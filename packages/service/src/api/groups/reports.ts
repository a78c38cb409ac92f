import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Access, Problems, readErrors } from "../Identity.ts"
import { routes } from "../routes.ts"
import { DateText, inTenant, Money, Name, text } from "../values.ts"

const account = { account: Schema.String, accountName: Schema.String, accountNameThai: Schema.String }

/** Over all that is posted, or over one payer's part of it. */
const ofPayer = { payerId: Schema.NullOr(Schema.String) }

/** The books as they stood at the end of a day. */
export const TrialBalanceReport = Schema.Struct({
  asOf: Schema.String,
  ...ofPayer,
  rows: Schema.Array(Schema.Struct({ ...account, accountType: Schema.String, debit: Money, credit: Money, balance: Money })),
  /** By currency. */
  totals: Schema.Array(Schema.Struct({ debit: Money, credit: Money, balanced: Schema.Boolean })),
}).annotate({ identifier: "TrialBalanceReport" })
export type TrialBalanceReport = typeof TrialBalanceReport.Type

/** Amounts above zero on the account's own side. */
const StatementLines = Schema.Array(Schema.Struct({ ...account, amount: Money }))

/** Between two days, both counted, by currency. */
export const IncomeReport = Schema.Struct({
  from: Schema.String,
  to: Schema.String,
  ...ofPayer,
  statements: Schema.Array(
    Schema.Struct({
      currency: Schema.String,
      revenue: StatementLines,
      expenses: StatementLines,
      revenueTotal: Money,
      expensesTotal: Money,
      profit: Money,
    }),
  ),
}).annotate({ identifier: "IncomeReport" })
export type IncomeReport = typeof IncomeReport.Type

export const BalanceSheetReport = Schema.Struct({
  asOf: Schema.String,
  ...ofPayer,
  sheets: Schema.Array(
    Schema.Struct({
      currency: Schema.String,
      assets: StatementLines,
      liabilities: StatementLines,
      equity: StatementLines,
      /** Profit that no year close has moved to equity yet. */
      currentEarnings: Money,
      assetsTotal: Money,
      /** Liabilities, equity and current earnings. */
      liabilitiesAndEquityTotal: Money,
      balanced: Schema.Boolean,
    }),
  ),
}).annotate({ identifier: "BalanceSheetReport" })
export type BalanceSheetReport = typeof BalanceSheetReport.Type

export const reportRowsMaximum = 1_000

/** What is still owed of each receipt, by its age; below zero where the payer stands in credit. */
export const ReceivablesReport = Schema.Struct({
  asOf: Schema.String,
  ...ofPayer,
  /** By currency and age in days since issue; `untilDays` is the last day of it, null for all that is older. */
  ages: Schema.Array(Schema.Struct({ fromDays: Schema.Int, untilDays: Schema.NullOr(Schema.Int), open: Money, receipts: Schema.Int })),
  /** By currency. */
  totals: Schema.Array(Money),
  /** At most 1 000, the CSV has all. */
  rows: Schema.Array(
    Schema.Struct({
      payerId: Schema.String,
      payerNameThai: Schema.String,
      payerNameEnglish: Schema.String,
      receiptId: Schema.String,
      receiptNumber: Schema.NullOr(Schema.String),
      issuedOn: Schema.String,
      ageDays: Schema.Int,
      open: Money,
    }),
  ),
  rowCount: Schema.Int,
}).annotate({ identifier: "ReceivablesReport" })
export type ReceivablesReport = typeof ReceivablesReport.Type

/** What moved on one account between two days, both counted, by currency. */
export const StatementReport = Schema.Struct({
  ...account,
  from: Schema.String,
  to: Schema.String,
  ...ofPayer,
  statements: Schema.Array(
    Schema.Struct({
      currency: Schema.String,
      opening: Money,
      /** At most 1 000, the CSV has all. Balances are debits less credits. */
      lines: Schema.Array(
        Schema.Struct({
          date: Schema.String,
          entryId: Schema.String,
          memo: Schema.String,
          debit: Schema.NullOr(Money),
          credit: Schema.NullOr(Money),
          balance: Money,
        }),
      ),
      lineCount: Schema.Int,
      closing: Money,
    }),
  ),
}).annotate({ identifier: "StatementReport" })
export type StatementReport = typeof StatementReport.Type

/** RFC 4180, UTF-8 with byte order mark, inert in a spreadsheet. */
const Csv = Schema.Uint8Array.pipe(HttpApiSchema.asUint8Array({ contentType: "text/csv" }))

/** `asOf` absent: today in the billing zone. */
const asOf = { asOf: Schema.optionalKey(DateText), payerId: Schema.optionalKey(Name) }
/** `to` absent: today; `from` absent: the first day of the year of `to`. */
const between = { from: Schema.optionalKey(DateText), to: Schema.optionalKey(DateText), payerId: Schema.optionalKey(Name) }
const ofAccount = { account: text(/^[A-Za-z0-9._-]{1,40}$/, "an account of the chart"), ...between }

const report = <const Name extends string, const Path extends `/${string}`, Query extends Schema.Struct.Fields, Success extends Schema.Top>(
  name: Name,
  path: Path,
  query: Query,
  success: Success,
) => HttpApiEndpoint.get(name, path, { params: inTenant, query, success, error: readErrors })

export class ReportsGroup extends HttpApiGroup.make("reports")
  .add(
    report("trialBalance", routes.reports.trialBalance.path, asOf, TrialBalanceReport),
    report("trialBalanceCsv", routes.reports.trialBalanceCsv.path, asOf, Csv),
    report("incomeStatement", routes.reports.incomeStatement.path, between, IncomeReport),
    report("incomeStatementCsv", routes.reports.incomeStatementCsv.path, between, Csv),
    report("balanceSheet", routes.reports.balanceSheet.path, asOf, BalanceSheetReport),
    report("balanceSheetCsv", routes.reports.balanceSheetCsv.path, asOf, Csv),
    report("receivables", routes.reports.receivables.path, asOf, ReceivablesReport),
    report("receivablesCsv", routes.reports.receivablesCsv.path, asOf, Csv),
    report("statement", routes.reports.statement.path, ofAccount, StatementReport),
    report("statementCsv", routes.reports.statementCsv.path, ofAccount, Csv),
  )
  .middleware(Access)
  .middleware(Problems) {}
