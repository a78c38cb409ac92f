import { hash } from "node:crypto"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import type { DocumentHeader, ExportRun, FileHeader, StoreFunctions } from "../BillingStore.ts"
import type { StoreError } from "../StoreError.ts"
import { fileKey, isStoredAlready } from "./CommitBatch.ts"
import { toStoreError } from "./toStoreError.ts"
import { insertFile } from "./writeBatch.ts"

interface DocumentRow {
  readonly kind: string
  readonly version: bigint
  readonly sha256: string
  readonly at: bigint
}

const documentHeader = (row: DocumentRow): DocumentHeader => ({
  kind: row.kind,
  version: Number(row.version),
  sha256: row.sha256,
  storedAtMicroseconds: row.at,
})

interface FileRow {
  readonly subject: string
  readonly name: string
  readonly media: string
  readonly count: bigint
  readonly sha256: string
}

const fileHeader = (row: FileRow): FileHeader => ({
  subject: row.subject,
  name: row.name,
  mediaType: row.media,
  byteCount: Number(row.count),
  sha256: row.sha256,
})

interface ExportRow {
  readonly id: string
  readonly month: string
  readonly profile: string
  readonly at: bigint
  readonly manifest: string
  readonly position: bigint
  readonly sequence: bigint
}

const exportRun = (row: ExportRow): ExportRun => ({
  id: row.id,
  month: row.month,
  profile: row.profile,
  exportedAtMicroseconds: row.at,
  manifestSha256: row.manifest,
  throughPosition: row.position,
  chainSequence: row.sequence,
})

export const documentFunctions = (
  sql: SqlClient.SqlClient,
): Pick<StoreFunctions, "document" | "documents" | "attachFile" | "files" | "file" | "exportRuns"> => {
  const fileColumns = sql.literal("subject, name, media_type AS media, byte_count AS count, sha256")
  const documentColumns = sql.literal("kind, version, sha256, stored_at_microseconds AS at")

  return {
    document: (tenant, kind, version) =>
      sql<DocumentRow & { bytes: Uint8Array }>`SELECT ${documentColumns}, bytes FROM document WHERE tenant = ${tenant} AND kind = ${kind}
        ${version === null ? sql.literal("") : sql`AND version = ${BigInt(version)}`} ORDER BY version DESC LIMIT 1`.pipe(
        Effect.map(([row]) => (row === undefined ? null : { ...documentHeader(row), bytes: row.bytes })),
        Effect.mapError(toStoreError),
      ),

    documents: (tenant, kind) =>
      sql<DocumentRow>`SELECT ${documentColumns} FROM document WHERE tenant = ${tenant} AND kind = ${kind} ORDER BY version`.pipe(
        Effect.map((rows) => rows.map(documentHeader)),
        Effect.mapError(toStoreError),
      ),

    attachFile: (tenant, file) => {
      const sha256 = hash("sha256", file.bytes, "hex")
      const header: FileHeader = {
        subject: file.subject,
        name: file.name,
        mediaType: file.mediaType,
        byteCount: file.bytes.length,
        sha256,
      }
      const attach = Effect.gen(function* () {
        const found = yield* sql<{ sha256: string }>`SELECT sha256 FROM file
          WHERE tenant = ${tenant} AND subject = ${file.subject} AND name = ${file.name}`
        const stored = new Map(found.map((row) => [fileKey(file), row.sha256]))
        const known = yield* Effect.try({
          try: () => isStoredAlready({ files: stored }, file, sha256),
          catch: (error) => error as StoreError,
        })
        if (!known) yield* insertFile(sql, tenant, { ...file, sha256 })
        return header
      }).pipe(Effect.mapError(toStoreError))
      return attach
    },

    files: (tenant, subject) =>
      sql<FileRow>`SELECT ${fileColumns} FROM file WHERE tenant = ${tenant} AND subject = ${subject} ORDER BY name`.pipe(
        Effect.map((rows) => rows.map(fileHeader)),
        Effect.mapError(toStoreError),
      ),

    file: (tenant, subject, name) =>
      sql<FileRow & { bytes: Uint8Array }>`SELECT ${fileColumns}, bytes FROM file
        WHERE tenant = ${tenant} AND subject = ${subject} AND name = ${name}`.pipe(
        Effect.map(([row]) => (row === undefined ? null : { ...fileHeader(row), bytes: row.bytes })),
        Effect.mapError(toStoreError),
      ),

    exportRuns: (tenant, month) =>
      sql<ExportRow>`SELECT id, month, profile, exported_at_microseconds AS at, manifest_sha256 AS manifest, through_position AS position,
          chain_sequence AS sequence
        FROM export_run WHERE tenant = ${tenant} ${month === null ? sql.literal("") : sql`AND month = ${month}`}
        ORDER BY exported_at_microseconds DESC, id DESC`.pipe(
        Effect.map((rows) => rows.map(exportRun)),
        Effect.mapError(toStoreError),
      ),
  }
}
