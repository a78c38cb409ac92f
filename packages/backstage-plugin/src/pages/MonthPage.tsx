import { Button, Flex } from "@backstage/ui"
import type { PeriodView } from "@hpc-billing/service/api"
import { useState } from "react"
import { Navigate, useLocation } from "react-router-dom"
import { Ask } from "../parts/Ask.tsx"
import { useBilling, useMay } from "../parts/Billing.tsx"
import { Balanced, Chip } from "../parts/chips.tsx"
import { DataTable } from "../parts/DataTable.tsx"
import { Absent, Amount, AmountText, Until } from "../parts/figures.tsx"
import { CopyLink, MonthFilter, useMonth } from "../parts/filters.tsx"
import { Pager, rowsPerPage } from "../parts/Pager.tsx"
import { Panel } from "../parts/Panel.tsx"
import { payerName, ReceiptsTable } from "../parts/ReceiptsTable.tsx"
import { Sheet } from "../parts/Sheet.tsx"
import { sentenceWords } from "../parts/sentenceWords.ts"
import { Empty, Loaded } from "../parts/states.tsx"
import { Told } from "../parts/Told.tsx"
import { useAct } from "../parts/useAct.ts"
import { useLoad } from "../parts/useLoad.ts"
import { moneyText, useText } from "../parts/useText.ts"
import { useView } from "../parts/useView.ts"
import { ledgerAccountWords, personWords } from "../parts/words.ts"
import { ExportsPanel } from "./ExportsPanel.tsx"
import { PrepaidPanel } from "./PrepaidPanel.tsx"
import { ReopenPanel } from "./ReopenPanel.tsx"

/** Can this month be closed, what is owed, and does it agree? */
export const MonthPage = () => {
  const { tenant } = useBilling()
  const view = useView()
  const { search } = useLocation()
  // without a month in the address, the latest that has ended: the running one can not be closed
  const ended = tenant.months.find((one) => one < tenant.currentMonth)
  if (view.get("month") === null && ended !== undefined) {
    const wanted = new URLSearchParams(search)
    wanted.set("month", ended)
    return <Navigate to={{ search: wanted.toString() }} replace />
  }
  return <MonthBody />
}

const MonthBody = () => {
  const { tenant } = useBilling()
  const month = useMonth()
  const period = useLoad(["period", tenant.tenant, month], (client, signal) =>
    client.periods.get({ params: { tenant: tenant.tenant, month }, signal }),
  )
  return (
    <>
      <div className="hb-bar">
        <MonthFilter />
        <div className="hb-push">
          <CopyLink />
        </div>
      </div>
      <Loaded of={period}>{(value) => <Board period={value} />}</Loaded>
      <Receipts />
      <Loaded of={period}>
        {(value) => (
          <div className="hb-grid">
            <Receivables period={value} />
            <TrialBalance />
          </div>
        )}
      </Loaded>
      <div className="hb-grid">
        <UnmappedPanel />
        <ExportsPanel />
      </div>
      <PrepaidPanel />
    </>
  )
}

const stepKind = { done: "good", now: "info", blocked: "warn", later: undefined } as const

const Board = ({ period }: { readonly period: PeriodView }) => {
  const text = useText()
  const { t, monthText, instantText } = text
  const { tenant } = useBilling()
  const month = monthText(period.month)
  const blockers = period.steps.flatMap((step) => step.blockers)
  return (
    <Panel>
      <p className="hb-sentence">
        {t("month.sentence", {
          month,
          billed: <AmountText money={period.billed} />,
          received: <AmountText money={period.received} />,
          due: <AmountText money={period.due} />,
        })}{" "}
        {period.status === "closed" ? (
          t("month.closed", {
            month,
            by: period.closedBy === null ? "—" : personWords(period.closedBy),
            at: period.closedAt === null ? "—" : `${instantText(period.closedAt, tenant.zone)} (${tenant.zone})`,
          })
        ) : blockers.length > 0 ? (
          <b className="hb-warn">{t("month.blocked", { count: blockers.length })}</b>
        ) : period.canClose ? (
          <b className="hb-down">{t("month.canClose")}</b>
        ) : null}
      </p>
      <ol className="hb-board">
        {period.steps.map((step) => (
          <li key={step.step} className={`hb-step-${step.state}`}>
            <strong>{t(`month.step.${step.step}`)}</strong>
            <Chip {...(stepKind[step.state] === undefined ? {} : { kind: stepKind[step.state] })}>
              {t(`month.stepState.${step.state}`)}
            </Chip>
            <span className="hb-sub">{sentenceWords(step, text)}</span>
          </li>
        ))}
      </ol>
      {blockers.length > 0 ? (
        <div>
          <h3 className="hb-note">{t("month.blockers")}</h3>
          <ul className="hb-todo">
            {blockers.map((blocker) => (
              <li key={blocker.text}>
                <span className="hb-warn" aria-hidden>
                  ▲{" "}
                </span>
                {sentenceWords(blocker, text)}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <Actions period={period} />
      <Until until={period.dataUntil} />
    </Panel>
  )
}

type Open = "preview" | "journal" | "close" | "impair" | null

/** What finance does with a month, in the order in which it is done. */
const Actions = ({ period }: { readonly period: PeriodView }) => {
  const { t, monthText } = useText()
  const { tenant } = useBilling()
  const may = useMay()
  const act = useAct()
  const [open, setOpen] = useState<Open>(null)
  const { month } = period
  const params = { tenant: tenant.tenant }
  const close = () => setOpen(null)
  const isOver = period.status === "closed"
  if (!may("receiptWrite") && !may("journalRead")) return null
  return (
    <>
      <Flex gap="2" style={{ flexWrap: "wrap" }}>
        {may("receiptWrite") && !isOver ? (
          <Button variant="secondary" onPress={() => setOpen("preview")}>
            {t("month.preview")}
          </Button>
        ) : null}
        {may("journalRead") ? (
          <Button variant="secondary" onPress={() => setOpen("journal")}>
            {t("month.previewJournal")}
          </Button>
        ) : null}
        {period.actions.includes("impair") ? (
          <Button variant="secondary" onPress={() => setOpen("impair")}>
            {t("month.impair")}
          </Button>
        ) : null}
        {may("periodClose") && !isOver ? (
          <Button variant="primary" isDisabled={!period.canClose} onPress={() => setOpen("close")}>
            {t("month.close", { month: monthText(month) })}
          </Button>
        ) : null}
      </Flex>
      <Told act={open === null ? act : { ...act, problem: null }} />
      <ReopenPanel period={period} />
      <Ask
        title={t("month.impairTitle", { month: monthText(month) })}
        isOpen={open === "impair"}
        onClose={close}
        act={act}
        confirm={t("month.impair")}
        onConfirm={() =>
          act.run(async (client, idempotencyKey) => {
            const { entriesPosted } = await client.periods.impair({ params: { ...params, month }, idempotencyKey })
            return t("month.impaired", { count: entriesPosted })
          })
        }
      >
        <p>{t("month.impairText", { due: <AmountText money={period.due} /> })}</p>
      </Ask>
      {open === "preview" ? <BillingPreviewDialog month={month} onClose={close} act={act} /> : null}
      {open === "journal" ? <JournalDialog month={month} onClose={close} act={act} /> : null}
      <Ask
        title={t("month.closeTitle", { month: monthText(month) })}
        isOpen={open === "close"}
        onClose={close}
        act={act}
        confirm={t("month.close", { month: monthText(month) })}
        onConfirm={() =>
          act.run(async (client, idempotencyKey) => {
            await client.periods.close({ params: { ...params, month }, idempotencyKey })
            return t("month.closedNow", { month: monthText(month) })
          })
        }
      >
        <p>{t("month.closeText")}</p>
      </Ask>
    </>
  )
}

interface DialogProps {
  readonly month: string
  readonly onClose: () => void
  readonly act: ReturnType<typeof useAct>
}

const BillingPreviewDialog = ({ month, onClose, act }: DialogProps) => {
  const text = useText()
  const { t, language, monthText } = text
  const { tenant } = useBilling()
  const params = { tenant: tenant.tenant }
  const preview = useLoad(["billing-preview", tenant.tenant, month], (client, signal) =>
    client.receipts.preview({ params, query: { month }, signal }),
  )
  return (
    <Sheet
      title={t("month.previewTitle", { month: monthText(month) })}
      isOpen
      onClose={onClose}
      width={760}
      actions={
        <>
          <Button
            variant="primary"
            isDisabled={(preview.data?.receipts.length ?? 0) === 0}
            isPending={act.isRunning}
            onPress={() =>
              void act
                .run(async (client, idempotencyKey) => {
                  const { receipts } = await client.receipts.issue({ params, payload: { month }, idempotencyKey })
                  return t("month.issued", { count: receipts.length })
                })
                .then((isDone) => (isDone ? onClose() : undefined))
            }
          >
            {t("month.issue")}
          </Button>
          <Button variant="secondary" onPress={onClose}>
            {t("action.cancel")}
          </Button>
        </>
      }
    >
      <Loaded of={preview}>
        {(value) => (
          <Flex direction="column" gap="3">
            {value.receipts.length === 0 ? (
              <Empty title={t("month.previewNothing")} />
            ) : (
              <DataTable
                label={t("month.receipts")}
                rows={value.receipts}
                keyOf={({ payerId }) => payerId}
                columns={[
                  { id: "payer", label: t("month.payer"), cell: (receipt) => payerName(receipt, language), total: t("column.total") },
                  { id: "lines", label: t("receipt.lineCount"), isFigure: true, cell: ({ lineCount }) => lineCount },
                  {
                    id: "net",
                    label: `${t("month.net")} (${tenant.currency})`,
                    isFigure: true,
                    cell: ({ net }) => <Amount money={net} />,
                    total: <Amount money={value.net} />,
                  },
                  { id: "tax", label: t("month.tax"), isFigure: true, cell: ({ tax }) => <Amount money={tax} /> },
                  {
                    id: "gross",
                    label: t("month.gross"),
                    isFigure: true,
                    cell: ({ gross }) => <Amount money={gross} />,
                    total: <Amount money={value.gross} />,
                  },
                  ...(value.receipts.some(({ draws }) => draws.length > 0)
                    ? [
                        {
                          id: "prepaid",
                          label: t("month.fromPrepaid"),
                          isFigure: true,
                          cell: ({ prepaid }: (typeof value.receipts)[number]) => <Amount money={prepaid} />,
                        },
                      ]
                    : []),
                ]}
              />
            )}
            {value.leftOut.length > 0 ? (
              <div>
                <strong>{t("month.leftOut")}</strong>
                <ul className="hb-list">
                  {value.leftOut.map((out) => (
                    <li key={`${out.reason}-${out.text}`}>
                      {sentenceWords(out, text)} ({out.count})
                    </li>
                  ))}
                </ul>
              </div>
            ) : null}
            <p className="hb-note">{t("month.issueText")}</p>
            <Told act={act} />
          </Flex>
        )}
      </Loaded>
    </Sheet>
  )
}

const JournalDialog = ({ month, onClose, act }: DialogProps) => {
  const text = useText()
  const { t, monthText, dayText } = text
  const { tenant } = useBilling()
  const may = useMay()
  const params = { tenant: tenant.tenant }
  const preview = useLoad(["journal-preview", tenant.tenant, month], (client, signal) =>
    client.journal.preview({ params, query: { month }, signal }),
  )
  return (
    <Sheet
      title={t("month.journalTitle", { month: monthText(month) })}
      isOpen
      onClose={onClose}
      width={860}
      actions={
        <>
          {may("journalPost") ? (
            <Button
              variant="primary"
              isDisabled={(preview.data?.entryCount ?? 0) === 0}
              isPending={act.isRunning}
              onPress={() =>
                void act
                  .run(async (client, idempotencyKey) => {
                    const { entriesPosted, sha256 } = await client.journal.post({ params, payload: { month }, idempotencyKey })
                    return t("month.posted", { count: entriesPosted, sha: sha256.slice(0, 16) })
                  })
                  .then((isDone) => (isDone ? onClose() : undefined))
              }
            >
              {t("month.post")}
            </Button>
          ) : null}
          <Button variant="secondary" onPress={onClose}>
            {t("action.close")}
          </Button>
        </>
      }
    >
      <Loaded of={preview}>
        {(value) => (
          <Flex direction="column" gap="3">
            {value.entryCount === 0 ? (
              <Empty title={t("month.journalNothing")} />
            ) : (
              <>
                <p className="hb-note">
                  {t("month.journalCount", { count: value.entryCount, sha: value.sha256.slice(0, 16) })}{" "}
                  <Balanced isBalanced={value.trialBalance.balanced} />
                </p>
                <DataTable
                  label={t("month.journalTitle", { month: monthText(month) })}
                  rows={value.entries.flatMap((entry) => entry.lines.map((line, index) => ({ entry, line, index })))}
                  keyOf={({ entry, index }) => `${entry.id}-${index}`}
                  columns={[
                    {
                      id: "memo",
                      label: t("month.entry"),
                      cell: ({ entry, index }) =>
                        index === 0 ? (
                          <>
                            {entry.memo}
                            <span className="hb-sub">{dayText(entry.effectiveDate)}</span>
                          </>
                        ) : (
                          ""
                        ),
                    },
                    {
                      id: "account",
                      label: t("month.ledgerAccount"),
                      cell: ({ line }) => `${line.account} ${ledgerAccountWords(line, text)}`,
                    },
                    {
                      id: "debit",
                      label: `${t("month.debit")} (${tenant.currency})`,
                      isFigure: true,
                      cell: ({ line }) => (line.debit === null ? "" : line.debit.text),
                    },
                    {
                      id: "credit",
                      label: t("month.credit"),
                      isFigure: true,
                      cell: ({ line }) => (line.credit === null ? "" : line.credit.text),
                    },
                  ]}
                />
              </>
            )}
            <Told act={act} />
          </Flex>
        )}
      </Loaded>
    </Sheet>
  )
}

const Receipts = () => {
  const { t, monthText } = useText()
  const { tenant } = useBilling()
  const view = useView()
  const month = useMonth()
  const cursor = view.get("receipts-cursor")
  const receipts = useLoad(["receipts", tenant.tenant, month, cursor], (client, signal) =>
    client.receipts.list({
      params: { tenant: tenant.tenant },
      query: { month, limit: rowsPerPage, ...(cursor === null ? {} : { cursor }) },
      signal,
    }),
  )
  return (
    <Panel title={t("month.receipts")} note={monthText(month)}>
      <Loaded of={receipts}>
        {({ rows, next }) =>
          rows.length === 0 ? (
            <Empty title={t("month.noReceipts", { month: monthText(month) })} text={t("month.noReceiptsText")} />
          ) : (
            <>
              <ReceiptsTable receipts={rows} />
              <Pager name="receipts-cursor" next={next} rowCount={rows.length} />
            </>
          )
        }
      </Loaded>
    </Panel>
  )
}

const Receivables = ({ period }: { readonly period: PeriodView }) => {
  const { t } = useText()
  const { tenant } = useBilling()
  return (
    <Panel title={t("month.receivables")}>
      <DataTable
        label={t("month.receivables")}
        rows={period.receivables}
        keyOf={({ ageText }) => ageText}
        columns={[
          { id: "age", label: t("month.ageText"), cell: ({ ageText }) => ageText },
          { id: "count", label: t("month.count"), isFigure: true, cell: ({ count }) => count },
          {
            id: "amount",
            label: t("column.amount", { currency: tenant.currency }),
            isFigure: true,
            cell: ({ amount }) => <Amount money={amount} />,
          },
        ]}
      />
      {period.notPosted.count === 0 ? null : (
        <p className="hb-note">{t("month.notPosted", { count: period.notPosted.count, amount: moneyText(period.notPosted.amount) })}</p>
      )}
    </Panel>
  )
}

const TrialBalance = () => {
  const text = useText()
  const { t, monthText } = text
  const { tenant } = useBilling()
  const month = useMonth()
  const balance = useLoad(["trial-balance", tenant.tenant, month], (client, signal) =>
    client.journal.trialBalance({ params: { tenant: tenant.tenant }, query: { month }, signal }),
  )
  return (
    <Loaded of={balance}>
      {(value) => (
        <Panel title={t("month.trialBalance")} note={monthText(month)} actions={<Balanced isBalanced={value.balanced} />}>
          {value.rows.length === 0 ? (
            <Empty title={t("month.noEntries", { month: monthText(month) })} />
          ) : (
            <DataTable
              label={t("month.trialBalance")}
              rows={value.rows}
              keyOf={({ account }) => account}
              columns={[
                {
                  id: "account",
                  label: t("month.ledgerAccount"),
                  cell: (row) => (
                    <>
                      <span className="hb-muted hb-number">{row.account}</span> {ledgerAccountWords(row, text)}
                    </>
                  ),
                  total: t("column.total"),
                },
                {
                  id: "debit",
                  label: `${t("month.debit")} (${tenant.currency})`,
                  isFigure: true,
                  cell: ({ debit }) => <Amount money={debit} />,
                  total: <Amount money={value.debit} />,
                },
                {
                  id: "credit",
                  label: t("month.credit"),
                  isFigure: true,
                  cell: ({ credit }) => <Amount money={credit} />,
                  total: <Amount money={value.credit} />,
                },
                { id: "balance", label: t("month.balance"), isFigure: true, cell: ({ balance: left }) => <Amount money={left} /> },
              ]}
            />
          )}
        </Panel>
      )}
    </Loaded>
  )
}

const UnmappedPanel = () => {
  const text = useText()
  const { t, monthText } = text
  const { tenant } = useBilling()
  const month = useMonth()
  const unmapped = useLoad(["unmapped", tenant.tenant, month], (client, signal) =>
    client.payers.unmapped({ params: { tenant: tenant.tenant }, query: { month }, signal }),
  )
  return (
    <Panel title={t("month.unmapped")} note={monthText(month)}>
      <Loaded of={unmapped}>
        {({ accounts }) =>
          accounts.length === 0 ? (
            <Empty title={t("month.unmappedNone", { month: monthText(month) })} />
          ) : (
            <DataTable
              label={t("month.unmapped")}
              rows={accounts}
              keyOf={({ cluster, account }) => `${cluster}/${account}`}
              columns={[
                {
                  id: "account",
                  label: t("by.account"),
                  cell: (row) => (
                    <>
                      {row.account}
                      <span className="hb-sub">{sentenceWords(row, text)}</span>
                    </>
                  ),
                },
                { id: "jobs", label: t("column.jobs"), isFigure: true, cell: ({ jobs }) => jobs },
                {
                  id: "amount",
                  label: t("column.amount", { currency: tenant.currency }),
                  isFigure: true,
                  cell: ({ amount }) => (amount === null ? <Absent /> : <Amount money={amount} />),
                },
              ]}
            />
          )
        }
      </Loaded>
    </Panel>
  )
}
