import { hash } from "node:crypto"
import { Stream } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import type { Contradiction } from "../BillingStore.ts"
import { mediaTypeOf } from "../mediaTypeOf.ts"
import { compareColumns } from "./compareColumns.ts"
import { streamSized } from "./streamSized.ts"

interface DocumentKey {
  readonly kind: string
  readonly version: bigint
}

interface DocumentRow extends DocumentKey {
  readonly sha256: string
  readonly bytes: Uint8Array
}

const checkDocument = ({ kind, version, sha256, bytes }: DocumentRow): readonly Contradiction[] =>
  compareColumns(`document ${kind}/${version}`, { sha256: [sha256, hash("sha256", bytes, "hex")] })

interface FileKey {
  readonly subject: string
  readonly name: string
}

interface FileRow extends FileKey {
  readonly media: string
  readonly count: bigint
  readonly sha256: string
  readonly bytes: Uint8Array
  /** It is a file of a receipt, of figures, or of an export run that is stored. */
  readonly owned: boolean
}

const checkFile = ({ subject, name, media, count, sha256, bytes, owned }: FileRow): readonly Contradiction[] => {
  const row = `file ${subject}/${name}`
  return [
    ...(media === mediaTypeOf(name) ? [] : [{ row, finding: `column media_type holds ${media}, its name says ${mediaTypeOf(name)}` }]),
    ...compareColumns(row, {
      byte_count: [count, BigInt(bytes.length)],
      sha256: [sha256, hash("sha256", bytes, "hex")],
    }),
    ...(owned ? [] : [{ row, finding: `nothing that it could belong to is stored under ${subject}` }]),
  ]
}

/** Of documents and files: what is kept of their bytes is what they are. */
export const byteContradictions = (sql: SqlClient.SqlClient, tenant: string): Stream.Stream<Contradiction, SqlError.SqlError> => {
  const documents = streamSized<DocumentRow, DocumentKey, SqlError.SqlError>(
    { kind: "", version: 0n },
    (after, limit) =>
      sql`SELECT kind, version, octet_length(bytes) AS size FROM document
        WHERE tenant = ${tenant} AND (kind, version) > (${after.kind}, ${after.version}) ORDER BY kind, version LIMIT ${limit}`,
    (after, last) => sql`SELECT kind, version, sha256, bytes FROM document WHERE tenant = ${tenant}
        AND (kind, version) > (${after.kind}, ${after.version}) AND (kind, version) <= (${last.kind}, ${last.version}) ORDER BY kind, version`,
  )
  const files = streamSized<FileRow, FileKey, SqlError.SqlError>(
    { subject: "", name: "" },
    (after, limit) =>
      sql`SELECT subject, name, octet_length(bytes) AS size FROM file
        WHERE tenant = ${tenant} AND (subject, name) > (${after.subject}, ${after.name}) ORDER BY subject, name LIMIT ${limit}`,
    (after, last) => sql`SELECT f.subject, f.name, f.media_type AS media, f.byte_count AS count, f.sha256, f.bytes,
          f.subject LIKE 'receipt/%' OR f.subject LIKE 'figures/%' OR EXISTS (
            SELECT 1 FROM export_run AS run WHERE run.tenant = f.tenant AND 'export/' || run.id = f.subject) AS owned
        FROM file AS f WHERE f.tenant = ${tenant} AND (f.subject, f.name) > (${after.subject}, ${after.name})
          AND (f.subject, f.name) <= (${last.subject}, ${last.name}) ORDER BY f.subject, f.name`,
  )
  return Stream.flattenIterable(Stream.map(documents, checkDocument)).pipe(
    Stream.concat(Stream.flattenIterable(Stream.map(files, checkFile))),
  )
}
