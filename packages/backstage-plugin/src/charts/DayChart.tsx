import type { CostGroup } from "@hpc-billing/service/api"
import { Bar, BarChart, CartesianGrid, Cell, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts"
import { moneyText, useText } from "../parts/useText.ts"
import { axisText } from "./colours.ts"
import { Hover, hoverStyle } from "./Hover.tsx"

const colour = "var(--hb-series-1, #1f5493)"

/** Bars by day of a month, and of days of other months that it bills late; the day that still runs is hatched. Heights are drawn from decimals, amounts are said as they came. */
export const DayChart = ({
  month,
  days,
  openDay,
  height = 220,
}: {
  readonly month: string
  readonly days: readonly CostGroup[]
  readonly openDay: string | null
  readonly height?: number
}) => {
  const { t, dayText } = useText()
  const currency = days[0]?.amount.currency ?? ""
  const known = new Map(days.map((day) => [day.key, day.amount]))
  const data = [...new Set([...daysOf(month), ...known.keys()])].sort().map((key) => {
    const amount = known.get(key)
    return { key, height: amount === undefined ? 0 : Number(amount.decimal), text: amount === undefined ? "—" : moneyText(amount) }
  })
  return (
    <div style={{ width: "100%", height }}>
      <ResponsiveContainer>
        <BarChart data={data} accessibilityLayer={false} margin={{ top: 8, right: 4, bottom: 0, left: 4 }}>
          <defs>
            <pattern id="hb-open-day" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="3" height="6" fill={colour} />
            </pattern>
          </defs>
          <CartesianGrid vertical={false} stroke="var(--bui-border-1)" />
          <XAxis
            dataKey="key"
            tickFormatter={(key: string) => (key.startsWith(month) ? String(Number(key.slice(8))) : dayText(key))}
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
              const day = data.find(({ key }) => key === label)
              if (!active || day === undefined) return null
              return <Hover title={dayText(day.key)} lines={[{ id: day.key, name: t("column.total"), colour, text: day.text }]} />
            }}
          />
          <Bar dataKey="height" isAnimationActive={false} maxBarSize={36} radius={[2, 2, 0, 0]}>
            {data.map(({ key }) => (
              <Cell key={key} fill={key === openDay ? "url(#hb-open-day)" : colour} />
            ))}
          </Bar>
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}

/** Every day of a month, so that a quiet one keeps its place. */
const daysOf = (month: string): readonly string[] => {
  const count = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).getUTCDate()
  return Array.from({ length: count }, (_, index) => `${month}-${String(index + 1).padStart(2, "0")}`)
}
