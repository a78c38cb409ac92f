import { randomUUID } from "node:crypto"
import type { LoggerService, SchedulerService } from "@backstage/backend-plugin-api"
import { BillingStore, keptSentence, pullSlurm, type StoreFunctions } from "@hpc-billing/service"
import { Effect } from "effect"
import type { Settings } from "../settings.ts"

export interface IngestionHost {
  readonly settings: Settings
  readonly store: StoreFunctions
  readonly logger: LoggerService
}

/**
 * One task for each cluster that pulls what Slurm recorded since the last pull. Backstage lets every signed-in user trigger a task:
 * a pull reads only what is not there yet, and moves no money.
 */
export const scheduleIngestion = async (scheduler: SchedulerService, { settings, store, logger }: IngestionHost): Promise<void> => {
  for (const [tenant, { ingestion }] of settings.tenants) {
    for (const { cluster, fromSeconds, schedule, source } of ingestion) {
      await scheduler.scheduleTask({
        ...schedule,
        id: `hpc-billing-ingest-${tenant}-${cluster}`,
        fn: async () => {
          const actor = { name: "scheduler", requestId: randomUUID() }
          const pull = pullSlurm({ tenant, cluster, source, fromSeconds, actor })
          const pulled = await Effect.runPromise(Effect.result(Effect.provideService(pull, BillingStore, store)))
          if (pulled._tag === "Failure") throw new Error(`${tenant}, cluster ${cluster}: ${pulled.failure.message}`)
          const { read, accepted, replaced, rejected, kept } = pulled.success
          logger.info(`${tenant}, cluster ${cluster}: ${read} records read, ${accepted} new, ${replaced} replaced, ${rejected} rejected`)
          if (kept !== null) logger.warn(`${tenant}, cluster ${cluster}: ${keptSentence(kept)}`)
        },
      })
    }
  }
}
