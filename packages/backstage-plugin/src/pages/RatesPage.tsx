import { Button } from "@backstage/ui"
import type { CardView, Rates } from "@hpc-billing/service/api"
import { useEffect, useState } from "react"
import { useBilling, useMay } from "../parts/Billing.tsx"
import { Chip } from "../parts/chips.tsx"
import { DataTable } from "../parts/DataTable.tsx"
import { DateField, isDate } from "../parts/DateField.tsx"
import { priceText } from "../parts/figures.tsx"
import { Panel } from "../parts/Panel.tsx"
import { Empty, Loaded } from "../parts/states.tsx"
import { useLoad } from "../parts/useLoad.ts"
import { useText } from "../parts/useText.ts"
import { useView } from "../parts/useView.ts"
import { DocumentEditor } from "./DocumentEditor.tsx"
import { dayBefore } from "./dayBefore.ts"
import { OverridesPanel } from "./OverridesPanel.tsx"
import { PriceForm } from "./PriceForm.tsx"

/** What does an hour cost, since when, and what comes next? */
export const RatesPage = () => {
  const { tenant } = useBilling()
  const may = useMay()
  const view = useView()
  const asked = view.get("on") ?? ""
  const on = isDate(asked) ? asked : null
  const rates = useLoad(["rates", tenant.tenant, on], (client, signal) =>
    client.rates.current({ params: { tenant: tenant.tenant }, query: on === null ? {} : { on }, signal }),
  )
  return (
    <Loaded of={rates}>
      {(value) => (
        <>
          <Standing rates={value} />
          <Cards rates={value} />
          {may("ratePlan") ? <OverridesPanel rates={value} /> : null}
          {may("ratePublish") ? <PriceForm rates={value} /> : null}
          {may("ratePlan") ? <DocumentEditor /> : null}
        </>
      )}
    </Loaded>
  )
}

/** The day whose prices are shown, in the address; the days on which prices change are one press away. */
const Standing = ({ rates }: { readonly rates: Rates }) => {
  const { t, dayText, instantText } = useText()
  const view = useView()
  const { on, today } = rates
  const [typed, setTyped] = useState(on)
  const coming = [...new Set(rates.cards.map(({ effectiveFrom }) => effectiveFrom))].filter((from) => from > today).sort()
  const goTo = (date: string) => view.set({ on: date === today ? null : date })
  useEffect(() => setTyped(on), [on])
  const inForce = rates.cards.filter(({ standing }) => standing === "in-force").length
  return (
    <Panel>
      <p className="hb-sentence">{t("rates.onSentence", { count: inForce, on: <b>{dayText(on)}</b> })}</p>
      <div className="hb-bar">
        <DateField
          label={t("rates.on")}
          value={typed}
          onChange={(date) => {
            setTyped(date)
            if (isDate(date)) goTo(date)
          }}
        />
        {[today, ...coming].map((date) => (
          <Button key={date} variant={date === on ? "primary" : "secondary"} aria-pressed={date === on} onPress={() => goTo(date)}>
            {date === today ? t("rates.today") : t("rates.from", { from: dayText(date) })}
          </Button>
        ))}
      </div>
      <p className="hb-note">
        {t("rates.sentence", {
          number: String(rates.cards.length),
          version: String(rates.version),
          at: instantText(rates.publishedAt, rates.zone),
          zone: rates.zone,
        })}
      </p>
    </Panel>
  )
}

const Cards = ({ rates }: { readonly rates: Rates }) => {
  const { t } = useText()
  if (rates.cards.length === 0) return <Empty title={t("rates.none")} text={t("rates.noneText")} />
  const sorted = [...rates.cards].sort(byStanding)
  const ended = sorted.filter(({ standing }) => standing === "ended")
  const grid = (cards: readonly CardView[]) => (
    <div className="hb-grid">
      {cards.map((card) => (
        <CardPanel key={`${card.id}-${card.version}`} card={card} currency={rates.currency} />
      ))}
    </div>
  )
  return (
    <>
      {grid(sorted.filter(({ standing }) => standing !== "ended"))}
      {ended.length === 0 ? null : (
        <details>
          <summary>{t("rates.endedCards", { count: ended.length })}</summary>
          {grid(ended)}
        </details>
      )}
    </>
  )
}

const order = { "in-force": 0, coming: 1, ended: 2 } as const
const byStanding = (one: CardView, other: CardView): number =>
  order[one.standing] - order[other.standing] || (one.id < other.id ? -1 : one.id > other.id ? 1 : other.version - one.version)

const CardPanel = ({ card, currency }: { readonly card: CardView; readonly currency: string }) => {
  const { t, dayText, language } = useText()
  const standing = {
    "in-force": <Chip kind="good">{t("rates.inForce")}</Chip>,
    coming: <Chip kind="info">{t("rates.coming")}</Chip>,
    ended: <Chip>{t("rates.ended")}</Chip>,
  }[card.standing]
  return (
    <Panel title={`${card.id} v${card.version}`} actions={standing}>
      <p className="hb-note">
        {card.title} · {card.tier ?? t("rates.everyone")} · {t("rates.from", { from: dayText(card.effectiveFrom) })}
        {card.effectiveUntil === null ? "" : ` ${t("rates.until", { until: dayText(dayBefore(card.effectiveUntil)) })}`}
      </p>
      <DataTable
        label={`${card.id} v${card.version}`}
        rows={card.meters}
        keyOf={({ sku }) => sku}
        columns={[
          {
            id: "meter",
            label: t("rates.meter"),
            cell: ({ title, sku, counts, tax }) => (
              <>
                {title === "" ? sku : title}
                <span className="hb-sub">{counts}</span>
                {tax === null ? null : (
                  <span className="hb-sub">
                    {tax.code}: {tax.basis === "" ? `${tax.ratePercent} %` : language === "th" ? tax.basisThai : tax.basis}
                  </span>
                )}
              </>
            ),
          },
          { id: "unit", label: t("rates.unit"), cell: ({ unit }) => unit },
          {
            id: "price",
            label: t("rates.price", { currency }),
            isFigure: true,
            cell: ({ price, bands }) =>
              price === null
                ? bands.length > 0
                  ? bands.map((band) => `${band.upTo ?? "∞"}: ${priceText(band.price)}`).join(" · ")
                  : t("rates.noPrice")
                : priceText(price),
          },
        ]}
      />
      <p className="hb-note">
        {t("explain.basis")}: {t(`explain.basis.${card.basis}`)} · <span className="hb-code">{card.hash.slice(0, 16)}…</span>
      </p>
    </Panel>
  )
}
