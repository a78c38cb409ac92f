import type { Series } from "@hpc-billing/service/api"
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts"
import { moneyText, useText } from "../parts/useText.ts"
import { axisText } from "./colours.ts"
import { tooltipStyle } from "./DayChart.tsx"

/** Stacked bars by month, at most ten names and the others; heights are drawn from decimals, amounts are said as they came. */
export const TrendChart = ({
  series,
  labelOf,
  colours,
  height = 220,
}: {
  readonly series: Series
  readonly labelOf: (key: string, others: number) => string
  readonly colours: ReadonlyMap<string, string>
  readonly height?: number
}) => {
  const { monthText, monthShort } = useText()
  const currency = series.months[0]?.total.currency ?? ""
  const data = series.months.map(({ month }, index) => ({
    month,
    heights: series.series.map(({ amounts }) => Number(amounts[index]?.decimal ?? 0)),
    texts: series.series.map(({ amounts }) => (amounts[index] === undefined ? "—" : moneyText(amounts[index]))),
  }))
  return (
    <div style={{ width: "100%", height }}>
      <ResponsiveContainer>
        <BarChart data={data} accessibilityLayer={false} margin={{ top: 8, right: 4, bottom: 0, left: 4 }}>
          <CartesianGrid vertical={false} stroke="var(--bui-border-1)" />
          <XAxis
            dataKey="month"
            tickFormatter={(month: string) => monthShort(month)}
            tickLine={false}
            fontSize={12}
            stroke="var(--hb-quiet)"
          />
          <YAxis
            tickFormatter={(value: number) => axisText(value, currency)}
            tickLine={false}
            axisLine={false}
            fontSize={12}
            width={56}
            stroke="var(--hb-quiet)"
          />
          <Tooltip
            labelFormatter={(month) => monthText(String(month))}
            formatter={(_height, name, item, index) => [(item as { payload: (typeof data)[number] }).payload.texts[index], name]}
            contentStyle={tooltipStyle}
          />
          {series.series.map(({ key, others }, index) => (
            <Bar
              key={key}
              name={labelOf(key, others)}
              dataKey={(row: (typeof data)[number]) => row.heights[index]}
              stackId="one"
              fill={series.by === "total" ? "var(--hb-series-1, #1f5493)" : colours.get(key)}
              isAnimationActive={false}
              maxBarSize={48}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}
