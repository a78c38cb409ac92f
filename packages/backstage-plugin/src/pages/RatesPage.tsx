import type { CardView } from "@hpc-billing/service/api"
import { useBilling, useMay } from "../parts/Billing.tsx"
import { Chip } from "../parts/chips.tsx"
import { DataTable } from "../parts/DataTable.tsx"
import { Panel } from "../parts/Panel.tsx"
import { Empty, Loaded } from "../parts/states.tsx"
import { useLoad } from "../parts/useLoad.ts"
import { useText } from "../parts/useText.ts"
import { DocumentEditor } from "./DocumentEditor.tsx"
import { PriceForm } from "./PriceForm.tsx"

/** What does an hour cost, since when, and what comes next? */
export const RatesPage = () => {
  const { t, instantText } = useText()
  const { tenant } = useBilling()
  const may = useMay()
  const rates = useLoad(["rates", tenant.tenant], (client, signal) => client.rates.current({ params: { tenant: tenant.tenant }, signal }))
  return (
    <Loaded of={rates}>
      {(value) => (
        <>
          <Panel>
            <p className="hb-sentence">
              {t("rates.sentence", {
                number: String(value.cards.length),
                version: String(value.version),
                at: instantText(value.publishedAt, value.zone),
                zone: value.zone,
              })}
            </p>
            <p className="hb-note">
              {value.today} ({value.zone})
            </p>
          </Panel>
          {value.cards.length === 0 ? <Empty title={t("rates.none")} text={t("rates.noneText")} /> : null}
          <div className="hb-grid">
            {[...value.cards].sort(byStanding).map((card) => (
              <CardPanel key={`${card.id}-${card.version}`} card={card} currency={value.currency} />
            ))}
          </div>
          {may("ratePublish") ? <PriceForm rates={value} /> : null}
          {may("ratePlan") ? <TiersPanel /> : null}
          {may("ratePlan") ? <DocumentEditor /> : null}
        </>
      )}
    </Loaded>
  )
}

const order = { coming: 0, "in-force": 1, ended: 2 } as const
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
        {card.effectiveUntil === null ? "" : ` ${t("rates.until", { until: dayText(card.effectiveUntil) })}`}
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
              price ?? (bands.length > 0 ? bands.map((band) => `${band.upTo ?? "∞"}: ${band.price}`).join(" · ") : t("rates.noPrice")),
          },
        ]}
      />
      <p className="hb-note">
        {t("explain.basis")}: {t(`explain.basis.${card.basis}`)} · <span className="hb-code">{card.hash.slice(0, 16)}…</span>
      </p>
    </Panel>
  )
}

const TiersPanel = () => {
  const { t, dayText } = useText()
  const { tenant } = useBilling()
  const tiers = useLoad(["tiers", tenant.tenant], (client, signal) => client.rates.tiers({ params: { tenant: tenant.tenant }, signal }))
  return (
    <Panel title={t("rates.tiers")}>
      <Loaded of={tiers}>
        {(value) => (
          <>
            <DataTable
              label={t("rates.tiers")}
              rows={value.tiers}
              keyOf={({ name }) => name}
              columns={[
                {
                  id: "tier",
                  label: t("rates.tier"),
                  cell: ({ name, title }) => (
                    <>
                      {name}
                      <span className="hb-sub">{title}</span>
                    </>
                  ),
                },
                { id: "who", label: t("rates.who"), cell: ({ rules }) => rules.map(ruleText).join("; ") || "—" },
              ]}
            />
            {value.overrides.length === 0 ? (
              <p className="hb-note">{t("rates.noOverrides")}</p>
            ) : (
              <DataTable
                label={t("rates.overrides")}
                rows={value.overrides}
                keyOf={({ id }) => id}
                columns={[
                  { id: "who", label: t("rates.who"), cell: (one) => ruleText({ ...one, payer: null }) },
                  {
                    id: "what",
                    label: t("rates.what"),
                    cell: ({ tier, factor, prices }) =>
                      [
                        tier ?? "",
                        factor === null ? "" : t("rates.factor", { factor }),
                        ...Object.entries(prices).map(([sku, price]) => `${sku} ${price}`),
                      ]
                        .filter((one) => one !== "")
                        .join(" · "),
                  },
                  {
                    id: "when",
                    label: t("rates.effectiveFrom"),
                    cell: ({ effectiveFrom, effectiveUntil }) =>
                      `${dayText(effectiveFrom)}${effectiveUntil === null ? "" : ` – ${dayText(effectiveUntil)}`}`,
                  },
                  {
                    id: "author",
                    label: t("rates.author"),
                    cell: ({ author, reason }) => (
                      <>
                        {author}
                        <span className="hb-sub">{reason}</span>
                      </>
                    ),
                  },
                ]}
              />
            )}
          </>
        )}
      </Loaded>
    </Panel>
  )
}

const ruleText = (rule: {
  readonly cluster: string | null
  readonly account: string | null
  readonly user: string | null
  readonly payer: string | null
}): string => [rule.payer, rule.cluster, rule.account, rule.user].filter((one) => one !== null).join(" / ") || "—"
