import {
  addMonths,
  type Explanation,
  explainJob,
  explanationText,
  monthOf,
  monthWindow,
  normalise,
  type RatedLine,
  rateUsage,
  type Usage,
  type Window,
} from "@hpc-billing/core"
import { Clock, Effect } from "effect"
import { BillingStore, type RecordVersion } from "../store/index.ts"
import { loadBooks } from "./Books.ts"
import { refuse } from "./RunError.ts"

export interface ExplainedUsage {
  readonly usageId: string
  readonly explanation: Explanation
  readonly text: { readonly en: string; readonly th: string }
}

/** Every attempt of a job, priced as of now over its whole time, and why. */
export const explainJobInBooks = Effect.fn("explainJobInBooks")(function* (tenant: string, displayJobId: string) {
  const store = yield* BillingStore
  const books = yield* loadBooks(tenant)
  const versions: RecordVersion[] = []
  for (const cluster of books.site.clusters) {
    for (const jobId of yield* rawJobIds(tenant, cluster, displayJobId))
      versions.push(...(yield* store.recordVersions(tenant, { cluster, jobId })))
  }
  const current = versions
    .filter(({ ingestSequence, replacedBy }) => ingestSequence !== null && replacedBy === null)
    .map(({ record }) => record)
  if (current.length === 0) {
    return yield* refuse(
      "not-found",
      `No job ${displayJobId} on ${books.site.clusters.join(", ")}: give its id as Slurm shows it (500005, 11_3, 14+1), or ingest its records first.`,
    )
  }
  const atSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  const { usages } = normalise(current, { asOfSeconds: atSeconds })
  const context = { rates: books.rates, payers: books.payers }
  return usages.map((usage: Usage): ExplainedUsage => {
    const lines: readonly RatedLine[] = rateUsage(usage, { ...context, windows: monthsOf(usage, books.site.zone) })
    const explanation = explainJob(lines, usage, context)
    return {
      usageId: usage.id,
      explanation,
      text: { en: explanationText(explanation, "en").join("\n"), th: explanationText(explanation, "th").join("\n") },
    }
  })
})

/** Windows of the months that a usage lies in: a bill shows its parts, so does its explanation. */
const monthsOf = (usage: Usage, zone: string): readonly Window[] => {
  const windows: Window[] = []
  const last = monthOf(Math.max(usage.startSeconds, usage.endSeconds - 1), zone)
  for (let month = monthOf(usage.startSeconds, zone); month <= last; month = addMonths(month, 1)) windows.push(monthWindow(month, zone))
  return windows
}

/** Array tasks and het components are shown by another id than they have. */
const rawJobIds = Effect.fnUntraced(function* (tenant: string, cluster: string, displayJobId: string) {
  if (/^\d+$/.test(displayJobId)) return [displayJobId]
  const store = yield* BillingStore
  const ids = new Set<string>()
  let cursor: string | null = null
  do {
    const page: { readonly rows: readonly { readonly jobId: string; readonly displayJobId: string }[]; readonly next: string | null } =
      yield* store.listRecords(tenant, { cluster }, { cursor, limit: 1_000 })
    for (const record of page.rows) if (record.displayJobId === displayJobId) ids.add(record.jobId)
    cursor = page.next
  } while (cursor !== null)
  return [...ids]
})
