import { Skeleton } from "@backstage/ui"
import type { Costs, Series } from "@hpc-billing/service/api"
import { lazy, Suspense } from "react"
import { DataTable } from "../parts/DataTable.tsx"
import { Amount, isNothing } from "../parts/figures.tsx"
import { Empty } from "../parts/states.tsx"
import { useText } from "../parts/useText.ts"
import { coloursOf } from "./colours.ts"

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
          <DayChart days={costs.groups} openDay={openDay} {...(height === undefined ? {} : { height })} />
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
  labelOf,
}: {
  readonly series: Series
  readonly label: string
  readonly labelOf: (key: string, others: number) => string
}) => {
  const { t, monthText } = useText()
  if (series.months.every(({ total }) => isNothing(total))) return <Empty title={t("chart.nothing")} />
  const currency = series.months[0]?.total.currency ?? ""
  const colours = coloursOf(series.series.map(({ key }) => key))
  return (
    <div>
      <div role="img" aria-label={label}>
        <Suspense fallback={<Skeleton width="100%" height={220} />}>
          <TrendChart series={series} labelOf={labelOf} colours={colours} />
        </Suspense>
      </div>
      {series.by === "total" ? null : (
        <ul className="hb-legend">
          {series.series.map(({ key, others }) => (
            <li key={key}>
              <span style={{ background: colours.get(key) }} aria-hidden />
              {labelOf(key, others)}
            </li>
          ))}
        </ul>
      )}
      <details>
        <summary>{t("chart.table")}</summary>
        <DataTable
          label={label}
          rows={series.months.map((month, index) => ({ ...month, index }))}
          keyOf={({ month }) => month}
          columns={[
            { id: "month", label: t("filter.month"), cell: ({ month }) => monthText(month) },
            ...(series.by === "total"
              ? []
              : series.series.map(({ key, others, amounts }) => ({
                  id: `of-${key}`,
                  label: labelOf(key, others),
                  isFigure: true,
                  cell: ({ index }: { readonly index: number }) => <Amount money={amounts[index] ?? null} />,
                }))),
            { id: "total", label: t("column.amount", { currency }), isFigure: true, cell: ({ total }) => <Amount money={total} /> },
          ]}
        />
      </details>
    </div>
  )
}
