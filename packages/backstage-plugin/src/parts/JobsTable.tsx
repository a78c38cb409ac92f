import type { JobView } from "@hpc-billing/service/api"
import { explainJob } from "../explain/ExplainDrawer.tsx"
import { useBilling } from "./Billing.tsx"
import { JobState, Runaway } from "./chips.tsx"
import { DataTable } from "./DataTable.tsx"
import { Absent } from "./figures.tsx"
import { useText } from "./useText.ts"
import { useView } from "./useView.ts"
import { memoryText, zeroReasonWords } from "./words.ts"

/** Jobs with their charge; every charge opens its explanation. A zero says why. */
export const JobsTable = ({
  jobs,
  label,
  isExplained = true,
}: {
  readonly jobs: readonly JobView[]
  readonly label: string
  readonly isExplained?: boolean
}) => {
  const text = useText()
  const { t, instantText } = text
  const { tenant } = useBilling()
  const view = useView()
  const held = (job: JobView): string => {
    const gpus = job.gpus > 0 ? [t("held.gpus", { count: job.gpus })] : []
    return [...gpus, t("held.cores", { count: job.cores }), memoryText(job.memoryMebibytes)].join(t("held.and"))
  }
  const charge = (job: JobView) => {
    if (job.charge === null) return <Absent />
    if (!isExplained) return job.charge.text
    const isZero = job.zeroReason !== null
    const name = isZero
      ? t("usage.explainWhy", { amount: job.charge.text, job: job.displayJobId })
      : t("usage.explain", { amount: job.charge.text, job: job.displayJobId })
    return (
      <button type="button" className="hb-amount" aria-label={name} onClick={() => view.set(explainJob(job.usageId), { keepsPage: true })}>
        {job.charge.text}
      </button>
    )
  }
  return (
    <DataTable
      label={label}
      rows={jobs}
      keyOf={({ usageId }) => usageId}
      classOf={(job) =>
        `${job.zeroReason === null ? "" : "hb-muted"} ${view.get("job") === job.usageId ? "hb-selected" : ""}`.trim() || undefined
      }
      columns={[
        {
          id: "job",
          label: t("column.job"),
          cell: (job) => (
            <>
              <span className="hb-number">{job.displayJobId}</span>
              <span className="hb-sub">{job.cluster}</span>
            </>
          ),
        },
        {
          id: "name",
          label: t("column.name"),
          cell: (job) => (
            <>
              {job.name}
              <span className="hb-sub">{job.zeroReason === null ? held(job) : zeroReasonWords(job.zeroReason, text)}</span>
            </>
          ),
        },
        {
          id: "user",
          label: t("by.user"),
          cell: (job) => (
            <>
              {job.user}
              <span className="hb-sub">{job.account}</span>
            </>
          ),
        },
        {
          id: "state",
          label: t("column.state"),
          cell: (job) => (
            <>
              <JobState state={job.state} />
              {job.probablyRunaway ? <Runaway /> : null}
              {job.provisional ? <span className="hb-sub">{t("usage.provisional")}</span> : null}
            </>
          ),
        },
        {
          id: "ended",
          label: `${t("column.ended")} (${tenant.zone})`,
          cell: (job) => (job.endedAt === null ? <Absent /> : <span className="hb-number">{instantText(job.endedAt, tenant.zone)}</span>),
        },
        { id: "elapsed", label: t("column.elapsed"), isFigure: true, cell: ({ elapsedText }) => elapsedText },
        { id: "amount", label: t("column.amount", { currency: tenant.currency }), isFigure: true, cell: charge },
      ]}
    />
  )
}
