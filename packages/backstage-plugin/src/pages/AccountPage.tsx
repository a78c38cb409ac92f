import { Link } from "@backstage/ui"
import { DayFigure, TrendFigure } from "../charts/index.tsx"
import { AccountSentence } from "../parts/AccountSentence.tsx"
import { useBilling, useMay } from "../parts/Billing.tsx"
import { CostTable } from "../parts/CostTable.tsx"
import { Chip } from "../parts/chips.tsx"
import { isNothing, Until } from "../parts/figures.tsx"
import { Choose, CompareFilter, CopyLink, MonthFilter, useCompareMonth, useMonth } from "../parts/filters.tsx"
import { Panel } from "../parts/Panel.tsx"
import { ReceiptsTable } from "../parts/ReceiptsTable.tsx"
import { SaveButton } from "../parts/SaveButton.tsx"
import { Empty, Loaded, Loading } from "../parts/states.tsx"
import { useLoad } from "../parts/useLoad.ts"
import { moneyText, useText } from "../parts/useText.ts"
import { useKept, useView } from "../parts/useView.ts"
import { PrepaidPanel } from "./PrepaidPanel.tsx"

/** Who spent what in an account, and why did it change? */
export const AccountPage = () => {
  const { t } = useText()
  const { me, tenant } = useBilling()
  const view = useView()
  const month = useMonth()
  const accounts = useLoad(["accounts", tenant.tenant], (client, signal) =>
    client.payers.accounts({ params: { tenant: tenant.tenant }, signal }),
  )
  // without an account in the address, one that was used in the month
  const facets = useLoad(["facets", tenant.tenant, month], (client, signal) =>
    client.usage.facets({ params: { tenant: tenant.tenant }, query: { month }, signal }),
  )
  return (
    <Loaded of={accounts}>
      {({ accounts: known }) => {
        if (facets.isPending && view.get("account") === null) return <Loading />
        const names = [...new Set(known.map(({ account }) => account))].sort()
        const used = facets.data?.accounts ?? []
        const account =
          view.get("account") ??
          names.find((name) => me.accounts.includes(name) && used.includes(name)) ??
          names.find((name) => me.accounts.includes(name)) ??
          names.find((name) => used.includes(name)) ??
          names[0]
        if (account === undefined) return <Empty title={t("account.none")} text={t("account.noneText")} />
        const choices = [...new Set([account, ...names])].map((name) => ({ value: name, label: name }))
        return (
          <>
            <div className="hb-bar">
              <Choose label={t("account.pick")} choices={choices} value={account} onChange={(chosen) => view.set({ account: chosen })} />
              <MonthFilter />
              <CompareFilter />
              <div className="hb-push">
                <CopyLink />
              </div>
            </div>
            <AccountFigures account={account} />
          </>
        )
      }}
    </Loaded>
  )
}

/** All of one account; also the tab of an entity. */
export const AccountFigures = ({ account }: { readonly account: string }) => {
  const { t, language, monthText, countText } = useText()
  const { root, tenant } = useBilling()
  const may = useMay()
  const kept = useKept()
  const month = useMonth()
  const compareMonth = useCompareMonth()
  const params = { tenant: tenant.tenant }
  const scope = [tenant.tenant, month, account]
  const compared = { month, account, ...(compareMonth === null ? {} : { compareMonth }) }
  const accounts = useLoad(["accounts", tenant.tenant], (client, signal) => client.payers.accounts({ params, signal }))
  const summary = useLoad(["summary", ...scope], (client, signal) => client.usage.summary({ params, query: { month, account }, signal }))
  const days = useLoad(["costs", "day", ...scope], (client, signal) =>
    client.usage.costs({ params, query: { month, by: "day", account }, signal }),
  )
  const drivers = useLoad(["costs", "sku", compareMonth, ...scope], (client, signal) =>
    client.usage.costs({ params, query: { ...compared, by: "sku" }, signal }),
  )
  const people = useLoad(["costs", "user", compareMonth, ...scope], (client, signal) =>
    client.usage.costs({ params, query: { ...compared, by: "user" }, signal }),
  )
  const trend = useLoad(["series", "total", ...scope], (client, signal) =>
    client.usage.series({ params, query: { month, months: 13, by: "total", account }, signal }),
  )
  const mapped = accounts.data?.accounts.find((one) => one.account === account)
  const payer = mapped === undefined ? null : language === "th" ? mapped.payerNameThai : mapped.payerNameEnglish
  return (
    <>
      <Loaded of={summary}>
        {(value) => (
          <Panel>
            <AccountSentence account={account} summary={value} />
            {value.forecast === null || isNothing(value.forecast.high) ? null : (
              <p className="hb-note">
                {t("account.forecast", {
                  month: monthText(value.month),
                  low: moneyText(value.forecast.low),
                  middle: moneyText(value.forecast.middle),
                  high: moneyText(value.forecast.high),
                })}
              </p>
            )}
            {value.failedJobs > 0 ? (
              <p className="hb-note">
                {t("account.failed", { count: value.failedJobs, number: countText(value.failedJobs), amount: moneyText(value.failedCost) })}
              </p>
            ) : null}
            <div className="hb-bar">
              {accounts.data === undefined ? null : payer === null ? (
                <Chip kind="warn">{t("account.unmapped")}</Chip>
              ) : (
                <Chip>{t("account.payer", { payer })}</Chip>
              )}
              {mapped === undefined || mapped.tier === null ? null : <Chip>{t("account.tier", { tier: mapped.tier })}</Chip>}
            </div>
            <Until until={value.dataUntil} partialMonth={value.partial ? value.month : null} />
          </Panel>
        )}
      </Loaded>
      <div className="hb-wide">
        <Panel title={t("usage.byDay")} note={monthText(month)}>
          <Loaded of={days}>
            {(value) => <DayFigure costs={value} label={t("chart.ofMonth", { title: t("usage.byDay"), month: monthText(month) })} />}
          </Loaded>
        </Panel>
        <Panel
          title={compareMonth === null ? t("usage.bySku") : t("account.why")}
          note={compareMonth === null ? monthText(month) : t("change.since", { month: monthText(compareMonth) })}
        >
          <Loaded of={drivers}>{(value) => <CostTable costs={value} label={t("account.why")} />}</Loaded>
        </Panel>
      </div>
      <div className="hb-wide">
        <Panel
          title={t("account.people")}
          note={monthText(month)}
          actions={<SaveButton label={t("csv.lines")} load={(client) => client.usage.linesCsv({ params, query: { month, account } })} />}
        >
          <Loaded of={people}>
            {(value) => (
              <CostTable
                costs={value}
                label={t("account.people")}
                hasJobs
                nameOf={({ key }) => <Link href={kept(`${root}/usage`, { user: key, account })}>{key}</Link>}
              />
            )}
          </Loaded>
        </Panel>
        <Panel title={t("account.trend")}>
          <Loaded of={trend}>{(value) => <TrendFigure series={value} label={t("account.trend")} nameOf={() => account} />}</Loaded>
        </Panel>
      </div>
      {may("receiptRead") && mapped !== undefined && mapped.payerId !== null ? (
        <>
          <AccountReceipts payerId={mapped.payerId} />
          <PrepaidPanel payerId={mapped.payerId} hidesNothing />
        </>
      ) : null}
    </>
  )
}

const AccountReceipts = ({ payerId }: { readonly payerId: string }) => {
  const { t } = useText()
  const { tenant } = useBilling()
  const receipts = useLoad(["receipts", tenant.tenant, payerId], (client, signal) =>
    client.receipts.list({ params: { tenant: tenant.tenant }, query: { payerId, limit: 13 }, signal }),
  )
  return (
    <Panel title={t("account.receipts")}>
      <Loaded of={receipts}>
        {({ rows }) => (rows.length === 0 ? <Empty title={t("account.noReceipts")} /> : <ReceiptsTable receipts={rows} hasMonth />)}
      </Loaded>
    </Panel>
  )
}
