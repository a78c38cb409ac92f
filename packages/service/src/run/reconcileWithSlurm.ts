import { normalise, type Window } from "@hpc-billing/core"
import { parseSreport, type Reconciliation, readSlurmDump, reconcile, withSuspendedWindows } from "@hpc-billing/slurm-adapter"
import { Effect, Result } from "effect"
import { BillingStore } from "../store/index.ts"
import { refuse } from "./RunError.ts"
import { recordsOfMonth } from "./recordsOfMonth.ts"

export interface ReconcileSources {
  /** What `sreport -P -t Seconds -T ALL cluster AccountUtilizationByUser` printed, with its title. */
  readonly sreport: string
  /** A dump of slurmdbd's database: reservations, associations and suspend windows; null when there is none. */
  readonly dump: string | null
}

/** Our seconds against Slurm's own report over the report's window, association by association, every difference with its cause. */
export const reconcileWithSlurm = Effect.fn("reconcileWithSlurm")(function* (tenant: string, cluster: string, sources: ReconcileSources) {
  const store = yield* BillingStore
  const report = parseSreport(sources.sreport)
  if (Result.isFailure(report)) return yield* refuse("source-unreadable", report.failure)
  const { window, rows } = report.success
  const dump = sources.dump === null ? null : readSlurmDump(sources.dump, cluster)
  const stored = (yield* recordsOfMonth(tenant, window, yield* store.ingestHead(tenant))).filter((record) => record.cluster === cluster)
  const records = dump === null ? stored : withSuspendedWindows(stored, dump.suspendedWindows)
  const { usages } = normalise(records, { asOfSeconds: window.endSeconds })
  const reconciliation = reconcile({
    usages,
    reported: rows.filter((row) => row.cluster === cluster),
    window,
    reservations: dump?.reservations ?? [],
    associations: dump?.associations ?? [],
    reportedUntilSeconds: null,
  })
  return { window, reconciliation } satisfies { readonly window: Window; readonly reconciliation: Reconciliation }
})
