import { readFile } from "node:fs/promises"
import { type Decoded, decodeRestAnswer, readCsvFile, readSacctFile, SlurmReadError, sacctExportLine } from "@hpc-billing/slurm-adapter"
import { Console, Effect, Result, Stream } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { ingestSource } from "../run/ingestSource.ts"
import { SiteError } from "../site/SiteError.ts"
import { dryRun, optional, print, progress, withSite } from "./CliContext.ts"
import { exportedAtMicroseconds } from "./exportedAt.ts"
import { ingestText } from "./text/ingestText.ts"

export const ingestCommand = Command.make(
  "ingest",
  {
    file: Argument.String("file").pipe(
      Argument.withDescription("Output of sacct as --print-sacct prints it, a CSV, or JSON (--format)"),
      Argument.optional,
    ),
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
    delimiter: Flag.String("delimiter").pipe(
      Flag.withDescription("Delimiter of columns, one character or several; detected when absent"),
      Flag.optional,
    ),
    timeZone: Flag.String("time-zone").pipe(
      Flag.withDescription("IANA zone of times that are not epoch seconds; without it, a file with such times is refused"),
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
    strict: Flag.Boolean("strict").pipe(
      Flag.withDescription("Refuse a file in which text that users write, such as job names, could forge records"),
      Flag.withDefault(false),
    ),
    printSacct: Flag.Boolean("print-sacct").pipe(
      Flag.withDescription("Print the command that exports job records, without reading a file"),
      Flag.withDefault(false),
    ),
    dryRun,
  },
  Effect.fnUntraced(function* (input) {
    if (input.printSacct) return yield* Console.log(sacctExportLine)
    const file = optional(input.file)
    if (file === null) {
      const problems = ["ingest: no file is named. Give one, or print the command that makes one with --print-sacct."]
      return yield* new SiteError({ reason: "invalid", problems })
    }
    yield* withSite(
      Effect.fnUntraced(function* ({ site, actor }) {
        const [cluster, fields, delimiter] = [optional(input.cluster), optional(input.fields), optional(input.delimiter)]
        const [timeZone, account] = [optional(input.timeZone), optional(input.account)]
        const risks = new Set<string>()
        const batches = batchesOf(input.format, file, {
          ...(cluster === null ? {} : { cluster }),
          ...(fields === null ? {} : { fields: fields.split(",") }),
          ...(delimiter === null ? {} : { delimiter }),
          ...(timeZone === null ? {} : { timeZone }),
          ...(account === null ? {} : { account }),
          ...(site.maximumWattsPerNode === undefined ? {} : { maximumWattsPerNode: site.maximumWattsPerNode }),
          onFreeText: input.strict ? "refuse" : (risk) => void risks.add(risk),
        })
        const exportedAt = optional(input.exportedAt)
        const summary = yield* ingestSource(batches, {
          tenant: site.tenant,
          clusters: site.clusters,
          source: file,
          actor,
          ...(exportedAt === null ? {} : { asOfMicroseconds: yield* exportedAtMicroseconds(exportedAt) }),
          dryRun: input.dryRun,
          onProgress: progress("records read"),
        })
        const warnings = [...risks]
        for (const warning of warnings) yield* Console.error(`Warning: ${file}: ${warning}`)
        yield* print({ ...summary, warnings }, ingestText(summary))
      }),
    )
  }),
).pipe(
  Command.withDescription("Read job records into the store; reading them again changes nothing"),
  Command.withExamples([
    { command: `${sacctExportLine} > october.psv`, description: "Export job records from Slurm, as --print-sacct prints it" },
    { command: "hpc-billing ingest october.psv", description: "Read what sacct printed" },
  ]),
)

interface ReadOptions {
  readonly cluster?: string
  readonly fields?: readonly string[]
  readonly delimiter?: string
  readonly timeZone?: string
  readonly account?: string
  readonly maximumWattsPerNode?: number
  readonly onFreeText: "refuse" | ((risk: string) => void)
}

const batchesOf = (
  format: "sacct" | "csv" | "json",
  file: string,
  options: ReadOptions,
): Stream.Stream<readonly Decoded[], SlurmReadError> => {
  switch (format) {
    case "sacct":
      return readSacctFile(file, options)
    case "csv":
      return readCsvFile(file, options)
    case "json":
      return Stream.fromEffect(
        Effect.tryPromise({
          try: () => readFile(file, "utf8"),
          catch: (cause) => {
            const detail = (cause as NodeJS.ErrnoException).code ?? "unreadable"
            return new SlurmReadError({ source: file, reason: { _tag: "FileUnreadable", detail } })
          },
        }).pipe(
          Effect.flatMap((text) => {
            const decoded = decodeRestAnswer(text, { source: file, ...options })
            return Result.isSuccess(decoded) ? Effect.succeed(decoded.success) : Effect.fail(decoded.failure)
          }),
        ),
      )
  }
}
