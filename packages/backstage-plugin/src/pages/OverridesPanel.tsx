import { Button } from "@backstage/ui"
import type { OverrideView, Rates } from "@hpc-billing/service/api"
import { useState } from "react"
import { useBilling, useMay } from "../parts/Billing.tsx"
import { Chip } from "../parts/chips.tsx"
import { DataTable } from "../parts/DataTable.tsx"
import { priceText } from "../parts/figures.tsx"
import { Panel } from "../parts/Panel.tsx"
import { Empty, Loaded } from "../parts/states.tsx"
import { Told } from "../parts/Told.tsx"
import { useAct } from "../parts/useAct.ts"
import { useLoad } from "../parts/useLoad.ts"
import { type Text, useText } from "../parts/useText.ts"
import { dayBefore } from "./dayBefore.ts"
import { AddOverride, EndOverride } from "./OverrideForms.tsx"

/** Who pays which price, since when, and why? */
export const OverridesPanel = ({ rates }: { readonly rates: Rates }) => {
  const { t } = useText()
  const { tenant } = useBilling()
  const may = useMay()
  const act = useAct()
  const [open, setOpen] = useState<"add" | OverrideView | null>(null)
  const tiers = useLoad(["tiers", tenant.tenant], (client, signal) => client.rates.tiers({ params: { tenant: tenant.tenant }, signal }))
  const close = () => setOpen(null)
  return (
    <Loaded of={tiers}>
      {(value) => (
        <>
          <Panel
            title={t("rates.overrides")}
            actions={
              may("ratePublish") ? (
                <Button variant="secondary" size="small" onPress={() => setOpen("add")}>
                  {t("override.add")}
                </Button>
              ) : undefined
            }
          >
            <Told act={open === null ? act : { ...act, problem: null }} />
            {value.overrides.length === 0 ? (
              <Empty title={t("rates.noOverrides")} text={t("override.none")} />
            ) : (
              <Overrides overrides={value.overrides} on={rates.on} onEnd={may("ratePublish") ? setOpen : null} />
            )}
          </Panel>
          <Panel title={t("rates.tiers")}>
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
                { id: "who", label: t("rates.who"), cell: ({ rules }) => rules.map(ruleText).join("; ") || t("rates.byPayer") },
              ]}
            />
          </Panel>
          {open === "add" ? (
            <AddOverride rates={rates} tiers={value.tiers.map(({ name }) => name)} act={act} onClose={close} />
          ) : open === null ? null : (
            <EndOverride override={open} today={rates.today} act={act} onClose={close} />
          )}
        </>
      )}
    </Loaded>
  )
}

const Overrides = ({
  overrides,
  on,
  onEnd,
}: {
  readonly overrides: readonly OverrideView[]
  /** The day whose prices are shown. */
  readonly on: string
  readonly onEnd: ((override: OverrideView) => void) | null
}) => {
  const text = useText()
  const { t, dayText } = text
  const sorted = [...overrides].sort((one, other) => (one.effectiveFrom < other.effectiveFrom ? 1 : -1))
  return (
    <DataTable
      label={t("rates.overrides")}
      rows={sorted}
      keyOf={({ id }) => id}
      classOf={(override) => (standingOn(override, on) === "ended" ? "hb-muted" : undefined)}
      columns={[
        { id: "who", label: t("rates.who"), cell: (override) => ruleText({ ...override, payer: null }) },
        { id: "what", label: t("rates.what"), cell: (override) => effectText(override, text) },
        {
          id: "when",
          label: t("rates.when"),
          cell: ({ effectiveFrom, effectiveUntil }) => (
            <span className="hb-number">
              {t("rates.from", { from: dayText(effectiveFrom) })}
              {effectiveUntil === null ? "" : ` ${t("rates.until", { until: dayText(dayBefore(effectiveUntil)) })}`}
            </span>
          ),
        },
        {
          id: "standing",
          label: t("override.on", { on: dayText(on) }),
          cell: (override) => <Standing standing={standingOn(override, on)} />,
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
        ...(onEnd === null
          ? []
          : [
              {
                id: "end",
                label: t("override.endColumn"),
                cell: (override: OverrideView) =>
                  override.effectiveUntil === null || override.effectiveUntil > on ? (
                    <Button
                      variant="secondary"
                      size="small"
                      aria-label={t("override.endOf", { who: ruleText({ ...override, payer: null }) })}
                      onPress={() => onEnd(override)}
                    >
                      {t("override.end")}
                    </Button>
                  ) : (
                    ""
                  ),
              },
            ]),
      ]}
    />
  )
}

const Standing = ({ standing }: { readonly standing: ReturnType<typeof standingOn> }) => {
  const { t } = useText()
  switch (standing) {
    case "in-force":
      return <Chip kind="good">{t("rates.inForce")}</Chip>
    case "coming":
      return <Chip kind="info">{t("rates.coming")}</Chip>
    case "ended":
      return <Chip>{t("rates.ended")}</Chip>
  }
}

const standingOn = ({ effectiveFrom, effectiveUntil }: OverrideView, on: string): "in-force" | "coming" | "ended" =>
  on < effectiveFrom ? "coming" : effectiveUntil === null || on < effectiveUntil ? "in-force" : "ended"

/** What an override gives: another tier, a factor on the prices, prices of its own. */
export const effectText = ({ tier, factor, prices }: Pick<OverrideView, "tier" | "factor" | "prices">, { t }: Pick<Text, "t">): string =>
  [
    ...(tier === null ? [] : [t("override.tier", { tier })]),
    ...(factor === null ? [] : [t("rates.factor", { factor })]),
    ...Object.entries(prices).map(([sku, price]) => `${sku} ${priceText(price)}`),
  ].join(" · ")

export const ruleText = (rule: {
  readonly cluster: string | null
  readonly account: string | null
  readonly user: string | null
  readonly payer: string | null
}): string => [rule.payer, rule.cluster, rule.account, rule.user].filter((one) => one !== null).join(" / ") || "—"
