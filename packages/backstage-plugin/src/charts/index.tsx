import { Skeleton } from "@backstage/ui"
import type { Costs, Series } from "@hpc-billing/service/api"
import { lazy, Suspense } from "react"
import { DataTable } from "../parts/DataTable.tsx"
import { Amount, isNothing } from "../parts/figures.tsx"
import { Empty } from "../parts/states.tsx"
import { useText } from "../parts/useText.ts"
import { groupId, groupWords } from "../parts/words.ts"
import { coloursOf, othersColour } from "./colours.ts"
import type { TrendName } from "./TrendChart.tsx"
import { type TrendRow, trendRows } from "./trendRows.ts"

const DayChart = lazy(() => import("./DayChart.tsx").then((module) => ({ default: module.DayChart })))
const TrendChart = lazy(() => import("./TrendChart.tsx").then((module) => ({ default: module.TrendChart })))

/** The picture for the eye, the same figures as a table for the keyboard and for screen readers. */
export const DayFigure = ({ costs, label, height }: { readonly costs: Costs; readonly label: string; readonly height?: number }) => {
  const { t, dayText } = useText()
  if (costs.groups.every(({ amount }) => isNothing(amount))) return <Empty title={t("chart.nothing")} />
  const openDay = costs.partial ? (costs.dataUntil.local?.slice(0, 10) ?? null) : null
  return (
    <div>
      <div role="img" aria-label={label}>
        <Suspense fallback={<Skeleton width="100%" height={height ?? 220} />}>
          <DayChart month={costs.month} days={costs.groups} openDay={openDay} {...(height === undefined ? {} : { height })} />
        </Suspense>
      </div>
      <details>
        <summary>{t("chart.table")}</summary>
        <DataTable
          label={label}
          rows={costs.groups}
          keyOf={({ key }) => key}
          columns={[
            { id: "day", label: t("by.day"), cell: ({ key }) => dayText(key), total: t("column.total") },
            { id: "jobs", label: t("column.jobs"), isFigure: true, cell: ({ jobs }) => jobs },
            {
              id: "amount",
              label: t("column.amount", { currency: costs.total.currency }),
              isFigure: true,
              cell: ({ amount }) => <Amount money={amount} />,
              total: <Amount money={costs.total} />,
            },
          ]}
        />
      </details>
    </div>
  )
}

export const TrendFigure = ({
  series,
  label,
  nameOf,
}: {
  readonly series: Series
  readonly label: string
  /** Where the name is not that of the group. */
  readonly nameOf?: (group: Series["series"][number]) => string
}) => {
  const text = useText()
  const { t, monthText } = text
  if (series.series.every(({ amounts }) => amounts.every(isNothing))) return <Empty title={t("chart.nothing")} />
  const currency = series.months[0]?.total.currency ?? ""
  const isTotal = series.by === "total"
  const rows = trendRows(series)
  const colours = coloursOf(series.series.filter(({ others }) => others === 0).map(({ key }) => key))
  const names = series.series.map(
    (group): TrendName => ({
      id: groupId(group),
      name: nameOf?.(group) ?? groupWords(group, series.by, text),
      colour: isTotal ? "var(--hb-series-1, #1f5493)" : group.others > 0 ? othersColour : (colours.get(group.key) ?? othersColour),
    }),
  )
  return (
    <div>
      <div role="img" aria-label={label}>
        <Suspense fallback={<Skeleton width="100%" height={220} />}>
          <TrendChart rows={rows} names={names} />
        </Suspense>
      </div>
      {isTotal ? null : (
        <ul className="hb-legend">
          {names.map(({ id, name, colour }) => (
            <li key={id}>
              <span style={{ background: colour }} aria-hidden />
              {name}
            </li>
          ))}
        </ul>
      )}
      <details>
        <summary>{t("chart.table")}</summary>
        <DataTable
          label={label}
          rows={rows}
          keyOf={({ month }) => month}
          columns={[
            { id: "month", label: t("filter.month"), cell: ({ month }) => monthText(month) },
            ...(isTotal
              ? []
              : names.map(({ id, name }) => ({
                  id,
                  label: name,
                  isFigure: true,
                  cell: ({ amounts }: TrendRow) => <Amount money={amounts[id] ?? null} />,
                }))),
            { id: "total", label: t("column.amount", { currency }), isFigure: true, cell: ({ total }) => <Amount money={total} /> },
          ]}
        />
      </details>
    </div>
  )
}
