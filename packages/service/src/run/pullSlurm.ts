import { type JobRecord, jobKey, type Window } from "@hpc-billing/core"
import {
  advance,
  type Decoded,
  type IngestCursor,
  isFiltered,
  type KeptReason,
  planRead,
  type RestClientOptions,
  readRestJobs,
  readRestJobsById,
  runSacctChunks,
  type SacctQuery,
  type SacctWrapper,
  SlurmReadError,
  startCursor,
} from "@hpc-billing/slurm-adapter"
import { Clock, Effect, Stream } from "effect"
import { BillingStore } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { type IngestSummary, ingestSource } from "./ingestSource.ts"
import { refuse } from "./RunError.ts"

/** Where records are pulled from: the sacct command, here or behind a wrapper, or slurmrestd. */
export type SlurmSource =
  | { readonly kind: "sacct"; readonly wrapper: SacctWrapper; readonly filter: Pick<SacctQuery, "users" | "accounts" | "partitions"> }
  | { readonly kind: "slurmrestd"; readonly options: Omit<RestClientOptions, "cluster"> }

export interface PullOptions {
  readonly tenant: string
  readonly cluster: string
  readonly source: SlurmSource
  /** Where the first pull of a cluster begins; later ones begin where the last ended. */
  readonly fromSeconds: number
  readonly actor: Actor
  /** Reads all of it and stores nothing. */
  readonly dryRun?: boolean
  readonly onProgress?: (readUntilSeconds: number) => void
}

export interface Pulled {
  readonly windows: number
  readonly read: number
  readonly accepted: number
  readonly replaced: number
  readonly known: number
  readonly rejected: number
  readonly readUntilSeconds: number
  /** Why the cursor stayed where it was; null when all that is settled was read. */
  readonly kept: KeptReason | null
}

const keptSentences: Readonly<Record<KeptReason, string>> = {
  filtered: "Only part was asked for: the records are stored, the cursor stays.",
  gap: "There is a hole between what was read before and this window: pull without a later start.",
  "canary-missing": "Slurm did not answer with a job that it must know: it fails in silence. Check slurmdbd, then pull again.",
  empty: "Nothing came, and nothing was ever read that could tell an empty time from a silent failure: begin earlier with --from.",
}

export const keptSentence = (reason: KeptReason): string => keptSentences[reason]

/**
 * Reads what Slurm recorded since the last pull, window by window, with overlap for what is written late and the jobs that were
 * still open. The cursor moves only past what was surely read; pulling again, or twice at once, changes nothing.
 */
export const pullSlurm = Effect.fn("pullSlurm")(function* (options: PullOptions) {
  const store = yield* BillingStore
  const { tenant, cluster, source, dryRun = false } = options
  const stored = yield* store.ingestCursor(tenant, cluster)
  let cursor: IngestCursor = stored === null ? startCursor(cluster, options.fromSeconds) : JSON.parse(stored)
  const total = { windows: 0, read: 0, accepted: 0, replaced: 0, known: 0, rejected: 0 }
  for (;;) {
    const plan = planRead(cursor, Math.floor((yield* Clock.currentTimeMillis) / 1_000))
    if (plan === null) return { ...total, readUntilSeconds: cursor.readUntilSeconds, kept: null } satisfies Pulled
    const records: JobRecord[] = []
    const canary = plan.canary
    const canaryKeys = canary === null ? null : yield* keysIn(canaryOf(source, cluster, canary.jobId, canary.window), cluster)
    const summaries: IngestSummary[] = []
    for (const batchesOf of [() => windowOf(source, cluster, plan.window), () => openJobsOf(source, cluster, plan.openJobIds, records)]) {
      const batches = batchesOf()
      if (batches === null) continue
      const kept = Stream.tap(Stream.fromAsyncIterable(batches, asReadError), (batch) =>
        Effect.sync(() => {
          for (const decoded of batch) if (decoded._tag === "Record") records.push(decoded.record)
        }),
      )
      summaries.push(yield* ingestSource(kept, { tenant, clusters: [cluster], source: nameOf(source), actor: options.actor, dryRun }))
    }
    total.windows += 1
    for (const { read, accepted, replaced, known, rejected } of summaries) {
      total.read += read
      total.accepted += accepted
      total.replaced += replaced
      total.known += known
      total.rejected += rejected
    }
    const filtered = source.kind === "sacct" && isFiltered({ window: null, ...source.filter })
    const next = advance(cursor, { window: plan.window, filtered, records, canaryKeys })
    if (next.kind === "kept") return { ...total, readUntilSeconds: cursor.readUntilSeconds, kept: next.reason } satisfies Pulled
    cursor = next.cursor
    const atSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
    if (dryRun) continue
    yield* store.recordIngestRun(tenant, {
      id: `${options.actor.requestId}/${cluster}/${plan.window.endSeconds}`,
      cluster,
      source: nameOf(source),
      startedAtSeconds: atSeconds,
      finishedAtSeconds: atSeconds,
      read: records.length,
      accepted: summaries.reduce((sum, { accepted }) => sum + accepted, 0),
      replaced: summaries.reduce((sum, { replaced }) => sum + replaced, 0),
      known: summaries.reduce((sum, { known }) => sum + known, 0),
      rejected: summaries.reduce((sum, { rejected }) => sum + rejected, 0),
      cursor: JSON.stringify(cursor),
    })
    options.onProgress?.(cursor.readUntilSeconds)
  }
})

type Batches = AsyncIterable<readonly Decoded[]>

const nameOf = (source: SlurmSource): string => (source.kind === "sacct" ? [...source.wrapper.command, "sacct"].join(" ") : "slurmrestd")

const asReadError = (error: unknown): SlurmReadError => {
  if (error instanceof SlurmReadError) return error
  throw error
}

const windowOf = (source: SlurmSource, cluster: string, window: Window): Batches =>
  source.kind === "sacct"
    ? runSacctChunks({ query: { window, cluster, ...source.filter }, wrapper: source.wrapper })
    : readRestJobs({ ...source.options, cluster }, window)

/** Jobs seen without an end, by id: slurmrestd, which answers for one at a time, is asked only for those that its window did not bring. */
const openJobsOf = (source: SlurmSource, cluster: string, jobIds: readonly string[], records: readonly JobRecord[]): Batches | null => {
  if (source.kind === "sacct")
    return jobIds.length > 0 ? runSacctChunks({ query: { window: null, jobIds, cluster }, wrapper: source.wrapper }) : null
  const brought = new Set(records.map(({ jobId }) => jobId))
  const missing = jobIds.filter((jobId) => !brought.has(jobId))
  return missing.length > 0 ? readRestJobsById({ ...source.options, cluster }, missing) : null
}

const canaryOf = (source: SlurmSource, cluster: string, jobId: string, window: Window): Batches =>
  source.kind === "sacct"
    ? runSacctChunks({ query: { window, jobIds: [jobId], cluster }, wrapper: source.wrapper })
    : readRestJobs({ ...source.options, cluster }, window)

const keysIn = (batches: Batches, cluster: string) =>
  Stream.fromAsyncIterable(batches, asReadError).pipe(
    Stream.mapError((error) => refuse("source-unreadable", error.message)),
    Stream.runFold(
      (): string[] => [],
      (keys, batch) => {
        for (const decoded of batch) if (decoded._tag === "Record" && decoded.record.cluster === cluster) keys.push(jobKey(decoded.record))
        return keys
      },
    ),
  )
