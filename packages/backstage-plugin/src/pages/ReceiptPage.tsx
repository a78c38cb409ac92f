import { Flex, Link } from "@backstage/ui"
import type { Money, ReceiptView } from "@hpc-billing/service/api"
import { useParams } from "react-router-dom"
import { explainLine } from "../explain/ExplainDrawer.tsx"
import { useBilling, useMay } from "../parts/Billing.tsx"
import { Chip, ReceiptStatus } from "../parts/chips.tsx"
import { DataTable } from "../parts/DataTable.tsx"
import { Amount, AmountText, isNothing, priceText, Until } from "../parts/figures.tsx"
import { Pager, rowsPerPage } from "../parts/Pager.tsx"
import { Panel } from "../parts/Panel.tsx"
import { payerName } from "../parts/ReceiptsTable.tsx"
import { SaveButton } from "../parts/SaveButton.tsx"
import { Empty, Loaded } from "../parts/states.tsx"
import { useLoad } from "../parts/useLoad.ts"
import { moneyText, useText } from "../parts/useText.ts"
import { useKept, useView } from "../parts/useView.ts"
import { skuWords, zeroReasonWords } from "../parts/words.ts"
import { ReceiptActions } from "./ReceiptActions.tsx"

/** Is this paper true? */
export const ReceiptPage = () => {
  const { tenant } = useBilling()
  const { month = "", payer = "", sequence = "", number } = useParams()
  const receipt = useLoad(["receipt", tenant.tenant, month, payer, sequence, number], (client, signal) =>
    number === undefined
      ? client.receipts.get({ params: { tenant: tenant.tenant, month, payer, sequence: Number(sequence) }, signal })
      : client.receipts.byNumber({ params: { tenant: tenant.tenant, number }, signal }),
  )
  return <Loaded of={receipt}>{(value) => <Body receipt={value} />}</Loaded>
}

const Body = ({ receipt }: { readonly receipt: ReceiptView }) => {
  const text = useText()
  const { t, language, monthText, instantText } = text
  const { root } = useBilling()
  const may = useMay()
  const kept = useKept()
  const payer = payerName(receipt, language)
  const month = monthText(receipt.month)
  const gross = <AmountText money={receipt.gross} />
  const sentence = {
    draft: () => t("receipt.sentenceDraft", { payer, gross, month }),
    issued: () => t("receipt.sentence", { payer, due: <AmountText money={receipt.due} />, gross, month }),
    paid: () => t("receipt.sentencePaid", { payer, gross, month }),
    void: () => t("receipt.sentenceVoid", { gross, reason: receipt.voidReason ?? "—" }),
  }[receipt.status]
  const paysBack = receipt.balance?.amountMinor.startsWith("-") === true
  const instant = (at: string | null) => (at === null ? "—" : `${instantText(at, receipt.zone)} (${receipt.zone})`)
  return (
    <>
      {may("periodRead") ? <Link href={kept(`${root}/month`, { month: receipt.month })}>{t("receipt.back", { month })}</Link> : null}
      <Panel>
        <Flex gap="3" align="center" style={{ flexWrap: "wrap" }}>
          <h2 style={{ margin: 0, fontSize: 20 }}>
            {receipt.number === null ? t("receipt.draftTitle", { payer }) : t("receipt.title", { number: receipt.number })}
          </h2>
          <ReceiptStatus status={receipt.status} />
          {receipt.findings.length === 0 ? (
            <Chip kind="good">
              <span aria-hidden>✓</span> {t("receipt.true")}
            </Chip>
          ) : (
            <Chip kind="bad">
              <span aria-hidden>✕</span> {t("receipt.untrue")}
            </Chip>
          )}
        </Flex>
        <p className="hb-sentence">
          {sentence()}
          {paysBack ? ` ${t("receipt.sentenceBack", { amount: positive(receipt.balance) })}` : ""}
        </p>
        {receipt.findings.length > 0 ? (
          <ul className="hb-list">
            {receipt.findings.map((finding) => (
              <li key={finding}>{finding}</li>
            ))}
          </ul>
        ) : null}
        <ReceiptActions receipt={receipt} />
        <Until until={receipt.dataUntil} />
      </Panel>
      <div className="hb-grid">
        <PartyPanel title={t("receipt.from")} party={receipt.issuer} />
        <PartyPanel title={t("receipt.to")} party={receipt.payer} />
        <Panel title={t("month.gross")}>
          <dl className="hb-facts">
            <dt>{t("month.net")}</dt>
            <dd className="hb-right hb-number">{moneyText(receipt.net)}</dd>
            {receipt.taxes.map((tax) => (
              <TaxLine
                key={`${tax.code} ${tax.ratePercent} ${tax.basis}`}
                code={tax.basis === "" ? `${tax.code} ${tax.ratePercent} %` : tax.code}
                note={[
                  receipt.taxes.length > 1 ? `${t("month.net")} ${moneyText(tax.net)}` : "",
                  language === "th" ? tax.basisThai : tax.basis,
                ]
                  .filter((part) => part !== "")
                  .join(" · ")}
                text={moneyText(tax.tax)}
              />
            ))}
            <dt>{t("month.gross")}</dt>
            <dd className="hb-number">
              <b>{moneyText(receipt.gross)}</b>
            </dd>
            {receipt.paid === null ? null : <TaxLine code={t("receipt.received")} text={moneyText(receipt.paid)} />}
            {receipt.withheld === null ? null : <TaxLine code={t("receipt.withheld")} text={moneyText(receipt.withheld)} />}
            {isNothing(receipt.credited) ? null : <TaxLine code={t("receipt.credited")} text={moneyText(receipt.credited)} />}
            {isNothing(receipt.refunded) ? null : <TaxLine code={t("receipt.refunded")} text={moneyText(receipt.refunded)} />}
            {isNothing(receipt.writtenOff) ? null : <TaxLine code={t("receipt.writtenOff")} text={moneyText(receipt.writtenOff)} />}
            {receipt.balance === null ? null : (
              <TaxLine code={paysBack ? t("receipt.toPayBack") : t("receipt.balance")} text={positive(receipt.balance)} />
            )}
          </dl>
        </Panel>
        <Panel title={t("receipt.window")}>
          <dl className="hb-facts">
            <dt>{t("receipt.window")}</dt>
            <dd className="hb-number">
              {instantText(receipt.windowStart, receipt.zone)} – {instantText(receipt.windowEnd, receipt.zone)} ({receipt.zone})
            </dd>
            <dt>{t("receipt.tier")}</dt>
            <dd>{receipt.tier}</dd>
            <dt>{t("receipt.issuedAt")}</dt>
            <dd className="hb-number">{instant(receipt.issuedAt)}</dd>
            <dt>{t("receipt.paidAt")}</dt>
            <dd className="hb-number">{instant(receipt.paidAt)}</dd>
            {receipt.voidedAt === null ? null : <TaxLine code={t("receipt.voidedAt")} text={instant(receipt.voidedAt)} />}
            <dt>{t("receipt.seal")}</dt>
            <dd className="hb-code">{receipt.sha256 ?? "—"}</dd>
            {receipt.entryIds.length === 0 ? null : (
              <>
                <dt>{t("receipt.entries")}</dt>
                <dd className="hb-code">{receipt.entryIds.join(", ")}</dd>
              </>
            )}
          </dl>
        </Panel>
      </div>
      <div className="hb-grid">
        <Panel title={t("receipt.bySku")}>
          <DataTable
            label={t("receipt.bySku")}
            rows={receipt.bySku}
            keyOf={({ sku, unit }) => `${sku}-${unit}`}
            columns={[
              { id: "sku", label: t("by.sku"), cell: ({ sku }) => skuWords(sku, text), total: t("column.total") },
              { id: "quantity", label: t("column.quantity"), isFigure: true, cell: ({ quantity, unit }) => `${quantity} ${unit}` },
              {
                id: "billed",
                label: t("column.amount", { currency: receipt.net.currency }),
                isFigure: true,
                cell: ({ billed }) => <Amount money={billed} />,
                total: <Amount money={receipt.net} />,
              },
            ]}
          />
        </Panel>
        <Panel title={t("receipt.byUser")}>
          <DataTable
            label={t("receipt.byUser")}
            rows={receipt.byUser}
            keyOf={({ user, account }) => `${user}/${account}`}
            columns={[
              {
                id: "user",
                label: t("by.user"),
                cell: ({ user, account }) => (
                  <>
                    {user === "" ? "—" : user}
                    <span className="hb-sub">{account}</span>
                  </>
                ),
                total: t("column.total"),
              },
              {
                id: "billed",
                label: t("column.amount", { currency: receipt.net.currency }),
                isFigure: true,
                cell: ({ billed }) => <Amount money={billed} />,
                total: <Amount money={receipt.net} />,
              },
            ]}
          />
        </Panel>
      </div>
      {receipt.creditNotes.length === 0 ? null : <CreditNotes receipt={receipt} />}
      <Lines receipt={receipt} />
    </>
  )
}

/** An amount whose words say which way it goes. */
const positive = (money: Money | null): string => (money === null ? "—" : moneyText(money).replace("-", ""))

const TaxLine = ({ code, text, note = "" }: { readonly code: string; readonly text: string; readonly note?: string }) => (
  <>
    <dt>
      {code}
      {note === "" ? null : <span className="hb-sub">{note}</span>}
    </dt>
    <dd className="hb-number">{text}</dd>
  </>
)

const PartyPanel = ({ title, party }: { readonly title: string; readonly party: ReceiptView["issuer"] }) => {
  const { t, language } = useText()
  const isThai = language === "th"
  return (
    <Panel title={title}>
      <div>
        <strong>{isThai ? party.nameThai : party.nameEnglish}</strong>
        <span className="hb-sub">{isThai ? party.addressThai : party.addressEnglish}</span>
        {party.taxId === "" ? null : (
          <span className="hb-sub">
            {t("receipt.taxId", { id: party.taxId })}
            {party.branch === "" ? "" : ` · ${t("receipt.branch", { branch: party.branch })}`}
          </span>
        )}
      </div>
    </Panel>
  )
}

const CreditNotes = ({ receipt }: { readonly receipt: ReceiptView }) => {
  const { t, dayText } = useText()
  const { currency } = receipt.net
  return (
    <Panel title={t("receipt.creditNotes")}>
      <DataTable
        label={t("receipt.creditNotes")}
        rows={receipt.creditNotes}
        keyOf={({ number }) => number}
        columns={[
          { id: "number", label: t("month.number"), cell: ({ number }) => number },
          { id: "date", label: t("month.date"), cell: ({ date }) => <span className="hb-number">{dayText(date)}</span> },
          { id: "reason", label: t("form.reason"), cell: ({ reason }) => reason },
          { id: "net", label: `${t("month.net")} (${currency})`, isFigure: true, cell: ({ net }) => <Amount money={net} /> },
          { id: "tax", label: t("month.tax"), isFigure: true, cell: ({ tax }) => <Amount money={tax} /> },
          { id: "gross", label: t("month.gross"), isFigure: true, cell: ({ gross }) => <Amount money={gross} /> },
        ]}
      />
    </Panel>
  )
}

const Lines = ({ receipt }: { readonly receipt: ReceiptView }) => {
  const text = useText()
  const { t, countText } = text
  const { tenant } = useBilling()
  const view = useView()
  const cursor = view.get("cursor")
  const lines = useLoad(["lines", tenant.tenant, receipt.id, cursor], (client, signal) =>
    client.usage.lines({
      params: { tenant: tenant.tenant },
      query: { month: receipt.month, receiptId: receipt.id, limit: rowsPerPage, ...(cursor === null ? {} : { cursor }) },
      signal,
    }),
  )
  return (
    <Panel
      title={t("receipt.lines")}
      note={countText(receipt.lineCount)}
      actions={
        <SaveButton
          label={t("csv.lines")}
          load={(client) =>
            client.usage.linesCsv({ params: { tenant: tenant.tenant }, query: { month: receipt.month, receiptId: receipt.id } })
          }
        />
      }
    >
      <Loaded of={lines}>
        {({ rows, next }) =>
          rows.length === 0 ? (
            <Empty title={t("receipt.noLines")} />
          ) : (
            <>
              <DataTable
                label={t("receipt.lines")}
                rows={rows}
                keyOf={({ lineId }) => lineId}
                classOf={(line) =>
                  `${line.zeroReason === null ? "" : "hb-muted"} ${view.get("line") === explainLine(line).line ? "hb-selected" : ""}`.trim() ||
                  undefined
                }
                columns={[
                  {
                    id: "job",
                    label: t("column.job"),
                    cell: (line) => (
                      <>
                        <span className="hb-number">{line.jobId === "" ? line.kind : line.jobId}</span>
                        <span className="hb-sub">{line.jobName}</span>
                      </>
                    ),
                  },
                  {
                    id: "user",
                    label: t("by.user"),
                    cell: (line) => (
                      <>
                        {line.user}
                        <span className="hb-sub">{line.account}</span>
                      </>
                    ),
                  },
                  {
                    id: "sku",
                    label: t("by.sku"),
                    cell: (line) => (
                      <>
                        {skuWords(line.sku, text)}
                        {line.taxCode === null ? null : <span className="hb-sub">{line.taxCode}</span>}
                        {line.zeroReason === null ? null : <span className="hb-sub">{zeroReasonWords(line.zeroReason, text)}</span>}
                      </>
                    ),
                  },
                  { id: "quantity", label: t("column.quantity"), isFigure: true, cell: ({ quantity }) => quantity.text },
                  { id: "price", label: t("receipt.unitPrice"), isFigure: true, cell: ({ unitPrice }) => priceText(unitPrice) },
                  { id: "exact", label: t("receipt.exact"), isFigure: true, cell: ({ exactAmount }) => exactAmount },
                  {
                    id: "billed",
                    label: `${t("receipt.billed")} (${receipt.net.currency})`,
                    isFigure: true,
                    cell: (line) => (
                      <button
                        type="button"
                        className="hb-amount"
                        aria-label={t("usage.explain", { amount: line.billed.text, job: line.jobId === "" ? line.sku : line.jobId })}
                        onClick={() => view.set(explainLine(line), { keepsPage: true })}
                      >
                        {line.billed.text}
                      </button>
                    ),
                  },
                ]}
              />
              <Pager name="cursor" next={next} rowCount={rows.length} />
            </>
          )
        }
      </Loaded>
    </Panel>
  )
}
