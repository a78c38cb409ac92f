import type { CanonicalValue } from "@hpc-billing/core"
import { Effect } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import type { CommitPlan, Committed, Idempotency } from "../BillingStore.ts"
import { StoreError } from "../StoreError.ts"
import { fileKey, type Stored } from "./CommitBatch.ts"
import { texts } from "./columns.ts"

interface AnswerRow {
  readonly key: string
  readonly body: string
  readonly answer: string
  readonly commit: bigint
  readonly entries: bigint
}

/** What was answered under the keys, by key. */
export const storedAnswers = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  tenant: string,
  keys: readonly string[],
): Effect.fn.Return<ReadonlyMap<string, AnswerRow>, SqlError.SqlError> {
  if (keys.length === 0) return new Map()
  const rows =
    yield* sql<AnswerRow>`SELECT idempotency_key AS key, body_sha256 AS body, answer, commit_sequence AS commit, entries_posted AS entries
    FROM command WHERE tenant = ${tenant} AND idempotency_key = ANY(${texts(keys)})`
  return new Map(rows.map((row) => [row.key, row]))
})

/** The stored answer again; refused when the key was used for another body. */
export const replay = (idempotency: Idempotency, row: AnswerRow): Effect.Effect<Committed<CanonicalValue>, StoreError> =>
  row.body === idempotency.bodySha256
    ? Effect.succeed({ answer: JSON.parse(row.answer), replayed: true, commitSequence: row.commit, entriesPosted: Number(row.entries) })
    : Effect.fail(
        new StoreError({
          reason: {
            _tag: "IdempotencyConflict",
            sentence: `The idempotency key "${row.key}" was used with another request: repeat that request unchanged, or send this one under a new key.`,
            key: row.key,
          },
        }),
      )

/** Adds to `stored` what is stored already of the entries, receipts and files that the plan names. */
export const lookUpStored = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  tenant: string,
  stored: Stored,
  plan: CommitPlan<CanonicalValue>,
): Effect.fn.Return<void, SqlError.SqlError> {
  const entryIds = (plan.entries ?? []).map((entry) => entry.id).filter((id) => !stored.entries.has(id))
  if (entryIds.length > 0) {
    const rows = yield* sql<{ id: string; sha256: Uint8Array }>`SELECT id, sha256 FROM entry
      WHERE tenant = ${tenant} AND id = ANY(${texts(entryIds)})`
    for (const row of rows) stored.entries.set(row.id, Buffer.from(row.sha256).toString("hex"))
  }
  const receiptIds = [
    ...(plan.receipts ?? []).map(({ receipt }) => receipt.id),
    ...(plan.receiptChanges ?? []).map((change) => change.receiptId),
  ]
  const unknown = receiptIds.filter((id) => !stored.receipts.has(id))
  if (unknown.length > 0) {
    const rows = yield* sql<{ id: string; kind: string }>`SELECT id, status_kind AS kind FROM receipt
      WHERE tenant = ${tenant} AND id = ANY(${texts(unknown)})`
    for (const row of rows) stored.receipts.set(row.id, row.kind)
  }
  const files = (plan.files ?? []).filter((file) => !stored.files.has(fileKey(file)))
  if (files.length > 0) {
    const rows = yield* sql<{ subject: string; name: string; sha256: string }>`SELECT subject, name, sha256 FROM file
      WHERE tenant = ${tenant} AND subject = ANY(${texts(files.map((file) => file.subject))})`
    for (const row of rows) stored.files.set(fileKey(row), row.sha256)
  }
})
