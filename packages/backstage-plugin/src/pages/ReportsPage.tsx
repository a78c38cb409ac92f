import { Button, Link } from "@backstage/ui"
import type { BalanceSheetReport, IncomeReport, ReceivablesReport, StatementReport, TrialBalanceReport } from "@hpc-billing/service/api"
import { receiptPath } from "../explain/ExplainDrawer.tsx"
import { useBilling } from "../parts/Billing.tsx"
import { Balanced } from "../parts/chips.tsx"
import { DataTable } from "../parts/DataTable.tsx"
import { DateField, isDate } from "../parts/DateField.tsx"
import { Amount, AmountText } from "../parts/figures.tsx"
import { Choose, CopyLink } from "../parts/filters.tsx"
import { Panel } from "../parts/Panel.tsx"
import { payerName } from "../parts/ReceiptsTable.tsx"
import { SaveButton } from "../parts/SaveButton.tsx"
import { Empty, Loaded } from "../parts/states.tsx"
import { useLoad } from "../parts/useLoad.ts"
import { useText } from "../parts/useText.ts"
import { useKept, useView } from "../parts/useView.ts"
import { ledgerAccountWords } from "../parts/words.ts"

const reports = ["trial-balance", "income", "balance-sheet", "receivables"] as const

/** What is owned, owed and earned, as the books stood at the end of a day? */
export const ReportsPage = () => {
  const { t } = useText()
  const view = useView()
  const account = view.get("account")
  const chosen = reports.find((one) => one === view.get("report")) ?? reports[0]
  const isBetween = chosen === "income" || account !== null
  const dateOf = (name: string): string | null => {
    const date = view.get(name)
    return date !== null && isDate(date) ? date : null
  }
  const [asOf, from] = [dateOf("asOf"), dateOf("from")]
  const today = todayIn(useBilling().tenant.zone)
  return (
    <>
      <div className="hb-bar">
        <Choose
          label={t("reports.report")}
          choices={reports.map((one) => ({ value: one, label: t(`reports.${one}`) }))}
          value={chosen}
          onChange={(report) => view.set({ report, account: null })}
        />
        {isBetween ? (
          <DateField
            label={t("reports.from")}
            value={from ?? `${(asOf ?? today).slice(0, 4)}-01-01`}
            onChange={(date) => view.set({ from: date })}
          />
        ) : null}
        <DateField
          label={isBetween ? t("reports.to") : t("reports.asOf")}
          value={asOf ?? today}
          onChange={(date) => view.set({ asOf: date })}
        />
        {asOf === null && from === null ? null : (
          <Button variant="secondary" onPress={() => view.set({ asOf: null, from: null })}>
            {t("rates.today")}
          </Button>
        )}
        <div className="hb-push">
          <CopyLink />
        </div>
      </div>
      {account !== null ? (
        <Statement account={account} from={from} to={asOf} />
      ) : chosen === "trial-balance" ? (
        <TrialBalance asOf={asOf} />
      ) : chosen === "income" ? (
        <Income from={from} to={asOf} />
      ) : chosen === "balance-sheet" ? (
        <BalanceSheet asOf={asOf} />
      ) : (
        <Receivables asOf={asOf} />
      )}
    </>
  )
}

/** The day that the service takes where none is chosen. */
const todayIn = (timeZone: string): string => {
  const parts = new Intl.DateTimeFormat("en", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(new Date())
  const part = (wanted: string): string => parts.find(({ type }) => type === wanted)?.value ?? ""
  return `${part("year")}-${part("month")}-${part("day")}`
}

interface AsOf {
  readonly asOf: string | null
}

interface Between {
  readonly from: string | null
  readonly to: string | null
}

const asOfQuery = ({ asOf }: AsOf) => (asOf === null ? {} : { asOf })
const betweenQuery = ({ from, to }: Between) => ({ ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) })

const useParams = () => ({ tenant: useBilling().tenant.tenant })

const TrialBalance = ({ asOf }: AsOf) => {
  const text = useText()
  const { t, dayText } = text
  const view = useView()
  const params = useParams()
  const query = asOfQuery({ asOf })
  const report = useLoad(["report", "trial-balance", params.tenant, asOf], (client, signal) =>
    client.reports.trialBalance({ params, query, signal }),
  )
  const { currency } = useBilling().tenant
  const total = (side: "debit" | "credit", { totals }: TrialBalanceReport) =>
    totals.length === 1 && totals[0] !== undefined ? <Amount money={totals[0][side]} /> : undefined
  return (
    <Loaded of={report}>
      {(value) => (
        <Panel
          title={t("reports.trial-balance")}
          note={t("reports.endOf", { day: dayText(value.asOf) })}
          actions={
            <>
              {value.rows.length === 0 ? null : <Balanced isBalanced={value.totals.every(({ balanced }) => balanced)} />}
              <SaveButton label={t("reports.csv")} load={(client) => client.reports.trialBalanceCsv({ params, query })} />
            </>
          }
        >
          {value.rows.length === 0 ? (
            <Empty title={t("reports.nothing", { day: dayText(value.asOf) })} />
          ) : (
            <DataTable
              label={t("reports.trial-balance")}
              rows={value.rows}
              keyOf={({ account, balance }) => `${account}-${balance.currency}`}
              columns={[
                {
                  id: "account",
                  label: t("month.ledgerAccount"),
                  cell: (row) => (
                    <>
                      <span className="hb-muted hb-number">{row.account}</span>{" "}
                      <button type="button" className="hb-amount" onClick={() => view.set({ account: row.account })}>
                        {ledgerAccountWords(row, text)}
                      </button>
                    </>
                  ),
                  total: t("column.total"),
                },
                {
                  id: "debit",
                  label: `${t("month.debit")} (${currency})`,
                  isFigure: true,
                  cell: ({ debit }) => <Amount money={debit} />,
                  total: total("debit", value),
                },
                {
                  id: "credit",
                  label: t("month.credit"),
                  isFigure: true,
                  cell: ({ credit }) => <Amount money={credit} />,
                  total: total("credit", value),
                },
                { id: "balance", label: t("month.balance"), isFigure: true, cell: ({ balance }) => <Amount money={balance} /> },
              ]}
            />
          )}
        </Panel>
      )}
    </Loaded>
  )
}

type StatementLine = IncomeReport["statements"][number]["revenue"][number]

const Lines = ({
  title,
  lines,
  total,
}: {
  readonly title: string
  readonly lines: readonly StatementLine[]
  readonly total: StatementLine["amount"]
}) => {
  const text = useText()
  const { t } = text
  return (
    <DataTable
      label={title}
      rows={lines}
      keyOf={({ account }) => account}
      columns={[
        {
          id: "account",
          label: title,
          cell: (line) => (
            <>
              <span className="hb-muted hb-number">{line.account}</span> {ledgerAccountWords(line, text)}
            </>
          ),
          total: t("column.total"),
        },
        {
          id: "amount",
          label: t("column.amount", { currency: total.currency }),
          isFigure: true,
          cell: ({ amount }) => <Amount money={amount} />,
          total: <Amount money={total} />,
        },
      ]}
    />
  )
}

const Income = (between: Between) => {
  const { t, dayText } = useText()
  const params = useParams()
  const query = betweenQuery(between)
  const report = useLoad(["report", "income", params.tenant, between.from, between.to], (client, signal) =>
    client.reports.incomeStatement({ params, query, signal }),
  )
  return (
    <Loaded of={report}>
      {({ from, to, statements }) => (
        <Panel
          title={t("reports.income")}
          note={t("rates.span", { from: dayText(from), to: dayText(to) })}
          actions={<SaveButton label={t("reports.csv")} load={(client) => client.reports.incomeStatementCsv({ params, query })} />}
        >
          {statements.length === 0 ? <Empty title={t("reports.nothingBetween", { from: dayText(from), to: dayText(to) })} /> : null}
          {statements.map((statement) => (
            <div key={statement.currency}>
              <p className="hb-sentence">
                {t(statement.profit.amountMinor.startsWith("-") ? "reports.loss" : "reports.profit", {
                  amount: <AmountText money={statement.profit} />,
                })}
              </p>
              <div className="hb-grid">
                <Lines title={t("reports.revenue")} lines={statement.revenue} total={statement.revenueTotal} />
                <Lines title={t("reports.expenses")} lines={statement.expenses} total={statement.expensesTotal} />
              </div>
            </div>
          ))}
        </Panel>
      )}
    </Loaded>
  )
}

const BalanceSheet = ({ asOf }: AsOf) => {
  const { t, dayText } = useText()
  const params = useParams()
  const query = asOfQuery({ asOf })
  const report = useLoad(["report", "balance-sheet", params.tenant, asOf], (client, signal) =>
    client.reports.balanceSheet({ params, query, signal }),
  )
  const sources = ({ liabilities, equity, currentEarnings }: BalanceSheetReport["sheets"][number]): readonly StatementLine[] => {
    const earnings = t("reports.currentEarnings")
    return [...liabilities, ...equity, { account: "", accountName: earnings, accountNameThai: earnings, amount: currentEarnings }]
  }
  return (
    <Loaded of={report}>
      {(value) => (
        <Panel
          title={t("reports.balance-sheet")}
          note={t("reports.endOf", { day: dayText(value.asOf) })}
          actions={
            <>
              {value.sheets.length === 0 ? null : (
                <Balanced isBalanced={value.sheets.every(({ balanced }) => balanced)} words="reports.sheetBalanced" />
              )}
              <SaveButton label={t("reports.csv")} load={(client) => client.reports.balanceSheetCsv({ params, query })} />
            </>
          }
        >
          {value.sheets.length === 0 ? <Empty title={t("reports.nothing", { day: dayText(value.asOf) })} /> : null}
          {value.sheets.map((sheet) => (
            <div key={sheet.currency} className="hb-grid">
              <Lines title={t("reports.assets")} lines={sheet.assets} total={sheet.assetsTotal} />
              <Lines title={t("reports.liabilitiesAndEquity")} lines={sources(sheet)} total={sheet.liabilitiesAndEquityTotal} />
            </div>
          ))}
        </Panel>
      )}
    </Loaded>
  )
}

const Receivables = ({ asOf }: AsOf) => {
  const { t, language, dayText, countText } = useText()
  const { root } = useBilling()
  const kept = useKept()
  const params = useParams()
  const query = asOfQuery({ asOf })
  const report = useLoad(["report", "receivables", params.tenant, asOf], (client, signal) =>
    client.reports.receivables({ params, query, signal }),
  )
  const days = ({ fromDays, untilDays }: ReceivablesReport["ages"][number]): string =>
    untilDays === null ? `${fromDays}+` : `${fromDays}–${untilDays}`
  return (
    <Loaded of={report}>
      {(value) => (
        <Panel
          title={t("reports.receivables")}
          note={t("reports.endOf", { day: dayText(value.asOf) })}
          actions={<SaveButton label={t("reports.csv")} load={(client) => client.reports.receivablesCsv({ params, query })} />}
        >
          {value.rowCount === 0 ? (
            <Empty title={t("reports.nothingOwed", { day: dayText(value.asOf) })} />
          ) : (
            <>
              <DataTable
                label={t("month.ageText")}
                rows={value.ages}
                keyOf={(age) => `${age.fromDays}-${age.open.currency}`}
                columns={[
                  { id: "age", label: t("month.ageText"), cell: days, total: t("column.total") },
                  {
                    id: "count",
                    label: t("month.count"),
                    isFigure: true,
                    cell: ({ receipts }) => countText(receipts),
                    total: value.rowCount,
                  },
                  {
                    id: "open",
                    label: t("receipt.balance"),
                    isFigure: true,
                    cell: ({ open }) => <Amount money={open} />,
                    total: value.totals.map((total) => <Amount key={total.currency} money={total} />),
                  },
                ]}
              />
              <DataTable
                label={t("reports.receivables")}
                rows={value.rows}
                keyOf={({ receiptId }) => receiptId}
                columns={[
                  {
                    id: "receipt",
                    label: t("month.number"),
                    cell: ({ receiptId, receiptNumber }) => (
                      <Link href={kept(`${root}/receipts/${receiptPath(receiptId)}`)}>{receiptNumber ?? receiptId}</Link>
                    ),
                  },
                  { id: "payer", label: t("month.payer"), cell: (row) => payerName(row, language) },
                  { id: "issued", label: t("receipt.issuedAt"), cell: ({ issuedOn }) => dayText(issuedOn) },
                  { id: "age", label: t("month.age"), isFigure: true, cell: ({ ageDays }) => ageDays },
                  { id: "open", label: t("receipt.balance"), isFigure: true, cell: ({ open }) => <Amount money={open} /> },
                ]}
              />
              {value.rowCount > value.rows.length ? (
                <p className="hb-note">{t("reports.more", { shown: countText(value.rows.length), all: countText(value.rowCount) })}</p>
              ) : null}
            </>
          )}
        </Panel>
      )}
    </Loaded>
  )
}

const Statement = ({ account, ...between }: Between & { readonly account: string }) => {
  const text = useText()
  const { t, dayText, countText } = text
  const view = useView()
  const params = useParams()
  const query = { account, ...betweenQuery(between) }
  const report = useLoad(["report", "statement", params.tenant, account, between.from, between.to], (client, signal) =>
    client.reports.statement({ params, query, signal }),
  )
  const table = ({ currency, opening, lines, lineCount, closing }: StatementReport["statements"][number]) => (
    <div key={currency}>
      <p className="hb-note">{t("reports.opening", { amount: <AmountText money={opening} /> })}</p>
      <DataTable
        label={t("reports.statement")}
        rows={lines.map((line, index) => ({ ...line, index }))}
        keyOf={({ index }) => String(index)}
        columns={[
          {
            id: "memo",
            label: t("month.entry"),
            cell: ({ memo, date }) => (
              <>
                {memo}
                <span className="hb-sub">{dayText(date)}</span>
              </>
            ),
            total: t("reports.closing"),
          },
          {
            id: "debit",
            label: `${t("month.debit")} (${currency})`,
            isFigure: true,
            cell: ({ debit }) => (debit === null ? "" : <Amount money={debit} />),
          },
          {
            id: "credit",
            label: t("month.credit"),
            isFigure: true,
            cell: ({ credit }) => (credit === null ? "" : <Amount money={credit} />),
          },
          {
            id: "balance",
            label: t("month.balance"),
            isFigure: true,
            cell: ({ balance }) => <Amount money={balance} />,
            total: <Amount money={closing} />,
          },
        ]}
      />
      {lineCount > lines.length ? (
        <p className="hb-note">{t("reports.more", { shown: countText(lines.length), all: countText(lineCount) })}</p>
      ) : null}
    </div>
  )
  return (
    <Loaded of={report}>
      {(value) => (
        <Panel
          title={`${value.account} ${ledgerAccountWords(value, text)}`}
          note={t("rates.span", { from: dayText(value.from), to: dayText(value.to) })}
          actions={
            <>
              <Button variant="secondary" size="small" onPress={() => view.set({ account: null })}>
                {t("reports.back")}
              </Button>
              <SaveButton label={t("reports.csv")} load={(client) => client.reports.statementCsv({ params, query })} />
            </>
          }
        >
          {value.statements.length === 0 ? (
            <Empty title={t("reports.nothingBetween", { from: dayText(value.from), to: dayText(value.to) })} />
          ) : (
            value.statements.map(table)
          )}
        </Panel>
      )}
    </Loaded>
  )
}
