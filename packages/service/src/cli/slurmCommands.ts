import { readFile } from "node:fs/promises"
import { localDateInstant } from "@hpc-billing/core"
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { keptSentence, pullSlurm, type SlurmSource } from "../run/pullSlurm.ts"
import { refuse } from "../run/RunError.ts"
import { reconcileWithSlurm } from "../run/reconcileWithSlurm.ts"
import { dryRun, optional, print, progress, withSite } from "./CliContext.ts"
import { reconcileText } from "./text/reconcileText.ts"

const names = (text: string | null): readonly string[] => (text === null ? [] : text.split(",").filter((name) => name !== ""))

const listFlag = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.withMetavar("A,B"), Flag.optional)

export const pullCommand = Command.make(
  "pull",
  {
    source: Argument.Literals("source", ["sacct", "slurmrestd"]).pipe(Argument.withDescription("Where the records come from")),
    cluster: Flag.String("cluster").pipe(Flag.withDescription("Cluster to pull; the site's first when absent"), Flag.optional),
    from: Flag.String("from").pipe(
      Flag.withDescription("First day of the first pull, in the billing zone; later pulls begin where the last one ended"),
      Flag.withMetavar("YYYY-MM-DD"),
      Flag.withDefault("2000-01-01"),
    ),
    wrapper: Flag.String("wrapper").pipe(Flag.withDescription('Command before sacct, such as "sudo -u slurm"'), Flag.optional),
    ssh: Flag.String("ssh").pipe(Flag.withDescription("Host on which sacct is run by ssh"), Flag.optional),
    users: listFlag("users", "Only these users (the cursor stays)"),
    accounts: listFlag("accounts", "Only these accounts (the cursor stays)"),
    partitions: listFlag("partitions", "Only these partitions (the cursor stays)"),
    url: Flag.String("url").pipe(
      Flag.withDescription("Address of slurmrestd, http://127.0.0.1:6820 or unix:/run/slurmrestd.socket"),
      Flag.optional,
    ),
    user: Flag.String("user").pipe(Flag.withDescription("User name for slurmrestd"), Flag.withDefault("root")),
    tokenFile: Flag.String("token-file").pipe(Flag.withDescription("File with the JWT for slurmrestd"), Flag.optional),
    dryRun,
  },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site, actor }) {
        const fromSeconds = localDateInstant(input.from, site.zone)
        if (fromSeconds === null) return yield* refuse("wrong-month", `--from "${input.from}" must be a date, such as 2026-10-01.`)
        const show = progress("read until")
        const pulled = yield* pullSlurm({
          tenant: site.tenant,
          cluster: optional(input.cluster) ?? (site.clusters[0] as string),
          source: yield* sourceOf(input),
          fromSeconds,
          actor,
          ...(site.maximumWattsPerNode === undefined ? {} : { maximumWattsPerNode: site.maximumWattsPerNode }),
          dryRun: input.dryRun,
          onProgress: (readUntilSeconds) => show(readUntilSeconds),
        })
        const { windows, read, accepted, replaced, known, rejected, readUntilSeconds, kept } = pulled
        const text = `${read} records in ${windows} windows: ${accepted} accepted, ${replaced} replaced, ${known} already known, ${rejected} rejected; read until ${new Date(readUntilSeconds * 1_000).toISOString()}`
        const said = input.dryRun ? `${text}; nothing was stored` : text
        yield* print(pulled, kept === null ? said : `${said}\n${keptSentence(kept)}`)
        if (kept !== null && kept !== "filtered") return yield* refuse("source-unreadable", keptSentence(kept))
      }),
    ),
).pipe(Command.withDescription("Read what Slurm recorded since the last pull; pulling again changes nothing"))

interface PullInput {
  readonly source: "sacct" | "slurmrestd"
  readonly wrapper: Parameters<typeof optional<string>>[0]
  readonly ssh: Parameters<typeof optional<string>>[0]
  readonly users: Parameters<typeof optional<string>>[0]
  readonly accounts: Parameters<typeof optional<string>>[0]
  readonly partitions: Parameters<typeof optional<string>>[0]
  readonly url: Parameters<typeof optional<string>>[0]
  readonly user: string
  readonly tokenFile: Parameters<typeof optional<string>>[0]
}

const sourceOf = Effect.fnUntraced(function* (input: PullInput) {
  if (input.source === "sacct") {
    const host = optional(input.ssh)
    const wrapper =
      host === null
        ? { command: names((optional(input.wrapper) ?? "").replaceAll(" ", ",")), quoteForShell: false }
        : { command: ["ssh", host], quoteForShell: true }
    const filter = {
      users: names(optional(input.users)),
      accounts: names(optional(input.accounts)),
      partitions: names(optional(input.partitions)),
    }
    return { kind: "sacct", wrapper, filter } satisfies SlurmSource
  }
  const url = optional(input.url)
  if (url === null)
    return yield* refuse("source-unreadable", "slurmrestd needs its address: give --url http://HOST:PORT or --url unix:/PATH.")
  const tokenFile = optional(input.tokenFile)
  const address = url.startsWith("unix:") ? { socketPath: url.slice("unix:".length) } : { url }
  return { kind: "slurmrestd", options: { address, user: input.user, ...(tokenFile === null ? {} : { tokenFile }) } } satisfies SlurmSource
})

const readText = (file: string) =>
  Effect.tryPromise({
    try: () => readFile(file, "utf8"),
    catch: (cause) =>
      refuse("source-unreadable", `${file}: cannot be read (${(cause as NodeJS.ErrnoException).code}). Name a file that you may read.`),
  })

export const reconcileCommand = Command.make(
  "reconcile",
  {
    sreport: Argument.String("sreport").pipe(
      Argument.withDescription("Output of: TZ=UTC sreport -P -t Seconds -T ALL cluster AccountUtilizationByUser start=... end=..."),
    ),
    cluster: Flag.String("cluster").pipe(Flag.withDescription("Cluster to compare; the site's first when absent"), Flag.optional),
    dump: Flag.String("dump").pipe(
      Flag.withDescription("Dump of slurmdbd's database: explains reservations and suspension"),
      Flag.withMetavar("FILE"),
      Flag.optional,
    ),
  },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site }) {
        const dumpFile = optional(input.dump)
        const cluster = optional(input.cluster) ?? (site.clusters[0] as string)
        const { window, reconciliation } = yield* reconcileWithSlurm(site.tenant, cluster, {
          sreport: yield* readText(input.sreport),
          dump: dumpFile === null ? null : yield* readText(dumpFile),
        })
        yield* print({ window, ...reconciliation }, reconcileText(window, reconciliation))
        if (reconciliation.unexplainedCount > 0) {
          return yield* refuse(
            "does-not-tie",
            `${reconciliation.unexplainedCount} numbers differ from Slurm's report without a known cause: give --dump, or ingest the window again.`,
          )
        }
      }),
    ),
).pipe(Command.withDescription("Compare our seconds with Slurm's own report; every difference with its cause"))
