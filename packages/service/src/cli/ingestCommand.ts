import { createReadStream } from "node:fs"
import { readFile } from "node:fs/promises"
import { type Decoded, decodeCsvChunks, decodeRestAnswer, readSacctFile, SlurmReadError } from "@hpc-billing/slurm-adapter"
import { Effect, Result, Stream } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { ingestSource } from "../run/ingestSource.ts"
import { dryRun, optional, print, progress, withSite } from "./CliContext.ts"
import { exportedAtMicroseconds } from "./exportedAt.ts"
import { ingestText } from "./text/ingestText.ts"

export const ingestCommand = Command.make(
  "ingest",
  {
    file: Argument.String("file").pipe(Argument.withDescription("Output of sacct -P (with -D, without -n)")),
    format: Flag.Literals("format", ["sacct", "csv", "json"]).pipe(
      Flag.withDescription("sacct -P text, CSV of any scheduler, or JSON of sacct --json or slurmrestd"),
      Flag.withDefault("sacct"),
    ),
    cluster: Flag.String("cluster").pipe(
      Flag.withDescription("Cluster of the records where the file has no Cluster column"),
      Flag.optional,
    ),
    fields: Flag.String("fields").pipe(
      Flag.withDescription("Column names, comma-separated, where the file has no header line"),
      Flag.optional,
    ),
    delimiter: Flag.String("delimiter").pipe(Flag.withDescription("Delimiter of columns; found out when absent"), Flag.optional),
    timeZone: Flag.String("time-zone").pipe(
      Flag.withDescription("IANA zone of time stamps that are no epoch seconds; sacct's are UTC without it, a CSV's are refused"),
      Flag.optional,
    ),
    account: Flag.String("account").pipe(
      Flag.withDescription("Account of the records where a CSV names none; without it they have no payer until one is mapped"),
      Flag.optional,
    ),
    exportedAt: Flag.String("exported-at").pipe(
      Flag.withDescription(
        "When the file was exported, such as 2026-10-31T23:59:59+07:00: its records then stand against everything read of the time before",
      ),
      Flag.withMetavar("TIME"),
      Flag.optional,
    ),
    dryRun,
  },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site, actor }) {
        const [cluster, fields, delimiter] = [optional(input.cluster), optional(input.fields), optional(input.delimiter)]
        const [timeZone, account] = [optional(input.timeZone), optional(input.account)]
        const batches = batchesOf(input.format, input.file, {
          ...(cluster === null ? {} : { cluster }),
          ...(fields === null ? {} : { fields: fields.split(",") }),
          ...(delimiter === null ? {} : { delimiter }),
          ...(timeZone === null ? {} : { timeZone }),
          ...(account === null ? {} : { account }),
        })
        const exportedAt = optional(input.exportedAt)
        const summary = yield* ingestSource(batches, {
          tenant: site.tenant,
          clusters: site.clusters,
          source: input.file,
          actor,
          ...(exportedAt === null ? {} : { asOfMicroseconds: yield* exportedAtMicroseconds(exportedAt) }),
          dryRun: input.dryRun,
          onProgress: progress("records read"),
        })
        yield* print(summary, ingestText(summary))
      }),
    ),
).pipe(
  Command.withDescription("Read job records into the store; reading them again changes nothing"),
  Command.withExamples([{ command: "hpc-billing ingest october.psv", description: "Read what sacct printed" }]),
)

interface ReadOptions {
  readonly cluster?: string
  readonly fields?: readonly string[]
  readonly delimiter?: string
  readonly timeZone?: string
  readonly account?: string
}

const batchesOf = (
  format: "sacct" | "csv" | "json",
  file: string,
  options: ReadOptions,
): Stream.Stream<readonly Decoded[], SlurmReadError> => {
  const source = { source: file, ...options }
  const asReadError = (error: unknown): SlurmReadError =>
    error instanceof SlurmReadError
      ? error
      : new SlurmReadError({
          source: file,
          reason: { _tag: "FileUnreadable", detail: (error as NodeJS.ErrnoException).code ?? "unreadable" },
        })
  switch (format) {
    case "sacct":
      return readSacctFile(file, options)
    case "csv":
      return Stream.suspend(() => Stream.fromAsyncIterable(decodeCsvChunks(createReadStream(file), source), asReadError))
    case "json":
      return Stream.fromEffect(
        Effect.tryPromise({ try: () => readFile(file, "utf8"), catch: asReadError }).pipe(
          Effect.flatMap((text) => {
            const decoded = decodeRestAnswer(text, source)
            return Result.isSuccess(decoded) ? Effect.succeed(decoded.success) : Effect.fail(decoded.failure)
          }),
        ),
      )
  }
}
