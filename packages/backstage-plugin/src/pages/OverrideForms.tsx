import { TextField } from "@backstage/ui"
import { ApiProblem, type DocumentProblem, type OverrideView, type Rates } from "@hpc-billing/service/api"
import { useState } from "react"
import { Ask } from "../parts/Ask.tsx"
import { useBilling } from "../parts/Billing.tsx"
import { DateField, isDate } from "../parts/DateField.tsx"
import { Choose, monthAfter } from "../parts/filters.tsx"
import { ReasonField } from "../parts/ReasonField.tsx"
import type { useAct } from "../parts/useAct.ts"
import { useText } from "../parts/useText.ts"
import { effectText, ruleText } from "./OverridesPanel.tsx"

interface FormProps {
  readonly act: ReturnType<typeof useAct>
  readonly onClose: () => void
}

const kinds = ["factor", "tier", "price"] as const
const isPrice = (text: string): boolean => /^\d{1,12}(\.\d{1,10})?$/.test(text)

/** Another price for an account, a user, or a user in an account; says in one sentence what it will do before it is done. */
export const AddOverride = ({ rates, tiers, act, onClose }: FormProps & { readonly rates: Rates; readonly tiers: readonly string[] }) => {
  const text = useText()
  const { t, dayText } = text
  const { tenant } = useBilling()
  const skus = [...new Set(rates.cards.flatMap(({ meters }) => meters.map(({ sku }) => sku)))].sort()
  const [account, setAccount] = useState("")
  const [user, setUser] = useState("")
  const [kind, setKind] = useState<(typeof kinds)[number]>("factor")
  const [factor, setFactor] = useState("")
  const [tier, setTier] = useState(tiers[0] ?? "")
  const [sku, setSku] = useState(skus[0] ?? "")
  const [price, setPrice] = useState("")
  const [from, setFrom] = useState(`${monthAfter(rates.today.slice(0, 7))}-01`)
  const [until, setUntil] = useState("")
  const [reason, setReason] = useState("")
  const who = { cluster: null, account: account.trim() || null, user: user.trim() || null, payer: null }
  const effect = {
    tier: kind === "tier" ? tier : null,
    factor: kind === "factor" ? factor.trim() : null,
    prices: kind === "price" ? { [sku]: price.trim() } : {},
  }
  const isWhole = kind === "tier" ? tier !== "" : isPrice((kind === "factor" ? factor : price).trim())
  const isReady =
    (who.account !== null || who.user !== null) &&
    isWhole &&
    isDate(from) &&
    (until === "" || (isDate(until) && until > from)) &&
    reason.trim() !== ""
  return (
    <Ask
      title={t("override.addTitle")}
      isOpen
      onClose={onClose}
      act={act}
      confirm={t("override.add")}
      isDisabled={!isReady}
      onConfirm={() =>
        act.run(async (client, idempotencyKey) => {
          const { problems } = await client.rates.addOverride({
            params: { tenant: tenant.tenant },
            payload: {
              account: who.account,
              user: who.user,
              effectiveFrom: from,
              effectiveUntil: until === "" ? null : until,
              reason: reason.trim(),
              ...(effect.tier === null ? {} : { tier: effect.tier }),
              ...(effect.factor === null ? {} : { factor: effect.factor }),
              ...(kind === "price" ? { prices: effect.prices } : {}),
            },
            idempotencyKey,
          })
          refuseWith(problems, t("override.refused"))
          return t("override.added", { who: ruleText(who), from: dayText(from) })
        })
      }
    >
      <div className="hb-fields">
        <TextField label={t("filter.account")} value={account} onChange={setAccount} />
        <TextField label={t("filter.user")} value={user} onChange={setUser} description={t("override.whoText")} />
        <Choose
          label={t("override.kind")}
          choices={kinds.map((one) => ({ value: one, label: t(`override.kind.${one}`) }))}
          value={kind}
          onChange={(chosen) => setKind(kinds.find((one) => one === chosen) ?? "factor")}
        />
        {kind === "factor" ? (
          <TextField
            label={t("override.kind.factor")}
            value={factor}
            onChange={setFactor}
            inputMode="decimal"
            placeholder="0.8"
            description={t("override.factorText")}
          />
        ) : kind === "tier" ? (
          <Choose label={t("rates.tier")} choices={tiers.map((one) => ({ value: one, label: one }))} value={tier} onChange={setTier} />
        ) : (
          <>
            <Choose label={t("by.sku")} choices={skus.map((one) => ({ value: one, label: one }))} value={sku} onChange={setSku} />
            <TextField label={t("rates.price", { currency: rates.currency })} value={price} onChange={setPrice} inputMode="decimal" />
          </>
        )}
        <DateField label={t("rates.effectiveFrom")} value={from} onChange={setFrom} />
        <DateField label={t("override.until")} value={until} onChange={setUntil} min={from} />
      </div>
      <ReasonField value={reason} onChange={setReason} />
      <p className="hb-note" aria-live="polite">
        {isReady
          ? t("override.sentence", { who: ruleText(who), effect: effectText(effect, text), from: dayText(from) })
          : t("override.incomplete")}
      </p>
    </Ask>
  )
}

/** From the day on, the list price holds again; what was priced stands. */
export const EndOverride = ({ override, today, act, onClose }: FormProps & { readonly override: OverrideView; readonly today: string }) => {
  const text = useText()
  const { t, dayText } = text
  const { tenant } = useBilling()
  const [until, setUntil] = useState(`${monthAfter(today.slice(0, 7))}-01`)
  const who = ruleText({ ...override, payer: null })
  return (
    <Ask
      title={t("override.endOf", { who })}
      isOpen
      onClose={onClose}
      act={act}
      confirm={t("override.end")}
      isDestructive
      isDisabled={!isDate(until) || until <= override.effectiveFrom}
      onConfirm={() =>
        act.run(async (client, idempotencyKey) => {
          const { problems } = await client.rates.endOverride({
            params: { tenant: tenant.tenant, overrideId: override.id },
            payload: { effectiveUntil: until },
            idempotencyKey,
          })
          refuseWith(problems, t("override.refused"))
          return t("override.ended", { who, until: dayText(until) })
        })
      }
    >
      <p>{t("override.endText", { who, effect: effectText(override, text), until: isDate(until) ? dayText(until) : "—" })}</p>
      <DateField label={t("override.listFrom")} value={until} onChange={setUntil} min={override.effectiveFrom} />
    </Ask>
  )
}

const refuseWith = (problems: readonly DocumentProblem[], detail: string): void => {
  const findings = problems.map(({ message, ...problem }) => ({ ...problem, text: message }))
  if (problems.length > 0) throw new ApiProblem({ status: 422, detail, findings })
}
