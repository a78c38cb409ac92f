import type { Change, Kpis, Money } from "@hpc-billing/service/api"
import type { ReactNode } from "react"
import { TrendFigure } from "../charts/index.tsx"
import { useBilling, useMay } from "../parts/Billing.tsx"
import { DataTable } from "../parts/DataTable.tsx"
import { Amount, AmountText, ChangeChip, Until } from "../parts/figures.tsx"
import { Choose, CompareFilter, CopyLink, MonthFilter, useCompareMonth, useMonth } from "../parts/filters.tsx"
import { JobsTable } from "../parts/JobsTable.tsx"
import { Panel } from "../parts/Panel.tsx"
import { Empty, Loaded } from "../parts/states.tsx"
import { useLoad } from "../parts/useLoad.ts"
import { moneyText, useText } from "../parts/useText.ts"
import { useView } from "../parts/useView.ts"
import { jobStateWords } from "../parts/words.ts"

const dimensions = ["total", "tier", "account", "user", "payer", "sku", "partition"] as const

/** How is the cluster doing? */
export const DashboardPage = () => {
  const text = useText()
  const { t, monthText } = text
  const { tenant } = useBilling()
  const may = useMay()
  const view = useView()
  const month = useMonth()
  const compareMonth = useCompareMonth()
  const by = dimensions.find((one) => one === view.get("by")) ?? "tier"
  const params = { tenant: tenant.tenant }
  const kpis = useLoad(["kpis", tenant.tenant, month, compareMonth], (client, signal) =>
    client.dashboard.kpis({ params, query: { month, ...(compareMonth === null ? {} : { compareMonth }) }, signal }),
  )
  const trend = useLoad(["series", tenant.tenant, month, by], (client, signal) =>
    client.usage.series({ params, query: { month, months: 13, by }, signal }),
  )
  const recent = useLoad(["jobs", tenant.tenant, month, "recent"], (client, signal) =>
    client.usage.jobs({ params, query: { month, limit: 10 }, signal }),
  )
  return (
    <>
      <div className="hb-bar">
        <MonthFilter />
        <CompareFilter />
        <Choose
          label={t("filter.by")}
          choices={dimensions.map((one) => ({ value: one, label: t(`by.${one}`) }))}
          value={by}
          onChange={(chosen) => view.set({ by: chosen })}
        />
        <div className="hb-push">
          <CopyLink />
        </div>
      </div>
      <Loaded of={kpis}>{(value) => <Tiles kpis={value} />}</Loaded>
      <Panel title={t("dashboard.trend")} note={t("dashboard.trendText")}>
        <Loaded of={trend}>{(value) => <TrendFigure series={value} label={t("dashboard.trend")} />}</Loaded>
      </Panel>
      <Loaded of={kpis}>
        {(value) => (
          <>
            <div className="hb-grid">
              <Ranking title={t("dashboard.topUsers")} name={t("by.user")} rows={value.topUsers} />
              <Ranking title={t("dashboard.topAccounts")} name={t("by.account")} rows={value.topAccounts} />
              <Ranking title={t("dashboard.topTiers")} name={t("by.tier")} rows={value.topTiers} />
              <Ranking title={t("dashboard.topNodes")} name={t("column.node")} rows={value.topNodes} />
              <Ranking
                title={t("dashboard.states")}
                name={t("column.state")}
                rows={value.states}
                nameOf={(key) => jobStateWords(key, text)}
              />
              <Ranking title={t("dashboard.exitCodes")} name={t("column.exitCode")} rows={value.exitCodes} />
            </div>
            <Panel title={t("dashboard.recent")} note={monthText(month)}>
              <Loaded of={recent}>
                {({ rows }) =>
                  rows.length === 0 ? (
                    <Empty title={t("dashboard.empty", { month: monthText(month) })} />
                  ) : (
                    <JobsTable jobs={rows} label={t("dashboard.recent")} />
                  )
                }
              </Loaded>
            </Panel>
          </>
        )}
      </Loaded>
      {may("ingestRead") ? <Feed /> : null}
    </>
  )
}

const Tiles = ({ kpis }: { readonly kpis: Kpis }) => {
  const { t, monthText, countText } = useText()
  const { tenant } = useBilling()
  return (
    <Panel>
      <p className="hb-sentence">
        {t("dashboard.sentence", {
          count: kpis.jobs,
          jobs: countText(kpis.jobs),
          month: monthText(kpis.month),
          cost: <AmountText money={kpis.cost} />,
        })}
      </p>
      <dl className="hb-tiles">
        <Tile name={t("dashboard.unbilled")}>{moneyText(kpis.unbilled)}</Tile>
        <Tile name={t("dashboard.receivables")}>
          {moneyText(kpis.receivables)}
          {kpis.notPosted.count === 0 ? null : <small>{t("dashboard.notPosted", { amount: moneyText(kpis.notPosted.amount) })}</small>}
        </Tile>
        <Tile name={t("dashboard.paid")}>{moneyText(kpis.paidIn30Days)}</Tile>
        <ComparedTile name={t("dashboard.cost")} money={kpis.cost} change={kpis.costChange} compareMonth={kpis.compareMonth} />
        <ComparedTile name={t("dashboard.billed")} money={kpis.billed} change={kpis.billedChange} compareMonth={kpis.compareMonth} />
        <Tile name={t("dashboard.jobs")}>
          {countText(kpis.jobs)}
          {kpis.jobsCompared === null || kpis.compareMonth === null ? null : (
            <small>
              {countText(kpis.jobsCompared)} · {monthText(kpis.compareMonth)}
            </small>
          )}
        </Tile>
        <Tile name={t("dashboard.energy")}>{kpis.energyKilowattHours === null ? "—" : `${kpis.energyKilowattHours} kWh`}</Tile>
      </dl>
      <p className="hb-note">{tenant.clusters.join(", ")}</p>
      <Until until={kpis.dataUntil} />
    </Panel>
  )
}

interface ComparedTileProps {
  readonly name: string
  readonly money: Money
  readonly change: Change | null
  readonly compareMonth: string | null
}

const ComparedTile = ({ name, money, change, compareMonth }: ComparedTileProps) => {
  const { t, monthText } = useText()
  return (
    <Tile name={name}>
      {moneyText(money)}
      {change === null ? null : (
        <small>
          <ChangeChip change={change} /> {compareMonth === null ? "" : t("change.since", { month: monthText(compareMonth) })}
        </small>
      )}
    </Tile>
  )
}

const Tile = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

interface RankedRow {
  readonly key: string
  readonly jobs: number
  readonly amount?: Money | null
}

const Ranking = ({
  title,
  name,
  rows,
  nameOf,
}: {
  readonly title: string
  readonly name: string
  readonly rows: readonly RankedRow[]
  readonly nameOf?: (key: string) => string
}) => {
  const { t, countText } = useText()
  const { tenant } = useBilling()
  const hasAmounts = rows.some(({ amount }) => amount !== undefined)
  return (
    <Panel title={title}>
      {rows.length === 0 ? (
        <span className="hb-absent">—</span>
      ) : (
        <DataTable
          label={title}
          rows={rows}
          keyOf={({ key }) => key}
          columns={[
            { id: "name", label: name, cell: ({ key }) => nameOf?.(key) ?? (key === "" ? t("by.none") : key) },
            { id: "jobs", label: t("column.jobs"), isFigure: true, cell: ({ jobs }) => countText(jobs) },
            ...(hasAmounts
              ? [
                  {
                    id: "amount",
                    label: t("column.amount", { currency: tenant.currency }),
                    isFigure: true,
                    cell: ({ amount }: RankedRow) => <Amount money={amount ?? null} />,
                  },
                ]
              : []),
          ]}
        />
      )}
    </Panel>
  )
}

const Feed = () => {
  const { t, instantText, countText } = useText()
  const { tenant } = useBilling()
  const params = { tenant: tenant.tenant }
  const runs = useLoad(["ingest-runs", tenant.tenant], (client, signal) => client.ingest.runs({ params, query: { limit: 10 }, signal }))
  const rejections = useLoad(["rejections", tenant.tenant], (client, signal) =>
    client.ingest.rejections({ params, query: { limit: 10 }, signal }),
  )
  return (
    <div className="hb-wide">
      <Panel title={t("dashboard.feed")}>
        <Loaded of={runs}>
          {({ rows }) =>
            rows.length === 0 ? (
              <Empty title={t("dashboard.noRuns")} />
            ) : (
              <DataTable
                label={t("dashboard.feed")}
                rows={rows}
                keyOf={({ id }) => id}
                columns={[
                  {
                    id: "source",
                    label: t("dashboard.source"),
                    cell: ({ source, cluster }) => (
                      <>
                        {source}
                        <span className="hb-sub">{cluster}</span>
                      </>
                    ),
                  },
                  {
                    id: "finished",
                    label: `${t("dashboard.finished")} (${tenant.zone})`,
                    cell: ({ finishedAt }) => <span className="hb-number">{instantText(finishedAt, tenant.zone)}</span>,
                  },
                  { id: "read", label: t("dashboard.read"), isFigure: true, cell: ({ read }) => countText(read) },
                  { id: "accepted", label: t("dashboard.accepted"), isFigure: true, cell: ({ accepted }) => countText(accepted) },
                  { id: "rejected", label: t("dashboard.rejected"), isFigure: true, cell: ({ rejected }) => countText(rejected) },
                ]}
              />
            )
          }
        </Loaded>
      </Panel>
      <Panel title={t("dashboard.rejections")}>
        <Loaded of={rejections}>
          {({ rows }) =>
            rows.length === 0 ? (
              <Empty title={t("dashboard.noRejections")} />
            ) : (
              <ul className="hb-list">
                {rows.map(({ source, lineNumber, field, reason, raw }) => (
                  <li key={`${source}-${lineNumber}-${field}-${raw}`}>
                    {reason}
                    <span className="hb-sub hb-code">
                      {source}
                      {lineNumber === null ? "" : `:${lineNumber}`} {field ?? ""}
                    </span>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Panel>
    </div>
  )
}
