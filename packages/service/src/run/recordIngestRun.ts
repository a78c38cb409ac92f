import { type AuditEvent, decodeEvent } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { decidePrepared } from "../commit/decide.ts"
import { lastSequenceOf } from "../commit/ratingInputs.ts"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import { BillingStore, type IngestRun } from "../store/index.ts"
import type { Actor } from "./Actor.ts"

/** What the audit record of a run of ingest says of its row. */
export const ingestRunDetail = (run: IngestRun): AuditEvent["detail"] => ({
  cluster: run.cluster,
  source: run.source,
  startedAtSeconds: String(run.startedAtSeconds),
  finishedAtSeconds: String(run.finishedAtSeconds),
  read: String(run.read),
  accepted: String(run.accepted),
  replaced: String(run.replaced),
  known: String(run.known),
  rejected: String(run.rejected),
  cursorSha256: run.cursor === null ? "" : sha256Hex(new TextEncoder().encode(run.cursor)),
})

/** Up to where the latest recorded run saw record versions and rejections. */
const lastSeen = Effect.fnUntraced(function* (tenant: string) {
  const store = yield* BillingStore
  const { rows } = yield* store.listAudit(tenant, { action: "ingest.run" }, { cursor: null, limit: 1 })
  const detail = rows.map(({ payload }) => decodeEvent(payload)?.detail)[0] ?? {}
  return { recordsAfter: BigInt(detail.recordsThrough ?? 0), rejectionsAfter: BigInt(detail.rejectionsThrough ?? 0) }
})

/** What was read since the record before, told by its digests: it may be all that ever was. */
const readSinceLast = Effect.fnUntraced(function* (tenant: string) {
  const store = yield* BillingStore
  const after = yield* lastSeen(tenant)
  const recordsThrough = yield* store.ingestHead(tenant)
  const digest = yield* store.digestIngested(tenant, { ...after, recordsThrough, rejectionsThrough: null })
  return {
    recordsAfter: String(after.recordsAfter),
    recordsThrough: String(recordsThrough),
    recordsSha256: digest.recordsSha256,
    rejectionsAfter: String(after.rejectionsAfter),
    rejectionsThrough: String(digest.rejectionsThrough),
    rejectionsSha256: digest.rejectionsSha256,
  } satisfies AuditEvent["detail"]
})

/**
 * Keeps the summary of a run of ingest and, when it has a cursor, where the cluster's next run begins; once for each id. Its audit record
 * holds the counts, and a digest of all that was read since the record before: what was ingested cannot be changed unseen.
 */
export const recordIngestRun = Effect.fn("recordIngestRun")(function* (tenant: string, run: IngestRun, actor: Actor) {
  const store = yield* BillingStore
  const by = { actor: actor.name, requestId: actor.requestId }
  yield* decidePrepared({
    tenant,
    actor: { name: actor.name, requestId: actor.requestId },
    inputs: () => lastSequenceOf(tenant, "ingest.run"),
    prepare: readSinceLast(tenant),
    read: (seen) => Effect.map(store.ingestRun(tenant, run.id), (known) => ({ seen, isKnown: known !== null })),
    plan: ({ seen, isKnown }: { readonly seen: AuditEvent["detail"]; readonly isKnown: boolean }) =>
      Result.succeed(
        isKnown
          ? { answer: null, events: [] }
          : {
              answer: null,
              ingestRuns: [run],
              events: [{ ...by, action: "ingest.run", subject: run.id, detail: { ...ingestRunDetail(run), ...seen } }],
            },
      ),
    view: () => Effect.void,
  })
})
