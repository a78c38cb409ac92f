import { Button, Select } from "@backstage/ui"
import { RiLinksLine } from "@remixicon/react"
import { useState } from "react"
import { useBilling } from "./Billing.tsx"
import { useText } from "./useText.ts"
import { useView } from "./useView.ts"

export interface Choice {
  readonly value: string
  readonly label: string
}

/** One filter of a page. */
export const Choose = ({
  label,
  choices,
  value,
  onChange,
}: {
  readonly label: string
  readonly choices: readonly Choice[]
  readonly value: string
  readonly onChange: (value: string) => void
}) => (
  <Select
    className="hb-choose"
    label={label}
    size="small"
    options={choices.map((choice) => ({ value: choice.value, label: choice.label }))}
    value={value}
    onChange={(key) => onChange(String(key))}
  />
)

/** Every choice and "All", kept in the address under `name`. */
export const ViewFilter = ({
  name,
  label,
  values,
  labelOf,
}: {
  readonly name: string
  readonly label: string
  readonly values: readonly string[]
  readonly labelOf?: (value: string) => string
}) => {
  const { t } = useText()
  const view = useView()
  const value = view.get(name)
  const all = value === null || values.includes(value) ? values : [value, ...values]
  const choices = [{ value: "*", label: t("filter.all") }, ...all.map((one) => ({ value: one, label: labelOf?.(one) ?? one }))]
  return (
    <Choose
      label={label}
      choices={choices}
      value={value ?? "*"}
      onChange={(chosen) => view.set({ [name]: chosen === "*" ? null : chosen })}
    />
  )
}

/** The month in hand; without one in the address, the latest with data. */
export const useMonth = (): string => {
  const { tenant } = useBilling()
  const { get } = useView()
  const asked = get("month")
  return asked !== null && /^\d{4}-\d{2}$/.test(asked) ? asked : (tenant.months[0] ?? tenant.currentMonth)
}

export const MonthFilter = ({ label }: { readonly label?: string }) => {
  const { tenant } = useBilling()
  const { t, monthText } = useText()
  const view = useView()
  const month = useMonth()
  const months = [...new Set([month, tenant.currentMonth, ...tenant.months])].sort().reverse()
  return (
    <Choose
      label={label ?? t("filter.month")}
      choices={months.map((one) => ({ value: one, label: monthText(one) }))}
      value={month}
      onChange={(chosen) => view.set({ month: chosen })}
    />
  )
}

/** The month beside it; the one before it where the address names none. null: nothing beside it. */
export const useCompareMonth = (): string | null => {
  const { get } = useView()
  const month = useMonth()
  const asked = get("compare")
  if (asked === "none") return null
  return asked ?? monthBefore(month)
}

export const CompareFilter = () => {
  const { tenant } = useBilling()
  const { t, monthText } = useText()
  const view = useView()
  const month = useMonth()
  const compare = useCompareMonth()
  const months = [...new Set([...tenant.months, monthBefore(month), ...(compare === null ? [] : [compare])])].filter((one) => one !== month)
  const choices = [
    { value: "none", label: t("filter.noCompare") },
    ...months
      .sort()
      .reverse()
      .map((one) => ({ value: one, label: monthText(one) })),
  ]
  return (
    <Choose label={t("filter.compare")} choices={choices} value={compare ?? "none"} onChange={(chosen) => view.set({ compare: chosen })} />
  )
}

export const monthBefore = (month: string): string => shiftedMonth(month, -1)
export const monthAfter = (month: string): string => shiftedMonth(month, 1)

const shiftedMonth = (month: string, by: 1 | -1): string => {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + by
  return `${Math.trunc(count / 12)}-${String((count % 12) + 1).padStart(2, "0")}`
}

export const CopyLink = () => {
  const { t } = useText()
  const [isCopied, setCopied] = useState(false)
  return (
    <Button
      variant="secondary"
      iconStart={<RiLinksLine aria-hidden />}
      onPress={() => void navigator.clipboard?.writeText(window.location.href).then(() => setCopied(true))}
    >
      {isCopied ? t("filter.copied") : t("filter.copyLink")}
    </Button>
  )
}
