import { type AuditEvent, auditText } from "@hpc-billing/ledger"
import { Effect } from "effect"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import { BillingStore, type IngestRun, type Page, pageRowsMaximum } from "../store/index.ts"
import { ingestRunDetail } from "./recordIngestRun.ts"
import type { Find } from "./StoreFinding.ts"

/** The column that a detail of the audit record speaks of. */
const columns: Readonly<Record<keyof ReturnType<typeof ingestRunDetail>, string>> = {
  cluster: "cluster",
  source: "source",
  startedAtSeconds: "started_at_seconds",
  finishedAtSeconds: "finished_at_seconds",
  read: "read_count",
  accepted: "accepted_count",
  replaced: "replaced_count",
  known: "known_count",
  rejected: "rejected_count",
  cursorSha256: "next_cursor",
}

const checkRun = (id: string, run: IngestRun | null, detail: AuditEvent["detail"], find: Find): void => {
  if (run === null) {
    find(`ingest run ${id}`, "the audit log tells of it, but it is not stored any more")
    return
  }
  const stored = ingestRunDetail(run)
  for (const [name, column] of Object.entries(columns)) {
    const text = auditText(stored[name] ?? "")
    if (text === detail[name]) continue
    const difference =
      name === "cursorSha256" ? "is not what its audit record has the digest of" : `holds ${text}, its audit record says ${detail[name]}`
    find(`ingest run ${id}`, `column ${column} ${difference}`)
  }
}

/** Compares what was read with what the audit log says of each run, one run after another. */
export const ingestTold = (tenant: string, find: Find) => {
  const cursors = new Map<string, string>()
  const seen = new Set<string>()
  let recordsThrough: bigint | null = null
  return {
    /** Takes an `ingest.run`. */
    take: Effect.fnUntraced(function* ({ subject: id, detail }: AuditEvent) {
      const store = yield* BillingStore
      if (seen.has(id)) find(`ingest run ${id}`, "two audit records tell of it, each of which can be made once")
      seen.add(id)
      checkRun(id, yield* store.ingestRun(tenant, id), detail, find)
      if (detail.cursorSha256 !== "") cursors.set(detail.cluster ?? "", detail.cursorSha256 ?? "")
      const place = (name: string): bigint => BigInt(detail[name] ?? 0)
      const [after, through] = [place("recordsAfter"), place("recordsThrough")]
      const [rejectionsAfter, rejectionsThrough] = [place("rejectionsAfter"), place("rejectionsThrough")]
      const found = yield* store.digestIngested(tenant, {
        recordsAfter: after,
        recordsThrough: through,
        rejectionsAfter,
        rejectionsThrough,
      })
      if (found.recordsSha256 !== detail.recordsSha256) {
        find(`job record versions ${after + 1n} to ${through}`, `they are not those that ingest run ${id} recorded`)
      }
      if (found.rejectionsSha256 !== detail.rejectionsSha256) {
        const times = [rejectionsAfter, rejectionsThrough].map((at) => new Date(Number(at / 1_000n)).toISOString())
        find(`rejections read after ${times[0]} and until ${times[1]}`, `they are not those that ingest run ${id} recorded`)
      }
      recordsThrough = through
    }),

    /** Compares where the next pulls begin; answers what no record of the log proves. */
    finish: Effect.fnUntraced(function* () {
      const store = yield* BillingStore
      const stored = yield* store.ingestCursors(tenant)
      for (const cluster of new Set([...stored.keys(), ...cursors.keys()])) {
        const [cursor, told] = [stored.get(cluster), cursors.get(cluster)]
        const row = `ingest cursor ${cluster}`
        if (cursor === undefined) find(row, "the audit log tells of it, but it is not stored any more")
        else if (told === undefined ? !(yield* isOfSomeRun(tenant, cluster, cursor)) : sha256Hex(new TextEncoder().encode(cursor)) !== told)
          find(row, "it is not where the last run of the cluster ended")
      }
      const head = yield* store.ingestHead(tenant)
      const last = recordsThrough ?? 0n
      return head > last
        ? [`job record versions ${last + 1n} to ${head}: no run of ingest that the audit log tells of covers them yet`]
        : []
    }),
  }
}

/** Whether a run that was recorded before the audit log told of runs ended there. */
const isOfSomeRun = Effect.fnUntraced(function* (tenant: string, cluster: string, cursor: string) {
  const store = yield* BillingStore
  let after: string | null = null
  do {
    const page: Page<IngestRun> = yield* store.listIngestRuns(tenant, { cursor: after, limit: pageRowsMaximum })
    if (page.rows.some((run) => run.cluster === cluster && run.cursor === cursor)) return true
    after = page.next
  } while (after !== null)
  return false
})
