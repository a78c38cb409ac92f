import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts"
import { moneyText, useText } from "../parts/useText.ts"
import { axisText } from "./colours.ts"
import { Hover, hoverStyle } from "./Hover.tsx"
import type { TrendRow } from "./trendRows.ts"

export interface TrendName {
  readonly id: string
  readonly name: string
  readonly colour: string
}

/** Stacked bars by month, at most ten names and the others; heights are drawn from decimals, amounts are said as they came. */
export const TrendChart = ({
  rows,
  names,
  height = 220,
}: {
  readonly rows: readonly TrendRow[]
  readonly names: readonly TrendName[]
  readonly height?: number
}) => {
  const { monthText, monthShort } = useText()
  const currency = rows[0]?.total.currency ?? ""
  return (
    <div style={{ width: "100%", height }}>
      <ResponsiveContainer>
        <BarChart data={[...rows]} stackOffset="sign" accessibilityLayer={false} margin={{ top: 8, right: 4, bottom: 0, left: 4 }}>
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
            {...hoverStyle}
            content={({ active, label }) => {
              const row = rows.find(({ month }) => month === label)
              if (!active || row === undefined) return null
              const textOf = (id: string): string => (row.amounts[id] === undefined ? "—" : moneyText(row.amounts[id]))
              return <Hover title={monthText(row.month)} lines={names.map((name) => ({ ...name, text: textOf(name.id) }))} />
            }}
          />
          {names.map(({ id, name, colour }) => (
            <Bar
              key={id}
              name={name}
              dataKey={({ amounts }: TrendRow) => Number(amounts[id]?.decimal ?? 0)}
              stackId="one"
              fill={colour}
              isAnimationActive={false}
              maxBarSize={48}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}
