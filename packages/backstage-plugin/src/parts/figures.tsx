import type { Change, DataUntil, Money } from "@hpc-billing/service/api"
import { moneyText, useText } from "./useText.ts"

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

/** `฿1,657.81 more (+12.1 %)`, for a sentence. */
export const ChangeText = ({ change }: { readonly change: Change }) => {
  const { t } = useText()
  if (change.direction === "same") return <>{t("change.same")}</>
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
export const Until = ({ until, isPartial = false }: { readonly until: DataUntil; readonly isPartial?: boolean }) => {
  const { t, instantText } = useText()
  const local = until.instant === null ? null : instantText(until.instant, until.zone)
  return (
    <p className="hb-note">
      {local === null ? t("until.unknown", { zone: until.zone }) : t("until.known", { local, zone: until.zone })}
      {isPartial ? ` ${t("until.partial")}` : ""}
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
