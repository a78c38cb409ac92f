import type { Change, DataUntil, Money } from "@hpc-billing/service/api"
import type { ReactNode } from "react"
import { moneyText, useText } from "./useText.ts"

export const isNothing = (money: Money): boolean => money.amountMinor === "0"

/** An amount in a table: its column names the currency. Nothing is `—`, zero is `0.00`. */
export const Amount = ({ money }: { readonly money: Money | null }) =>
  money === null ? <Absent /> : <span className="hb-number">{money.text}</span>

/** A difference in a table, with its sign. */
export const Difference = ({ change }: { readonly change: Change | null }) =>
  change === null ? (
    <Absent />
  ) : (
    <span className="hb-number">
      {change.direction === "up" && !change.difference.text.startsWith("+") ? "+" : ""}
      {change.difference.text}
    </span>
  )

/** An amount in a sentence, with its currency. */
export const AmountText = ({ money }: { readonly money: Money }) => <b className="hb-number">{moneyText(money)}</b>

export const Absent = () => {
  const { t } = useText()
  return (
    <span className="hb-absent">
      <span aria-hidden>—</span>
      <span className="hb-sr" style={hidden}>
        {t("amount.absent")}
      </span>
    </span>
  )
}

const hidden = { position: "absolute", width: 1, height: 1, overflow: "hidden", clipPath: "inset(50%)" } as const

/** Against another month: an arrow and a sign besides the colour. */
export const ChangeChip = ({ change }: { readonly change: Change | null }) => {
  const { t } = useText()
  if (change === null) return <Absent />
  if (change.direction === "same") return <span className="hb-chip">{t("change.same")}</span>
  const isUp = change.direction === "up"
  return (
    <span className={`hb-chip ${isUp ? "hb-chip-bad" : "hb-chip-good"}`}>
      <span aria-hidden>{isUp ? "▲" : "▼"}</span>
      {change.percentText ?? t("change.new")}
    </span>
  )
}

/** A sentence and what it says against another month: `..., ฿1,657.81 more (+12.1 %) against May 2026.` */
export const Against = ({ change, month, children }: { readonly change: Change; readonly month: string; readonly children: ReactNode }) => {
  const { t, monthText } = useText()
  const values = { said: <>{children}</>, month: monthText(month) }
  if (change.direction === "same") return <>{t("change.sentenceSame", values)}</>
  return <>{t("change.sentence", { ...values, change: <ChangeText change={change} /> })}</>
}

/** What a month with nothing is seen against; says nothing where that was nothing too. */
export const Before = ({ change, month }: { readonly change: Change; readonly month: string }) => {
  const { t, monthText } = useText()
  if (isNothing(change.before)) return null
  return <>{t("change.before", { month: monthText(month), amount: <AmountText money={change.before} /> })}</>
}

const ChangeText = ({ change }: { readonly change: Change }) => {
  const { t } = useText()
  const amount = moneyText(change.difference).replace(/^[+-]/, "")
  const words = change.direction === "up" ? t("change.up", { amount }) : t("change.down", { amount })
  return (
    <b className={change.direction === "up" ? "hb-up" : "hb-down"}>
      {words}
      {change.percentText === null ? "" : ` (${change.percentText})`}
    </b>
  )
}

/** Until when the figures know the world, with the zone. */
export const Until = ({
  until,
  partialMonth = null,
}: {
  readonly until: DataUntil
  /** The month whose figures are not final. */
  readonly partialMonth?: string | null
}) => {
  const { t, instantText } = useText()
  const local = until.instant === null ? null : instantText(until.instant, until.zone)
  return (
    <p className="hb-note">
      {local === null ? t("until.unknown", { zone: until.zone }) : t("until.known", { local, zone: until.zone })}
      {partialMonth === null ? "" : ` ${partialMonth < (until.local ?? "").slice(0, 7) ? t("until.unbilled") : t("until.partial")}`}
      {until.late && local !== null ? <strong className="hb-warn"> {t("until.late")}</strong> : null}
    </p>
  )
}

/** A share in thousandths, as a bar with its figure. */
export const Share = ({ permille }: { readonly permille: number }) => (
  <span className="hb-number">
    <span className="hb-share" aria-hidden>
      <span style={{ width: `${Math.max(0, Math.min(1000, permille)) / 10}%` }} />
    </span>{" "}
    {permilleText(permille)}
  </span>
)

export const permilleText = (permille: number): string => `${Math.trunc(permille / 10)}.${Math.abs(permille % 10)} %`

/** A price with at least two decimals, so that digits stand under digits; its own digits are kept. */
export const priceText = (price: string): string => {
  const [whole = "", decimals = ""] = price.split(".")
  return `${whole}.${decimals.padEnd(2, "0")}`
}
