import { Alert, Button, TextAreaField } from "@backstage/ui"
import type { EstimateAnswer } from "@hpc-billing/service/api"
import { useState } from "react"
import { useBilling } from "../parts/Billing.tsx"
import { DataTable } from "../parts/DataTable.tsx"
import { Findings } from "../parts/Findings.tsx"
import { AmountText, priceText } from "../parts/figures.tsx"
import { Choose } from "../parts/filters.tsx"
import { Panel } from "../parts/Panel.tsx"
import { Told } from "../parts/Told.tsx"
import { useAct } from "../parts/useAct.ts"
import { useLoad } from "../parts/useLoad.ts"
import { useText } from "../parts/useText.ts"
import { useView } from "../parts/useView.ts"
import { memoryText, zeroReasonWords } from "../parts/words.ts"

const example = `#!/bin/bash
#SBATCH --account=phys-flood
#SBATCH --partition=cpu
#SBATCH --cpus-per-task=16
#SBATCH --mem=64G
#SBATCH --time=08:00:00`

/** What would this job cost, before it is submitted? */
export const PlanPage = () => {
  const { t } = useText()
  const { me, tenant } = useBilling()
  const view = useView()
  const act = useAct()
  const [text, setText] = useState("")
  const [answer, setAnswer] = useState<EstimateAnswer | null>(null)
  const params = { tenant: tenant.tenant }
  const accounts = useLoad(["accounts", tenant.tenant], (client, signal) => client.payers.accounts({ params, signal }))
  const names = [...new Set(accounts.data?.accounts.map(({ account }) => account) ?? [])].sort()
  const account = view.get("account")
  const cluster = view.get("cluster") ?? tenant.clusters[0]
  const change = (changed: string) => {
    setText(changed)
    setAnswer(null)
  }
  return (
    <>
      <Panel title={t("plan.title")}>
        <p className="hb-note">{t("plan.text")}</p>
        <TextAreaField className="hb-editor" label={t("plan.script")} rows={8} value={text} onChange={change} placeholder={example} />
        <div className="hb-bar">
          <Choose
            label={t("plan.account")}
            choices={[{ value: "*", label: t("plan.asWritten") }, ...names.map((one) => ({ value: one, label: one }))]}
            value={account ?? "*"}
            onChange={(chosen) => {
              view.set({ account: chosen === "*" ? null : chosen })
              setAnswer(null)
            }}
          />
          {tenant.clusters.length > 1 && cluster !== undefined ? (
            <Choose
              label={t("by.cluster")}
              choices={tenant.clusters.map((one) => ({ value: one, label: one }))}
              value={cluster}
              onChange={(chosen) => {
                view.set({ cluster: chosen })
                setAnswer(null)
              }}
            />
          ) : null}
          <Button
            variant="primary"
            isDisabled={text.trim() === ""}
            isPending={act.isRunning}
            onPress={() =>
              void act.run(async (client) => {
                setAnswer(
                  await client.usage.estimate({
                    params,
                    payload: { text, ...(account === null ? {} : { account }), ...(cluster === undefined ? {} : { cluster }) },
                  }),
                )
                return null
              })
            }
          >
            {t("plan.price")}
          </Button>
          {text === "" ? (
            <Button variant="secondary" onPress={() => change(example)}>
              {t("plan.example")}
            </Button>
          ) : null}
        </div>
        {me.users.length === 0 ? <p className="hb-note">{t("plan.noUser")}</p> : null}
        <Told act={act} />
      </Panel>
      <div role="status">{answer === null ? null : <Answer answer={answer} />}</div>
    </>
  )
}

const Answer = ({ answer: { estimate, problems } }: { readonly answer: EstimateAnswer }) => {
  const text = useText()
  const { t, instantText } = text
  const { tenant } = useBilling()
  if (estimate === null)
    return (
      <Alert
        status="danger"
        icon
        title={t("rates.problems", { count: problems.length })}
        description={<Findings findings={problems.map(({ message, code, params }) => ({ path: "", text: message, code, params }))} />}
      />
    )
  const reasons = [...new Set(estimate.lines.flatMap(({ zeroReason }) => (zeroReason === null ? [] : [zeroReason])))]
  const isPriced = estimate.lines.some(({ zeroReason }) => zeroReason === null)
  const facts = [
    [t("by.account"), estimate.account],
    [t("by.user"), estimate.user],
    [t("by.partition"), [estimate.cluster, estimate.partition, estimate.qos].filter((one) => one !== "").join(" / ")],
    [
      t("column.resources"),
      [
        t("held.nodes", { count: estimate.nodes }),
        ...(estimate.gpus > 0 ? [t("held.gpus", { count: estimate.gpus })] : []),
        t("held.cores", { count: estimate.cores }),
        memoryText(estimate.memoryMebibytes),
      ].join(t("held.and")),
    ],
    [t("plan.limit"), durationText(estimate.timeLimitSeconds)],
  ] as const
  return (
    <Panel title={t("plan.result")}>
      {isPriced ? null : (
        <Alert
          status="warning"
          icon
          title={t("plan.unpriced", { reason: reasons.map((reason) => zeroReasonWords(reason, text)).join("; ") })}
          description={t("plan.unpricedText")}
        />
      )}
      <p className="hb-sentence">
        {t("plan.sentence", { amount: <AmountText money={estimate.total} />, limit: durationText(estimate.timeLimitSeconds) })}
        {estimate.tasks > 1
          ? ` ${t("plan.tasks", { tasks: String(estimate.tasks), amount: `${estimate.perTask.text} ${estimate.perTask.currency}` })}`
          : ""}
      </p>
      <p className="hb-note">{t("plan.asOf", { at: instantText(estimate.startsAt, tenant.zone), zone: tenant.zone })}</p>
      <DataTable
        label={t("plan.result")}
        rows={estimate.lines}
        keyOf={({ sku }) => sku}
        classOf={({ zeroReason }) => (zeroReason === null ? undefined : "hb-muted")}
        columns={[
          {
            id: "sku",
            label: t("by.sku"),
            cell: ({ sku, tier, zeroReason }) => (
              <>
                {sku}
                <span className="hb-sub">{zeroReason === null ? t("account.tier", { tier }) : zeroReasonWords(zeroReason, text)}</span>
              </>
            ),
            total: t("plan.perTask"),
          },
          { id: "quantity", label: t("column.quantity"), isFigure: true, cell: ({ quantity }) => quantity.text },
          { id: "price", label: t("receipt.unitPrice"), isFigure: true, cell: ({ unitPrice }) => priceText(unitPrice) },
          {
            id: "exact",
            label: t("column.amount", { currency: estimate.total.currency }),
            isFigure: true,
            cell: ({ exactAmount }) => priceText(exactAmount),
            total: estimate.perTask.text,
          },
        ]}
      />
      <dl className="hb-facts">
        {facts.map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

/** `8:00:00` as Slurm writes a limit, `1-00:00:00` with days. */
const durationText = (seconds: number): string => {
  const two = (count: number) => String(count).padStart(2, "0")
  const days = Math.trunc(seconds / 86_400)
  const clock = `${two(Math.trunc((seconds % 86_400) / 3_600))}:${two(Math.trunc((seconds % 3_600) / 60))}:${two(seconds % 60)}`
  return days === 0 ? clock : `${days}-${clock}`
}
