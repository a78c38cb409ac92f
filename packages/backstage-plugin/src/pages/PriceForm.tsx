import { Button, TextField } from "@backstage/ui"
import type { CardView, Rates } from "@hpc-billing/service/api"
import { useState } from "react"
import { Ask } from "../parts/Ask.tsx"
import { useBilling } from "../parts/Billing.tsx"
import { DateField, isDate } from "../parts/DateField.tsx"
import { Choose, monthAfter } from "../parts/filters.tsx"
import { Panel } from "../parts/Panel.tsx"
import { Told } from "../parts/Told.tsx"
import { useAct } from "../parts/useAct.ts"
import { useText } from "../parts/useText.ts"
import { useView } from "../parts/useView.ts"

/** New prices of one tier from a day on, by default the first of next month. What differs shows what it was. */
export const PriceForm = ({ rates }: { readonly rates: Rates }) => {
  const { t } = useText()
  const cards = latestByTier(rates.cards)
  const [tier, setTier] = useState<string>(cards[0]?.tier ?? "")
  const card = cards.find((one) => one.tier === tier) ?? cards[0]
  return (
    <Panel title={t("rates.change")}>
      <p className="hb-note">{t("rates.changeText")}</p>
      {card === undefined ? null : (
        <>
          <div className="hb-bar">
            <Choose
              label={t("rates.tier")}
              choices={cards.map((one) => ({ value: one.tier ?? "", label: one.tier ?? t("rates.everyone") }))}
              value={card.tier ?? ""}
              onChange={setTier}
            />
          </div>
          <Prices key={`${card.id}-${card.version}`} card={card} rates={rates} />
        </>
      )}
    </Panel>
  )
}

const Prices = ({ card, rates }: { readonly card: CardView; readonly rates: Rates }) => {
  const { t, dayText } = useText()
  const { tenant } = useBilling()
  const act = useAct()
  const view = useView()
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const [effectiveFrom, setFrom] = useState(firstDayAfter(rates.today, card.effectiveFrom))
  const [isAsking, setAsking] = useState(false)
  const priced = card.meters.filter((meter) => meter.price !== null)
  const changes = Object.fromEntries(
    priced.flatMap(({ sku, price }) => (typed[sku] !== undefined && typed[sku] !== price && typed[sku] !== "" ? [[sku, typed[sku]]] : [])),
  )
  const tier = card.tier ?? ""
  return (
    <>
      <div className="hb-prices">
        {priced.map(({ sku, title, unit, price }) => (
          <TextField
            key={sku}
            className={`hb-price${changes[sku] === undefined ? "" : " hb-price-changed"}`}
            label={`${title === "" ? sku : title} / ${unit}`}
            description={changes[sku] === undefined ? " " : t("rates.was", { price: price ?? "" })}
            value={typed[sku] ?? price ?? ""}
            onChange={(text) => setTyped({ ...typed, [sku]: text })}
            inputMode="decimal"
          />
        ))}
      </div>
      <div className="hb-bar">
        <DateField label={t("rates.effectiveFrom")} value={effectiveFrom} onChange={setFrom} />
        <Button variant="primary" isDisabled={Object.keys(changes).length === 0 || !isDate(effectiveFrom)} onPress={() => setAsking(true)}>
          {t("rates.publishFrom", { from: dayText(effectiveFrom) })}
        </Button>
        {Object.keys(changes).length === 0 ? <span className="hb-note">{t("rates.noChange")}</span> : null}
      </div>
      <Told act={isAsking ? { ...act, problem: null } : act} />
      <Ask
        title={t("rates.confirmTitle", { tier: card.tier ?? t("rates.everyone") })}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        act={act}
        confirm={t("rates.publishFrom", { from: dayText(effectiveFrom) })}
        onConfirm={() =>
          act.run(async (client, idempotencyKey) => {
            const made = await client.formulas.set({
              params: { tenant: tenant.tenant, tier },
              payload: { prices: changes, effectiveFrom },
              idempotencyKey,
            })
            setTyped({})
            view.set({ on: made.effectiveFrom })
            return t("rates.published", { card: made.cardId, version: String(made.cardVersion), from: dayText(made.effectiveFrom) })
          })
        }
      >
        <p>{t("rates.confirmText", { from: dayText(effectiveFrom) })}</p>
        <ul className="hb-list">
          {priced
            .filter(({ sku }) => changes[sku] !== undefined)
            .map(({ sku, title, price }) => (
              <li key={sku} className="hb-number">
                {title === "" ? sku : title}: {price} → <b>{changes[sku]}</b>
              </li>
            ))}
        </ul>
      </Ask>
    </>
  )
}

/** The first of the month behind today and behind what the tier's last card begins with. */
const firstDayAfter = (today: string, lastFrom: string): string => `${monthAfter((lastFrom > today ? lastFrom : today).slice(0, 7))}-01`

/** The card that the next version of each tier starts from. */
const latestByTier = (cards: readonly CardView[]): readonly CardView[] => {
  const latest = new Map<string, CardView>()
  for (const card of cards) {
    if (card.tier === null) continue
    const known = latest.get(card.tier)
    if (known === undefined || known.effectiveFrom < card.effectiveFrom) latest.set(card.tier, card)
  }
  return [...latest.values()]
}
