import { Alert, Button, Flex, TextAreaField } from "@backstage/ui"
import type { DocumentProblem, RatePlan } from "@hpc-billing/service/api"
import { useState } from "react"
import { Ask } from "../parts/Ask.tsx"
import { useBilling, useMay } from "../parts/Billing.tsx"
import { Findings } from "../parts/Findings.tsx"
import { Choose, MonthFilter, monthBefore, useMonth } from "../parts/filters.tsx"
import { Panel } from "../parts/Panel.tsx"
import { Loaded } from "../parts/states.tsx"
import { Told } from "../parts/Told.tsx"
import { useAct } from "../parts/useAct.ts"
import { useLoad } from "../parts/useLoad.ts"
import { useText } from "../parts/useText.ts"
import { useView } from "../parts/useView.ts"
import { PlanTables } from "./PlanTables.tsx"

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
  /** Where several months are planned: each by itself, as far as they are done. */
  readonly months: readonly RatePlan[]
  /** How many answers of how many are there; null when nothing is under way. */
  readonly progress: { readonly done: number; readonly of: number } | null
}

const checked = (problems: readonly DocumentProblem[]): Outcome => ({ problems, plan: null, months: [], progress: null })

const spanMonthsMaximum = 36

/** From one month to another, both counted: at most the latest of them. */
const monthsBetween = (from: string, to: string): readonly string[] => {
  const months = [to]
  while ((months[0] as string) > from && months.length < spanMonthsMaximum) months.unshift(monthBefore(months[0] as string))
  return months
}

const Editor = ({ published }: { readonly published: string }) => {
  const { t, monthText } = useText()
  const { tenant } = useBilling()
  const may = useMay()
  const view = useView()
  const month = useMonth()
  const months = monthsBetween(view.get("planFrom") ?? month, month)
  const from = months[0] ?? month
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
        <Choose
          label={t("rates.planFrom")}
          choices={[...new Set([from, month, ...tenant.months.filter((one) => monthsBetween(one, month)[0] === one && one < month)])]
            .sort()
            .reverse()
            .map((one) => ({ value: one, label: monthText(one) }))}
          value={from}
          onChange={(chosen) => view.set({ planFrom: chosen })}
        />
        <MonthFilter label={t("rates.planTo")} />
        <Button
          variant="secondary"
          isPending={act.isRunning}
          onPress={() =>
            void act.run(async (client) => {
              const { problems } = await client.rates.check({ params, payload: { text } })
              setFound(checked(problems))
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
              setFound(null)
              const alone: RatePlan[] = []
              for (const one of months.length > 1 ? months : []) {
                setFound({ ...checked([]), months: [...alone], progress: { done: alone.length, of: months.length + 1 } })
                const { plan, problems } = await client.rates.plan({ params, payload: { text, month: one } })
                if (plan === null) {
                  setFound(checked(problems))
                  return null
                }
                alone.push(plan)
              }
              if (alone.length > 0) {
                setFound({ ...checked([]), months: [...alone], progress: { done: alone.length, of: months.length + 1 } })
              }
              const { plan, problems } = await client.rates.plan({ params, payload: { text, month: from, toMonth: month } })
              setFound({ ...checked(problems), plan, months: alone })
              return null
            })
          }
        >
          {months.length > 1 ? t("rates.planMonths", { count: months.length }) : t("rates.plan", { month: monthText(month) })}
        </Button>
        {may("ratePublish") ? (
          <Button
            variant="primary"
            isDisabled={found === null || found.progress !== null || found.problems.length > 0 || text === published}
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
            setFound(checked(problems))
            return null
          })
        }
      >
        <p>{t("rates.documentText")}</p>
      </Ask>
    </>
  )
}

const Found = ({ found: { problems, plan, months, progress } }: { readonly found: Outcome }) => {
  const { t } = useText()
  return (
    <>
      <div role="status">
        {progress !== null ? (
          <p className="hb-note">
            <progress className="hb-progress" value={progress.done} max={progress.of} aria-label={t("rates.planning")} />{" "}
            {t("rates.planDone", { done: String(progress.done), of: String(progress.of - 1) })}
          </p>
        ) : problems.length === 0 ? (
          <Alert status="success" icon title={t("rates.sound")} />
        ) : (
          <Alert
            status="danger"
            icon
            title={t("rates.problems", { count: problems.length })}
            description={<Findings findings={problems.map(({ message, ...problem }) => ({ ...problem, text: message }))} />}
          />
        )}
      </div>
      <PlanTables plan={plan} months={months} />
    </>
  )
}
