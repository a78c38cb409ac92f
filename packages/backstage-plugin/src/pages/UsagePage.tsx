import { Button } from "@backstage/ui"
import type { Summary } from "@hpc-billing/service/api"
import { DayFigure } from "../charts/index.tsx"
import { useBilling } from "../parts/Billing.tsx"
import { CostTable } from "../parts/CostTable.tsx"
import { Against, AmountText, Before, Until } from "../parts/figures.tsx"
import { Choose, CompareFilter, CopyLink, MonthFilter, monthBefore, useCompareMonth, useMonth, ViewFilter } from "../parts/filters.tsx"
import { JobsTable } from "../parts/JobsTable.tsx"
import { Pager, rowsPerPage } from "../parts/Pager.tsx"
import { Panel } from "../parts/Panel.tsx"
import { SaveButton } from "../parts/SaveButton.tsx"
import { Empty, Loaded } from "../parts/states.tsx"
import { useLoad } from "../parts/useLoad.ts"
import { moneyText, useText } from "../parts/useText.ts"
import { useView } from "../parts/useView.ts"
import { jobStateWords } from "../parts/words.ts"

/** Beside Slurm's states: the filter of jobs that stand as running, but must long be gone. */
const runaway = "probably-runaway" as const

/** What did my jobs cost, and why? */
export const UsagePage = () => {
  const text = useText()
  const { t, monthText, countText } = text
  const { me, tenant } = useBilling()
  const view = useView()
  const month = useMonth()
  const compareMonth = useCompareMonth()
  const asked = view.get("user")
  const mine = me.users[0]
  const user = asked === "*" ? null : (asked ?? mine ?? null)
  const account = view.get("account")
  const partition = view.get("partition")
  const state = view.get("state")
  const cursor = view.get("cursor")
  const who = { ...(user === null ? {} : { user }), ...(account === null ? {} : { account }) }
  const narrowed = {
    ...who,
    ...(partition === null ? {} : { partition }),
    ...(state === null ? {} : state === runaway ? { only: runaway } : { state: state as "COMPLETED" }),
  }
  const params = { tenant: tenant.tenant }
  const scope = [tenant.tenant, month, user, account]
  const facets = useLoad(["facets", tenant.tenant, month], (client, signal) => client.usage.facets({ params, query: { month }, signal }))
  const summary = useLoad(["summary", ...scope], (client, signal) => client.usage.summary({ params, query: { month, ...who }, signal }))
  const days = useLoad(["costs", "day", ...scope], (client, signal) =>
    client.usage.costs({ params, query: { month, by: "day", ...who }, signal }),
  )
  const resources = useLoad(["costs", "sku", compareMonth, ...scope], (client, signal) =>
    client.usage.costs({ params, query: { month, by: "sku", ...(compareMonth === null ? {} : { compareMonth }), ...who }, signal }),
  )
  const jobs = useLoad(["jobs", ...scope, partition, state, cursor], (client, signal) =>
    client.usage.jobs({
      params,
      query: {
        month,
        ...narrowed,
        ...(cursor === null ? {} : { cursor }),
        limit: rowsPerPage,
      },
      signal,
    }),
  )
  const sentence = ({ jobs: count, total, month: of }: Summary) => {
    const values = { count, jobs: countText(count), amount: <AmountText money={total} />, month: monthText(of) }
    if (user === null) return t("usage.sentenceAll", values)
    return me.users.includes(user) ? t("usage.sentenceMine", values) : t("usage.sentenceOf", { ...values, who: user })
  }
  const users = [...new Set([...(facets.data?.users ?? []), ...me.users])].sort()
  return (
    <>
      <div className="hb-bar">
        <MonthFilter />
        <CompareFilter />
        {users.length > 1 || mine === undefined ? (
          <Choose
            label={t("filter.user")}
            choices={[{ value: "*", label: t("filter.all") }, ...users.map((one) => ({ value: one, label: one }))]}
            value={user ?? "*"}
            onChange={(chosen) => view.set({ user: chosen })}
          />
        ) : null}
        <ViewFilter name="account" label={t("filter.account")} values={facets.data?.accounts ?? []} />
        <ViewFilter name="partition" label={t("filter.partition")} values={facets.data?.partitions ?? []} />
        <ViewFilter
          name="state"
          label={t("filter.state")}
          values={[...(facets.data?.states ?? []), runaway]}
          labelOf={(one) => (one === runaway ? t("job.runaway") : jobStateWords(one, text))}
        />
        <div className="hb-push">
          <CopyLink />
        </div>
      </div>
      <Loaded of={summary}>
        {(value) => (
          <Panel>
            <p className="hb-sentence">
              {value.jobs === 0 ? (
                <>
                  {t("usage.none", { month: monthText(value.month) })} <Before change={value.change} month={monthBefore(value.month)} />
                </>
              ) : (
                <Against change={value.change} month={monthBefore(value.month)}>
                  {sentence(value)}
                </Against>
              )}
            </p>
            <p className="hb-note">
              {value.jobs === 0 ? null : t("usage.charged", { number: countText(value.chargedJobs) })}
              {value.runningJobs > 0 ? ` · ${t("usage.running", { number: countText(value.runningJobs) })}` : ""}
              {value.failedJobs > 0
                ? ` · ${t("usage.failed", { count: value.failedJobs, number: countText(value.failedJobs), amount: moneyText(value.failedCost) })}`
                : ""}
            </p>
            <Until until={value.dataUntil} partialMonth={value.partial ? value.month : null} />
          </Panel>
        )}
      </Loaded>
      <div className="hb-wide">
        <Panel title={t("usage.byDay")} note={monthText(month)}>
          <Loaded of={days}>
            {(value) => <DayFigure costs={value} label={t("chart.ofMonth", { title: t("usage.byDay"), month: monthText(month) })} />}
          </Loaded>
        </Panel>
        <Panel
          title={t("usage.bySku")}
          note={compareMonth === null ? monthText(month) : t("change.since", { month: monthText(compareMonth) })}
        >
          <Loaded of={resources}>{(value) => <CostTable costs={value} label={t("usage.bySku")} />}</Loaded>
        </Panel>
      </div>
      <Panel
        title={t("usage.jobs")}
        note={monthText(month)}
        actions={<SaveButton label={t("csv.jobs")} load={(client) => client.usage.jobsCsv({ params, query: { month, ...narrowed } })} />}
      >
        <Loaded of={jobs}>
          {({ rows, next }) =>
            rows.length === 0 ? (
              <Empty title={t("usage.empty", { month: monthText(month) })} text={t("usage.emptyText")}>
                <Button variant="secondary" onPress={() => view.set({ user: null, account: null, partition: null, state: null })}>
                  {t("filter.clear")}
                </Button>
              </Empty>
            ) : (
              <>
                <JobsTable jobs={rows} label={t("usage.jobs")} />
                <Pager name="cursor" next={next} rowCount={rows.length} />
              </>
            )
          }
        </Loaded>
      </Panel>
    </>
  )
}
