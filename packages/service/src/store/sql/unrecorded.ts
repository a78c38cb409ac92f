import { Stream } from "effect"
import type { SqlClient, Statement } from "effect/sql"
import type { StoreFunctions, Unrecorded } from "../BillingStore.ts"
import { toStoreError } from "./toStoreError.ts"

/** Rows that one audit record each tells of, by the subject that both have. */
interface Recorded {
  /** How a finding names the row. */
  readonly row: string
  readonly actions: readonly string[]
  /** What both say, in the order of the expressions below. */
  readonly columns: readonly string[]
  /** JSON array of texts from an event: its `detail` is `d`, the time of its record `at`. */
  readonly said: string
  /** JSON array of texts from the row, and its subject. */
  readonly stored: string
  readonly subject: string
  readonly from: string
}

const recorded: readonly Recorded[] = [
  {
    row: "receipt",
    actions: ["receipt.issue"],
    columns: ["issued_sha256", "number"],
    said: "d->>'sha256', d->>'number'",
    stored: "issued_sha256, number",
    subject: "id",
    from: "receipt WHERE status_kind <> 'draft'",
  },
  {
    row: "document",
    actions: ["book.publish", "month.rate", "credit-note.issue", "prepaid.change", "period.reopen-request"],
    columns: ["sha256", "stored_at_microseconds"],
    said: "d->>'sha256', at::text",
    stored: "sha256, stored_at_microseconds::text",
    subject: "kind || '/' || version",
    from: "document WHERE true",
  },
  {
    row: "export run",
    actions: ["export.run"],
    columns: ["month", "manifest_sha256", "exported_at_microseconds"],
    said: "d->>'month', d->>'manifestSha256', at::text",
    stored: "month, manifest_sha256, exported_at_microseconds::text",
    subject: "id",
    from: "export_run WHERE true",
  },
]

interface ComparedRow {
  readonly subject: string
  readonly said: string | null
  readonly stored: string | null
  readonly times: bigint
}

const differences = (columns: readonly string[], said: string, stored: string): string => {
  const [told, kept]: [string[], string[]] = [JSON.parse(said), JSON.parse(stored)]
  return columns
    .flatMap((column, index) =>
      told[index] === kept[index] ? [] : [`column ${column} holds ${kept[index]}, its audit record says ${told[index]}`],
    )
    .join("; ")
}

const judge = ({ row, columns }: Recorded, { subject, said, stored, times }: ComparedRow): Unrecorded => {
  const finding =
    said === null
      ? "no audit record tells of it"
      : stored === null
        ? "the audit log tells of it, but it is not stored any more"
        : times > 1n
          ? `${times} audit records tell of it, each of which can be made once`
          : differences(columns, said, stored)
  return { row: `${row} ${subject}`, finding, isOlder: false }
}

interface PrintRow {
  readonly name: string
  readonly said: string | null
  readonly also: string | null
  readonly stored: string | null
  readonly issued: bigint | null
  readonly first: bigint | null
}

const judgePrint = ({ name, said, also, stored, issued, first }: PrintRow): Unrecorded => {
  const row = `file receipt/${name}`
  const found = (finding: string, isOlder = false): Unrecorded => ({ row, finding, isOlder })
  if (stored === null) return found("was printed and kept, but is not stored any more")
  if (said !== null) return found(said === also ? "it is not the file that was printed" : "the audit log tells of two prints that differ")
  if (issued === null) return found("it belongs to no receipt that was issued")
  return found("no audit record tells of its printing", first === null || issued < first)
}

interface RunRow {
  readonly id: string
  readonly isOlder: boolean
}

const judgeRun = ({ id, isOlder }: RunRow): Unrecorded => ({ row: `ingest run ${id}`, finding: "no audit record tells of it", isOlder })

export const unrecordedFunctions = (sql: SqlClient.SqlClient): Pick<StoreFunctions, "unrecorded"> => {
  /** What releases before the one that keeps these digests did not write. */
  const newer = sql.literal("'ingest.run', 'receipt.print'")
  const detail = sql.literal("convert_from(payload, 'UTF8')::json->'detail'")

  const compare = (tenant: string, of: Recorded): Statement.Statement<ComparedRow> => {
    const [said, stored, subject, from] = [of.said, of.stored, of.subject, of.from].map((text) => sql.literal(text))
    const actions = sql.literal(of.actions.map((action) => `'${action}'`).join(", "))
    return sql`SELECT coalesce(told.subject, kept.subject) AS subject, told.said, kept.stored, coalesce(told.times, 0) AS times
      FROM (SELECT subject, min(said) AS said, count(*) AS times
          FROM (SELECT subject, json_build_array(${said})::text AS said
            FROM (SELECT subject, at_microseconds AS at, ${detail} AS d FROM audit_record
              WHERE tenant = ${tenant} AND action IN (${actions})) AS event) AS one GROUP BY subject) AS told
        FULL JOIN (SELECT ${subject} AS subject, json_build_array(${stored})::text AS stored FROM ${from} AND tenant = ${tenant}) AS kept
          ON kept.subject = told.subject
      WHERE told.subject IS NULL OR kept.subject IS NULL OR told.said <> kept.stored OR told.times > 1 ORDER BY 1`
  }

  /** What an export holds with the same bytes is proven by its manifest. */
  const prints = (tenant: string) => sql<PrintRow>`WITH
      event AS (SELECT sequence, subject, ${detail} AS d FROM audit_record WHERE tenant = ${tenant} AND action = 'receipt.print'),
      told AS (SELECT subject || '/' || (d->>'file') AS name, min(d->>'sha256') AS said, max(d->>'sha256') AS also FROM event GROUP BY 1),
      kept AS (SELECT substr(subject, 9) AS receipt, name AS file, substr(subject, 9) || '/' || name AS name, sha256 FROM file
        WHERE tenant = ${tenant} AND subject LIKE 'receipt/%'),
      exported AS (SELECT DISTINCT substr(name, strpos(name, '/') + 1) AS file, sha256 FROM file
        WHERE tenant = ${tenant} AND subject LIKE 'export/%' AND (name LIKE 'receipts/%.pdf' OR name LIKE 'credit-notes/%.pdf')),
      issued AS (SELECT subject AS receipt, min(sequence) AS sequence FROM audit_record
        WHERE tenant = ${tenant} AND action = 'receipt.issue' GROUP BY subject)
    SELECT coalesce(told.name, kept.name) AS name, told.said, told.also, kept.sha256 AS stored, issued.sequence AS issued,
        (SELECT min(sequence) FROM audit_record WHERE tenant = ${tenant} AND action IN (${newer})) AS first
      FROM told FULL JOIN kept ON kept.name = told.name
        LEFT JOIN exported ON exported.file = kept.file AND exported.sha256 = kept.sha256
        LEFT JOIN issued ON issued.receipt = kept.receipt
      WHERE kept.name IS NULL OR (told.name IS NULL AND (exported.file IS NULL OR issued.receipt IS NULL))
        OR told.said <> kept.sha256 OR told.also <> told.said ORDER BY 1`

  const runs = (tenant: string) => sql<RunRow>`SELECT run.id, coalesce(
        run.started_at_seconds <= (SELECT min(at_microseconds) FROM audit_record WHERE tenant = ${tenant} AND action IN (${newer})) / 1000000,
        true) AS "isOlder"
      FROM ingest_run AS run WHERE run.tenant = ${tenant} AND NOT EXISTS (SELECT 1 FROM audit_record AS told
        WHERE told.tenant = run.tenant AND told.subject = run.id AND told.action = 'ingest.run') ORDER BY run.id`

  return {
    unrecorded: (tenant) =>
      Stream.fromIterable(recorded).pipe(
        Stream.flatMap((of) => Stream.fromIterableEffect(compare(tenant, of)).pipe(Stream.map((row) => judge(of, row)))),
        Stream.concat(Stream.fromIterableEffect(prints(tenant)).pipe(Stream.map(judgePrint))),
        Stream.concat(Stream.fromIterableEffect(runs(tenant)).pipe(Stream.map(judgeRun))),
        Stream.mapError(toStoreError),
      ),
  }
}
