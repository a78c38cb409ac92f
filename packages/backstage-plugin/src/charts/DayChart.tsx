import type { CostGroup } from "@hpc-billing/service/api"
import { Bar, BarChart, CartesianGrid, Cell, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts"
import { moneyText, useText } from "../parts/useText.ts"
import { axisText } from "./colours.ts"

/** Bars by day of a month; the day that still runs is hatched. Heights are drawn from decimals, amounts are said as they came. */
export const DayChart = ({
  days,
  openDay,
  height = 220,
}: {
  readonly days: readonly CostGroup[]
  readonly openDay: string | null
  readonly height?: number
}) => {
  const { dayText } = useText()
  const currency = days[0]?.amount.currency ?? ""
  const known = new Map(days.map((day) => [day.key, day.amount]))
  const data = daysOf(days[0]?.key.slice(0, 7) ?? "").map((key) => {
    const amount = known.get(key)
    return { key, height: amount === undefined ? 0 : Number(amount.decimal), text: amount === undefined ? "—" : moneyText(amount) }
  })
  return (
    <div style={{ width: "100%", height }}>
      <ResponsiveContainer>
        <BarChart data={data} accessibilityLayer={false} margin={{ top: 8, right: 4, bottom: 0, left: 4 }}>
          <defs>
            <pattern id="hb-open-day" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="3" height="6" fill="var(--hb-series-1, #1f5493)" />
            </pattern>
          </defs>
          <CartesianGrid vertical={false} stroke="var(--bui-border-1)" />
          <XAxis
            dataKey="key"
            tickFormatter={(key: string) => String(Number(key.slice(8)))}
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
            labelFormatter={(key) => dayText(String(key))}
            formatter={(_value, _name, item) => [(item as { payload: { text: string } }).payload.text, ""]}
            separator=""
            contentStyle={tooltipStyle}
          />
          <Bar dataKey="height" isAnimationActive={false} maxBarSize={36} radius={[2, 2, 0, 0]}>
            {data.map(({ key }) => (
              <Cell key={key} fill={key === openDay ? "url(#hb-open-day)" : "var(--hb-series-1, #1f5493)"} />
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
  return month === "" ? [] : Array.from({ length: count }, (_, index) => `${month}-${String(index + 1).padStart(2, "0")}`)
}

export const tooltipStyle = {
  background: "var(--bui-bg-neutral-1, #fff)",
  border: "1px solid var(--bui-border-1)",
  borderRadius: 6,
  fontSize: 13,
}
