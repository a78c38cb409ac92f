import { Button, ButtonIcon, Link } from "@backstage/ui"
import type { Explanation, JobDetail, LineView } from "@hpc-billing/service/api"
import { RiCloseLine } from "@remixicon/react"
import { useEffect, useRef } from "react"
import { useBilling } from "../parts/Billing.tsx"
import { JobState } from "../parts/chips.tsx"
import { DataTable } from "../parts/DataTable.tsx"
import { Amount, permilleText, priceText, Until } from "../parts/figures.tsx"
import { Loaded } from "../parts/states.tsx"
import { useLoad } from "../parts/useLoad.ts"
import { moneyText, type Text, useText } from "../parts/useText.ts"
import { useKept, useView } from "../parts/useView.ts"
import { skuWords, zeroReasonWords } from "../parts/words.ts"

/** What the address may ask to be explained: a job, or one line of a receipt. */
export const explainJob = (usageId: string) => ({ job: usageId, line: null })
export const explainLine = (line: Pick<LineView, "receiptId" | "lineId">) => ({ job: null, line: `${line.receiptId}|${line.lineId}` })

/** Beside the page, not over it: from an amount back to the record it came from. Escape closes it. */
export const ExplainDrawer = () => {
  const { t } = useText()
  const view = useView()
  const panel = useRef<HTMLElement>(null)
  const job = view.get("job")
  const line = view.get("line")
  const subject = line ?? job
  useEffect(() => {
    if (subject !== null) panel.current?.focus()
  }, [subject])
  if (subject === null) return null
  const close = () => view.set({ job: null, line: null }, { keepsPage: true })
  return (
    <aside
      ref={panel}
      className="hb-drawer"
      aria-label={t("explain.title")}
      tabIndex={-1}
      onKeyDown={(event) => (event.key === "Escape" ? close() : undefined)}
    >
      <div className="hb-drawer-head">
        <span className="hb-note">{t("explain.title")}</span>
        <ButtonIcon variant="tertiary" aria-label={t("explain.close")} icon={<RiCloseLine aria-hidden />} onPress={close} />
      </div>
      {line !== null ? <LineExplanation text={line} /> : <JobExplanation usageId={job ?? ""} />}
    </aside>
  )
}

const JobExplanation = ({ usageId }: { readonly usageId: string }) => {
  const { tenant } = useBilling()
  const [cluster = "", jobId = "", submitSeconds = ""] = usageId.split("/")
  const detail = useLoad(["job", tenant.tenant, usageId], (client, signal) =>
    client.usage.job({ params: { tenant: tenant.tenant, cluster, jobId, submitSeconds: Number(submitSeconds) }, signal }),
  )
  return <Loaded of={detail}>{(value) => <JobBody detail={value} />}</Loaded>
}

const JobBody = ({ detail: { job, lines, dataUntil } }: { readonly detail: JobDetail }) => {
  const text = useText()
  const { t, monthText } = text
  const view = useView()
  const first = lines[0]
  const months = [...new Set(lines.map(({ month }) => month))]
  return (
    <>
      <div>
        <h2>
          {t("explain.job", { job: job.displayJobId })} <span className="hb-muted">{job.name}</span>
        </h2>
        <p className="hb-big">{job.charge === null ? "—" : moneyText(job.charge)}</p>
        {months.length > 1 ? <p className="hb-note">{t("explain.months", { months: months.map(monthText).join(t("held.and")) })}</p> : null}
        <JobState state={job.state} />{" "}
        <span className="hb-note">
          {job.elapsedText} · {job.user} · {job.account}
        </span>
      </div>
      {job.probablyRunaway ? <p className="hb-note hb-warn">{t("job.runawayText")}</p> : null}
      {job.zeroReason === null ? null : <p className="hb-note">{t("explain.zero", { reason: zeroReasonWords(job.zeroReason, text) })}</p>}
      {first === undefined ? <p className="hb-note">{t("explain.notPriced")}</p> : null}
      {lines.length > 1 ? (
        <DataTable
          label={t("explain.lines")}
          rows={lines}
          keyOf={({ receiptId, lineId }) => `${receiptId}|${lineId}`}
          columns={[
            {
              id: "sku",
              label: t("explain.lines"),
              cell: (line) => (
                <>
                  <button type="button" className="hb-amount" onClick={() => view.set(explainLine(line), { keepsPage: true })}>
                    {skuWords(line.sku, text)}
                  </button>
                  <span className="hb-sub">
                    {months.length > 1 ? `${monthText(line.month)} · ` : ""}
                    {line.quantity.text} × {priceText(line.unitPrice)}
                  </span>
                </>
              ),
            },
            { id: "exact", label: t("explain.exact"), isFigure: true, cell: ({ exactAmount }) => exactAmount },
            { id: "billed", label: t("explain.billed"), isFigure: true, cell: ({ billed }) => <Amount money={billed} /> },
          ]}
        />
      ) : null}
      {first === undefined ? (
        <Until until={dataUntil} />
      ) : (
        <OneLine receiptId={first.receiptId} lineId={first.lineId} isHeaded={lines.length > 1} />
      )}
    </>
  )
}

const LineExplanation = ({ text }: { readonly text: string }) => {
  const bar = text.indexOf("|")
  return <OneLine receiptId={text.slice(0, bar)} lineId={text.slice(bar + 1)} isHeaded />
}

const OneLine = ({ receiptId, lineId, isHeaded }: { readonly receiptId: string; readonly lineId: string; readonly isHeaded: boolean }) => {
  const { tenant } = useBilling()
  const explanation = useLoad(["explain", tenant.tenant, receiptId, lineId], (client, signal) =>
    client.usage.explain({ params: { tenant: tenant.tenant }, query: { receiptId, lineId }, signal }),
  )
  return <Loaded of={explanation}>{(value) => <LineBody explanation={value} isHeaded={isHeaded} />}</Loaded>
}

const LineBody = ({ explanation, isHeaded }: { readonly explanation: Explanation; readonly isHeaded: boolean }) => {
  const text = useText()
  const { t, instantText } = text
  const { root, tenant, me } = useBilling()
  const kept = useKept()
  const view = useView()
  const { line, card, efficiency } = explanation
  const mayReadReceipt = me.permissions.includes("hpc-billing.receipt.read")
  return (
    <>
      {isHeaded ? (
        <div>
          <h3>
            {line.usageId === null ? (
              t("explain.line", { position: String(line.position) })
            ) : (
              <button type="button" className="hb-amount" onClick={() => view.set(explainJob(line.usageId ?? ""), { keepsPage: true })}>
                {t("explain.job", { job: line.jobId })}
              </button>
            )}{" "}
            · {skuWords(line.sku, text)}
          </h3>
          <p className="hb-big">{moneyText(line.billed)}</p>
        </div>
      ) : null}
      <p className="hb-pre">{arithmeticWords(explanation, text)}</p>
      {line.zeroReason === null ? null : <p className="hb-note">{t("explain.zero", { reason: zeroReasonWords(line.zeroReason, text) })}</p>}
      <ol className="hb-steps">
        {explanation.steps.map((step) => (
          <li key={`${step.code}-${step.textEnglish}`}>{text.language === "th" ? step.textThai : step.textEnglish}</li>
        ))}
      </ol>
      <p className="hb-note">{t("explain.rounded")}</p>
      <h3>{t("explain.window")}</h3>
      <p className="hb-note hb-number">
        {instantText(line.windowStart, tenant.zone)} – {instantText(line.windowEnd, tenant.zone)} ({tenant.zone})
      </p>
      <h3>{t("explain.efficiency")}</h3>
      <dl className="hb-facts">
        <dt>{t("explain.cpu")}</dt>
        <dd className="hb-number">{efficiency.cpuPermille === null ? t("explain.unknown") : permilleText(efficiency.cpuPermille)}</dd>
        <dt>{t("explain.memory")}</dt>
        <dd className="hb-number">{efficiency.memoryPermille === null ? t("explain.unknown") : permilleText(efficiency.memoryPermille)}</dd>
      </dl>
      <h3>{t("explain.rule")}</h3>
      <dl className="hb-facts">
        <dt>{t("explain.card")}</dt>
        <dd>{t("explain.cardText", { id: card.id, version: String(card.version), from: card.effectiveFrom ?? "—" })}</dd>
        <dt>{t("explain.tier")}</dt>
        <dd>{line.tier}</dd>
        <dt>{t("explain.basis")}</dt>
        <dd>{t(`explain.basis.${line.basis}`)}</dd>
        <dt>{t("explain.cardHash")}</dt>
        <dd className="hb-code">{card.hash}</dd>
      </dl>
      {explanation.record === null ? null : (
        <details>
          <summary>{t("explain.record")}</summary>
          <pre className="hb-pre">{JSON.stringify(explanation.record, null, 1)}</pre>
        </details>
      )}
      <Until until={explanation.dataUntil} />
      {mayReadReceipt ? <Link href={kept(`${root}/receipts/${receiptPath(line.receiptId)}`)}>{t("explain.openReceipt")}</Link> : null}
      <Button variant="secondary" onPress={() => view.set({ job: null, line: null }, { keepsPage: true })}>
        {t("explain.close")}
      </Button>
    </>
  )
}

/** `91.503000 GPU-h x 45 = 4117.635 THB, billed 4,117.64 of 5,200.00`. */
const arithmeticWords = ({ line, receiptNet }: Explanation, text: Text): string => {
  const { t } = text
  const { currency } = line.billed
  if (line.zeroReason !== null) return t("explain.sentenceZero", { currency, reason: zeroReasonWords(line.zeroReason, text) })
  const values = { quantity: line.quantity.text, price: line.unitPrice, exact: line.exactAmount, currency, billed: line.billed.text }
  return receiptNet === null ? t("explain.sentence", values) : t("explain.sentenceOfNet", { ...values, net: receiptNet.text })
}

/** `tenant/month/payer/sequence` without its tenant, as the receipt's own page. */
export const receiptPath = (receiptId: string): string => receiptId.split("/").slice(1).map(encodeURIComponent).join("/")
