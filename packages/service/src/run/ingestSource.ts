import type { JobRecord, Rejection } from "@hpc-billing/core"
import type { Decoded, SlurmReadError } from "@hpc-billing/slurm-adapter"
import { Clock, Effect, Stream } from "effect"
import { BillingStore } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { refuse } from "./RunError.ts"
import { recordIngestRun } from "./recordIngestRun.ts"

export interface IngestSummary {
  readonly source: string
  readonly read: number
  /** Jobs not seen before. */
  readonly accepted: number
  /** Newer versions of known jobs. */
  readonly replaced: number
  /** Known already, unchanged. */
  readonly known: number
  readonly rejected: number
  /** By reason, most frequent first. */
  readonly rejections: readonly { readonly reason: string; readonly count: number; readonly first: Rejection }[]
}

export interface IngestOptions {
  readonly tenant: string
  /** Clusters of the site: a record of another one is rejected with its reason. */
  readonly clusters: readonly string[]
  /** As the operator named it. */
  readonly source: string
  readonly actor: Actor
  /** When Slurm said so, where that is known: it was asked then, or the file was exported then. */
  readonly asOfMicroseconds?: bigint
  /** Reads and judges everything, stores nothing. */
  readonly dryRun?: boolean
  readonly onProgress?: (readSoFar: number) => void
}

/**
 * Streams a source into the store: every record becomes an accepted, replaced or known job, or a stored rejection with its
 * place and reason. Reading the same source again changes nothing; which of two contents of a job stands, `ingestRecords` says.
 */
export const ingestSource = Effect.fn("ingestSource")(function* (
  batches: Stream.Stream<readonly Decoded[], SlurmReadError>,
  options: IngestOptions,
) {
  const store = yield* BillingStore
  const { tenant, source } = options
  const startedAtSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  const clusters = new Set(options.clusters)
  const reasons = new Map<string, { count: number; first: Rejection }>()
  const total = { read: 0, accepted: 0, replaced: 0, known: 0, rejected: 0 }
  yield* batches.pipe(
    Stream.mapError((error) => refuse("source-unreadable", error.message)),
    Stream.runForEach((batch) =>
      Effect.gen(function* () {
        const records: JobRecord[] = []
        const rejections: Rejection[] = []
        for (const decoded of batch) {
          if (decoded._tag === "Rejection") rejections.push(decoded.rejection)
          else if (clusters.has(decoded.record.cluster)) records.push(decoded.record)
          else rejections.push(foreignCluster(decoded.record, source, options.clusters))
        }
        total.read += batch.length
        total.rejected += rejections.length
        for (const rejection of rejections) {
          const known = reasons.get(rejection.reason)
          if (known === undefined) reasons.set(rejection.reason, { count: 1, first: rejection })
          else known.count += 1
        }
        if (options.dryRun !== true) {
          const counts = yield* store.ingestRecords(tenant, records, options.asOfMicroseconds)
          total.accepted += counts.accepted
          total.replaced += counts.replaced
          total.known += counts.known
          if (rejections.length > 0) yield* store.storeRejections(tenant, rejections)
        }
        options.onProgress?.(total.read)
      }),
    ),
  )
  const finishedAtSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  if (options.dryRun !== true) {
    const id = `${options.actor.requestId}/${source}`
    const cluster = options.clusters.join(",")
    yield* recordIngestRun(tenant, { id, cluster, source, startedAtSeconds, finishedAtSeconds, ...total, cursor: null }, options.actor)
  }
  const rejections = [...reasons]
    .map(([reason, { count, first }]) => ({ reason, count, first }))
    .sort((left, right) => right.count - left.count)
  return { source, ...total, rejections } satisfies IngestSummary
})

const foreignCluster = (record: JobRecord, source: string, clusters: readonly string[]): Rejection => ({
  source,
  lineNumber: null,
  field: "Cluster",
  reason: `cluster "${record.cluster}" is not one of the site's (${clusters.join(", ")}): add it to site.yaml, or read the file with the right cluster.`,
  raw: `${record.jobId} ${record.submitSeconds} ${record.user} ${record.account}`,
})
