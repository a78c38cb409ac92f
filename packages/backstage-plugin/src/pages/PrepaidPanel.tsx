import { Button, Flex, TextField } from "@backstage/ui"
import type { PrepaidAccountView, PrepaidChangeView } from "@hpc-billing/service/api"
import { useState } from "react"
import { Ask } from "../parts/Ask.tsx"
import { useBilling, useMay } from "../parts/Billing.tsx"
import { DataTable } from "../parts/DataTable.tsx"
import { Amount, AmountText, Until } from "../parts/figures.tsx"
import { Choose } from "../parts/filters.tsx"
import { Panel } from "../parts/Panel.tsx"
import { payerName } from "../parts/ReceiptsTable.tsx"
import { Sheet } from "../parts/Sheet.tsx"
import { Empty, Loaded } from "../parts/states.tsx"
import { Told } from "../parts/Told.tsx"
import { useAct } from "../parts/useAct.ts"
import { useLoad } from "../parts/useLoad.ts"
import { useText } from "../parts/useText.ts"

const rowsMaximum = 200

/** What projects paid ahead and what is left of it; finance takes money paid ahead here. */
export const PrepaidPanel = ({
  payerId = null,
  hidesNothing = false,
}: {
  readonly payerId?: string | null
  /** Says nothing at all where nobody paid ahead. */
  readonly hidesNothing?: boolean
}) => {
  const { t, language } = useText()
  const { tenant } = useBilling()
  const may = useMay()
  const act = useAct()
  const [shown, setShown] = useState<PrepaidAccountView | null>(null)
  const [isToppingUp, setToppingUp] = useState(false)
  const prepaid = useLoad(["prepaid", tenant.tenant, payerId], (client, signal) =>
    client.prepaid.list({
      params: { tenant: tenant.tenant },
      query: { limit: rowsMaximum, ...(payerId === null ? {} : { payerId }) },
      signal,
    }),
  )
  if (hidesNothing && (prepaid.data === undefined || prepaid.data.rows.length === 0)) return null
  return (
    <Panel
      title={t("prepaid.title")}
      actions={
        may("receiptWrite") ? (
          <Button variant="secondary" onPress={() => setToppingUp(true)}>
            {t("prepaid.topUp")}
          </Button>
        ) : undefined
      }
    >
      <Told act={isToppingUp ? { ...act, problem: null } : act} />
      <Loaded of={prepaid}>
        {({ rows, dataUntil }) =>
          rows.length === 0 ? (
            <Empty title={t("prepaid.nothing")} text={t("prepaid.nothingText")} />
          ) : (
            <>
              <DataTable
                label={t("prepaid.title")}
                rows={rows}
                keyOf={({ project }) => project}
                columns={[
                  {
                    id: "project",
                    label: t("prepaid.project"),
                    cell: (row) => (
                      <>
                        {row.project}
                        <span className="hb-sub">{payerName(row, language)}</span>
                      </>
                    ),
                  },
                  {
                    id: "settled",
                    label: `${t("prepaid.settled")} (${tenant.currency})`,
                    isFigure: true,
                    cell: ({ settled }) => <Amount money={settled} />,
                  },
                  { id: "held", label: t("prepaid.held"), isFigure: true, cell: ({ held }) => <Amount money={held} /> },
                  { id: "available", label: t("prepaid.available"), isFigure: true, cell: ({ available }) => <Amount money={available} /> },
                  {
                    id: "history",
                    label: t("prepaid.history"),
                    cell: (row) => (
                      <Button
                        variant="secondary"
                        size="small"
                        aria-label={`${t("prepaid.history")}: ${t("prepaid.historyOf", { project: row.project })}`}
                        onPress={() => setShown(row)}
                      >
                        {t("prepaid.history")}
                      </Button>
                    ),
                  },
                ]}
              />
              <Until until={dataUntil} />
            </>
          )
        }
      </Loaded>
      {shown === null ? null : <History project={shown.project} onClose={() => setShown(null)} />}
      {isToppingUp ? <TopUp payerId={payerId} act={act} onClose={() => setToppingUp(false)} /> : null}
    </Panel>
  )
}

const History = ({ project, onClose }: { readonly project: string; readonly onClose: () => void }) => {
  const { t, instantText } = useText()
  const { tenant } = useBilling()
  const params = { tenant: tenant.tenant, project }
  const standing = useLoad(["prepaid-project", tenant.tenant, project], (client, signal) => client.prepaid.get({ params, signal }))
  const history = useLoad(["prepaid-history", tenant.tenant, project], (client, signal) =>
    client.prepaid.history({ params, query: { limit: rowsMaximum }, signal }),
  )
  const what = ({ kind, receiptNumber, reference }: PrepaidChangeView) => (
    <>
      {t(`prepaid.kind.${kind}`)}
      <span className="hb-sub">{receiptNumber ?? reference}</span>
    </>
  )
  return (
    <Sheet
      title={t("prepaid.historyOf", { project })}
      isOpen
      onClose={onClose}
      width={860}
      actions={
        <Button variant="secondary" onPress={onClose}>
          {t("action.close")}
        </Button>
      }
    >
      <Loaded of={standing}>
        {({ available, held, holds }) => (
          <>
            <p>{t("prepaid.sentence", { project, available: <AmountText money={available} />, held: <AmountText money={held} /> })}</p>
            {holds.length === 0 ? null : (
              <DataTable
                label={t("prepaid.holds")}
                rows={holds}
                keyOf={({ id }) => id}
                columns={[
                  { id: "hold", label: t("prepaid.holds"), cell: ({ id }) => id },
                  { id: "open", label: t("prepaid.held"), isFigure: true, cell: ({ open }) => <Amount money={open} /> },
                  {
                    id: "until",
                    label: `${t("prepaid.until")} (${tenant.zone})`,
                    cell: ({ expiresAt }) => <span className="hb-number">{instantText(expiresAt, tenant.zone)}</span>,
                  },
                ]}
              />
            )}
          </>
        )}
      </Loaded>
      <Loaded of={history}>
        {({ rows, next }) => (
          <>
            <DataTable
              label={t("prepaid.history")}
              rows={rows.map((row, index) => ({ ...row, index }))}
              keyOf={({ index }) => String(index)}
              columns={[
                { id: "what", label: t("prepaid.what"), cell: what },
                {
                  id: "at",
                  label: `${t("audit.at", { zone: tenant.zone })}`,
                  cell: ({ at }) => (at === null ? "" : <span className="hb-number">{instantText(at, tenant.zone)}</span>),
                },
                {
                  id: "amount",
                  label: t("column.amount", { currency: tenant.currency }),
                  isFigure: true,
                  cell: ({ amount }) => <Amount money={amount} />,
                },
                { id: "held", label: t("prepaid.held"), isFigure: true, cell: ({ held }) => <Amount money={held} /> },
                { id: "available", label: t("prepaid.available"), isFigure: true, cell: ({ available }) => <Amount money={available} /> },
              ]}
            />
            {next === null ? null : <p className="hb-note">{t("prepaid.latest", { shown: String(rows.length) })}</p>}
          </>
        )}
      </Loaded>
    </Sheet>
  )
}

const isAmount = (text: string): boolean => /^\d{1,15}(\.\d{1,6})?$/.test(text)

/** Money paid ahead, booked in the same act. */
const TopUp = ({
  payerId,
  act,
  onClose,
}: {
  readonly payerId: string | null
  readonly act: ReturnType<typeof useAct>
  readonly onClose: () => void
}) => {
  const { t, language } = useText()
  const { tenant } = useBilling()
  const [project, setProject] = useState("")
  const [payer, setPayer] = useState(payerId ?? "")
  const [amount, setAmount] = useState("")
  const [reference, setReference] = useState("")
  const payers = useLoad(["payers", tenant.tenant], (client, signal) => client.payers.payers({ params: { tenant: tenant.tenant }, signal }))
  const isReady = project.trim() !== "" && payer !== "" && isAmount(amount) && reference.trim() !== ""
  return (
    <Ask
      title={t("prepaid.topUp")}
      isOpen
      onClose={onClose}
      act={act}
      confirm={t("prepaid.topUp")}
      isDisabled={!isReady}
      onConfirm={() =>
        act.run(async (client, idempotencyKey) => {
          await client.prepaid.topUp({
            params: { tenant: tenant.tenant, project: project.trim() },
            payload: { id: reference.trim(), payerId: payer, amount },
            idempotencyKey,
          })
          return t("prepaid.toppedUp", { project: project.trim(), amount, currency: tenant.currency })
        })
      }
    >
      <p>{t("prepaid.topUpText")}</p>
      <Flex direction="column" gap="3">
        <TextField label={t("prepaid.project")} value={project} onChange={setProject} isRequired secondaryLabel={t("form.required")} />
        <Choose
          label={t("month.payer")}
          choices={(payers.data?.payers ?? []).map((one) => ({ value: one.id, label: language === "th" ? one.nameThai : one.nameEnglish }))}
          value={payer}
          onChange={setPayer}
        />
        <TextField
          label={t("column.amount", { currency: tenant.currency })}
          value={amount}
          onChange={setAmount}
          inputMode="decimal"
          isRequired
          secondaryLabel={t("form.required")}
        />
        <TextField
          label={t("prepaid.reference")}
          description={t("prepaid.referenceText")}
          value={reference}
          onChange={setReference}
          isRequired
          secondaryLabel={t("form.required")}
        />
      </Flex>
    </Ask>
  )
}
