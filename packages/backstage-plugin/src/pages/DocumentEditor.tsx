import { Alert, Button, Flex, TextAreaField } from "@backstage/ui"
import type { DocumentProblem, RatePlan } from "@hpc-billing/service/api"
import { useState } from "react"
import { Ask } from "../parts/Ask.tsx"
import { useBilling, useMay } from "../parts/Billing.tsx"
import { DataTable } from "../parts/DataTable.tsx"
import { Findings } from "../parts/Findings.tsx"
import { Amount, ChangeChip, Difference } from "../parts/figures.tsx"
import { MonthFilter, useMonth } from "../parts/filters.tsx"
import { Panel } from "../parts/Panel.tsx"
import { Loaded } from "../parts/states.tsx"
import { Told } from "../parts/Told.tsx"
import { useAct } from "../parts/useAct.ts"
import { useLoad } from "../parts/useLoad.ts"
import { useText } from "../parts/useText.ts"

/** The whole rate book: check it, see what it would change in a real month, then publish. */
export const DocumentEditor = () => {
  const { t } = useText()
  const { tenant } = useBilling()
  const [isOpen, setOpen] = useState(false)
  const document = useLoad(
    ["rate-document", tenant.tenant],
    (client, signal) => client.rates.document({ params: { tenant: tenant.tenant }, query: {}, signal }),
    isOpen,
  )
  return (
    <Panel title={t("rates.document")}>
      <p className="hb-note">{t("rates.documentText")}</p>
      {isOpen ? (
        <Loaded of={document}>{({ text, version }) => <Editor key={version} published={text} />}</Loaded>
      ) : (
        <Flex>
          <Button variant="secondary" onPress={() => setOpen(true)}>
            {t("rates.open")}
          </Button>
        </Flex>
      )}
    </Panel>
  )
}

interface Outcome {
  readonly problems: readonly DocumentProblem[]
  readonly plan: RatePlan | null
}

const Editor = ({ published }: { readonly published: string }) => {
  const { t, monthText } = useText()
  const { tenant } = useBilling()
  const may = useMay()
  const month = useMonth()
  const act = useAct()
  const [text, setText] = useState(published)
  const [found, setFound] = useState<Outcome | null>(null)
  const [isAsking, setAsking] = useState(false)
  const params = { tenant: tenant.tenant }
  return (
    <>
      <TextAreaField
        className="hb-editor"
        label={t("rates.document")}
        rows={18}
        value={text}
        onChange={(changed) => {
          setText(changed)
          setFound(null)
        }}
      />
      <div className="hb-bar">
        <MonthFilter />
        <Button
          variant="secondary"
          isPending={act.isRunning}
          onPress={() =>
            void act.run(async (client) => {
              const { problems } = await client.rates.check({ params, payload: { text } })
              setFound({ problems, plan: null })
              return null
            })
          }
        >
          {t("rates.check")}
        </Button>
        <Button
          variant="secondary"
          isPending={act.isRunning}
          onPress={() =>
            void act.run(async (client) => {
              setFound(await client.rates.plan({ params, payload: { text, month } }))
              return null
            })
          }
        >
          {t("rates.plan", { month: monthText(month) })}
        </Button>
        {may("ratePublish") ? (
          <Button
            variant="primary"
            isDisabled={found === null || found.problems.length > 0 || text === published}
            onPress={() => setAsking(true)}
          >
            {t("rates.publishDocument")}
          </Button>
        ) : null}
      </div>
      <Told act={isAsking ? { ...act, problem: null } : act} />
      {found === null ? null : <Found found={found} />}
      <Ask
        title={t("rates.publishDocument")}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        act={act}
        confirm={t("rates.publishDocument")}
        onConfirm={() =>
          act.run(async (client, idempotencyKey) => {
            const { published: made, problems } = await client.rates.publish({ params, payload: { text }, idempotencyKey })
            if (made !== null) return t("rates.publishedDocument", { version: String(made.version) })
            setFound({ problems, plan: null })
            return null
          })
        }
      >
        <p>{t("rates.documentText")}</p>
      </Ask>
    </>
  )
}

const Found = ({ found: { problems, plan } }: { readonly found: Outcome }) => {
  const { t, monthText } = useText()
  return (
    <div role="status">
      {problems.length === 0 ? (
        <Alert status="success" icon title={t("rates.sound")} />
      ) : (
        <Alert
          status="danger"
          icon
          title={t("rates.problems", { count: problems.length })}
          description={<Findings findings={problems.map(({ message, ...problem }) => ({ ...problem, text: message }))} />}
        />
      )}
      {plan === null ? null : (
        <DataTable
          label={t("rates.planTitle", { month: monthText(plan.month) })}
          rows={plan.payers}
          keyOf={({ payerId }) => payerId}
          columns={[
            { id: "payer", label: t("month.payer"), cell: ({ payerId }) => payerId, total: t("column.total") },
            {
              id: "now",
              label: t("rates.now"),
              isFigure: true,
              cell: ({ change }) => <Amount money={change.before} />,
              total: <Amount money={plan.change.before} />,
            },
            {
              id: "draft",
              label: t("rates.draft"),
              isFigure: true,
              cell: ({ amount }) => <Amount money={amount} />,
              total: <Amount money={plan.total} />,
            },
            {
              id: "difference",
              label: t("change.column"),
              isFigure: true,
              cell: ({ change }) => <Difference change={change} />,
              total: <Difference change={plan.change} />,
            },
            {
              id: "percent",
              label: "%",
              isFigure: true,
              cell: ({ change }) => <ChangeChip change={change} />,
              total: <ChangeChip change={plan.change} />,
            },
          ]}
        />
      )}
    </div>
  )
}
