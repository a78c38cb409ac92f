import { type JobRecord, jobKey, type Window } from "@hpc-billing/core"
import {
  advance,
  type Decoded,
  type IngestCursor,
  isFiltered,
  type KeptReason,
  openJobQuestions,
  planRead,
  type RestClientOptions,
  readRestJobs,
  readRestJobsById,
  runSacctChunks,
  type SacctQuery,
  type SacctWrapper,
  SlurmReadError,
  startCursor,
  startRead,
} from "@hpc-billing/slurm-adapter"
import { Clock, Effect, Stream } from "effect"
import type { Site } from "../site/Site.ts"
import { BillingStore } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { readBook } from "./Books.ts"
import { ingestSource } from "./ingestSource.ts"
import { refuse } from "./RunError.ts"
import { randomDelimiter } from "./randomDelimiter.ts"
import { recordIngestRun } from "./recordIngestRun.ts"

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
  /** What a node can draw; of the published site without it. */
  readonly maximumWattsPerNode?: number
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
  readonly kept: PullKept | null
}

export type PullKept =
  | KeptReason
  /** A read of a part says nothing of the rest. */
  | "filtered"
  /** No job was ever read: nothing tells a cluster without jobs from a Slurm that fails in silence. */
  | "empty"

const keptSentences: Readonly<Record<PullKept, string>> = {
  filtered: "Only part was asked for: the records are stored, and the next pull reads the same time whole.",
  gap: "There is a hole between what was read before and this window: pull without a later start.",
  "canary-missing": "Slurm did not answer with a job that it must know: it fails in silence. Check slurmdbd, then pull again.",
  empty:
    "Slurm answered with no job at all since the first day asked for. If none has run yet, nothing is wrong: the next pull looks again. Otherwise Slurm hides jobs from this user, knows the cluster by another name, or fails in silence: compare with sacct -a -X -S and that day, run by a Slurm administrator.",
}

export const keptSentence = (reason: PullKept): string => keptSentences[reason]

/**
 * Reads what Slurm recorded since the last pull, window by window, with overlap for what is written late and the jobs that were
 * still open. The cursor moves only past what was surely read; pulling again, or twice at once, changes nothing.
 */
export const pullSlurm = Effect.fn("pullSlurm")(function* (options: PullOptions) {
  const store = yield* BillingStore
  const { tenant, cluster, source, dryRun = false } = options
  const filtered = source.kind === "sacct" && isFiltered({ window: null, ...source.filter })
  const maximumWattsPerNode = options.maximumWattsPerNode ?? (yield* readBook<Site>(tenant, "site"))?.maximumWattsPerNode
  const reading: Reading = { source, cluster, limits: maximumWattsPerNode === undefined ? {} : { maximumWattsPerNode } }
  const stored = yield* store.ingestCursor(tenant, cluster)
  // read once: a read that lasts longer than a second would else always leave something to read
  const nowSeconds = yield* clockSeconds
  let progress = startRead(stored === null ? startCursor(cluster, options.fromSeconds) : (JSON.parse(stored) as IngestCursor))
  const total = { windows: 0, read: 0, accepted: 0, replaced: 0, known: 0, rejected: 0 }
  const pulled = (kept: PullKept | null): Pulled => ({ ...total, readUntilSeconds: progress.cursor.readUntilSeconds, kept })
  for (;;) {
    const plan = planRead(progress, nowSeconds)
    if (plan === null) return pulled(progress.ahead === null ? null : filtered ? "filtered" : "empty")
    const { window, canary, untilFirst } = plan
    const records: JobRecord[] = []
    const counts = { read: 0, accepted: 0, replaced: 0, known: 0, rejected: 0 }
    const ingest = Effect.fnUntraced(function* (batches: Batches) {
      const asOfMicroseconds = (yield* Clock.currentTimeNanos) / 1_000n
      const all = Stream.tap(Stream.fromAsyncIterable(batches, asReadError), (batch) =>
        Effect.sync(() => {
          for (const decoded of batch) {
            if (decoded._tag === "Record" && decoded.record.cluster === cluster) records.push(decoded.record)
          }
        }),
      )
      const read = untilFirst ? Stream.takeUntil(all, () => records.length > 0) : all
      const summary = yield* ingestSource(read, {
        tenant,
        clusters: [cluster],
        source: nameOf(source),
        actor: options.actor,
        dryRun,
        asOfMicroseconds,
      })
      for (const name of countNames) counts[name] += summary[name]
    })
    yield* ingest(windowOf(reading, window))
    const cutShort = untilFirst && records.length > 0
    if (plan.isLast && !cutShort) {
      for (const jobIds of openJobQuestions(progress.cursor.openJobs, records)) yield* ingest(jobsOf(reading, jobIds))
    }
    // asked last: a Slurm that fell silent meanwhile is noticed too
    const canaryKeys = canary === null ? null : yield* keysIn(canaryOf(reading, canary.jobId, canary.window), cluster)
    total.windows += 1
    for (const name of countNames) total[name] += counts[name]
    const next = advance(progress, { window, cutShort, filtered, records, canaryKeys })
    if (next.kind === "kept") return pulled(next.reason)
    progress = next.progress
    if (next.kind === "looked" || dryRun) continue
    const atSeconds = yield* clockSeconds
    const run = {
      id: `${options.actor.requestId}/${cluster}/${window.endSeconds}`,
      cluster,
      source: nameOf(source),
      startedAtSeconds: atSeconds,
      finishedAtSeconds: atSeconds,
      ...counts,
      cursor: JSON.stringify(progress.cursor),
    }
    yield* recordIngestRun(tenant, run, options.actor)
    options.onProgress?.(progress.cursor.readUntilSeconds)
  }
})

const countNames = ["read", "accepted", "replaced", "known", "rejected"] as const

const clockSeconds = Effect.map(Clock.currentTimeMillis, (milliseconds) => Math.floor(milliseconds / 1_000))

type Batches = AsyncIterable<readonly Decoded[]>

const nameOf = (source: SlurmSource): string => (source.kind === "sacct" ? [...source.wrapper.command, "sacct"].join(" ") : "slurmrestd")

const asReadError = (error: unknown): SlurmReadError => {
  if (error instanceof SlurmReadError) return error
  throw error
}

/** What every question of a pull is asked with. */
interface Reading {
  readonly source: SlurmSource
  readonly cluster: string
  readonly limits: { readonly maximumWattsPerNode?: number }
}

const askSacct = (wrapper: SacctWrapper, query: SacctQuery, { limits }: Reading): Batches =>
  runSacctChunks({ query, wrapper, delimiter: randomDelimiter(), ...limits })

const windowOf = (reading: Reading, window: Window): Batches => {
  const { source, cluster, limits } = reading
  return source.kind === "sacct"
    ? askSacct(source.wrapper, { window, cluster, ...source.filter }, reading)
    : readRestJobs({ ...source.options, cluster, ...limits }, window)
}

const jobsOf = (reading: Reading, jobIds: readonly string[]): Batches => {
  const { source, cluster, limits } = reading
  return source.kind === "sacct"
    ? askSacct(source.wrapper, { window: null, jobIds, cluster }, reading)
    : readRestJobsById({ ...source.options, cluster, ...limits }, jobIds)
}

const canaryOf = (reading: Reading, jobId: string, window: Window): Batches => {
  const { source, cluster, limits } = reading
  return source.kind === "sacct"
    ? askSacct(source.wrapper, { window, jobIds: [jobId], cluster }, reading)
    : readRestJobs({ ...source.options, cluster, ...limits }, window)
}

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
