import { readSacctFile } from "@hpc-billing/slurm-adapter"
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { ingestSource } from "../run/ingestSource.ts"
import { dryRun, optional, print, progress, withSite } from "./CliContext.ts"
import { ingestText } from "./text/ingestText.ts"

export const ingestCommand = Command.make(
  "ingest",
  {
    file: Argument.String("file").pipe(Argument.withDescription("Output of sacct -P (with -D, without -n)")),
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
      Flag.withDescription("IANA zone of time stamps that are no epoch seconds"),
      Flag.withDefault("UTC"),
    ),
    dryRun,
  },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site, actor }) {
        const [cluster, fields, delimiter] = [optional(input.cluster), optional(input.fields), optional(input.delimiter)]
        const batches = readSacctFile(input.file, {
          ...(cluster === null ? {} : { cluster }),
          ...(fields === null ? {} : { fields: fields.split(",") }),
          ...(delimiter === null ? {} : { delimiter }),
          timeZone: input.timeZone,
        })
        const summary = yield* ingestSource(batches, {
          tenant: site.tenant,
          clusters: site.clusters,
          source: input.file,
          actor,
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
