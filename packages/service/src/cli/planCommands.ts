import { readFile, writeFile } from "node:fs/promises"
import {
  type Decimal,
  formatDecimal,
  normaliseDecimal,
  parseDecimal,
  planMarkdown,
  readReadings,
  readSbatch,
  rescaleExact,
} from "@hpc-billing/core"
import { Clock, Effect, Result } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { loadBooks } from "../run/Books.ts"
import { estimatePlanned } from "../run/estimatePlanned.ts"
import { planRates } from "../run/planRates.ts"
import { ingestReadings } from "../run/Readings.ts"
import { refuse } from "../run/RunError.ts"
import { readRateBook } from "../site/readBooks.ts"
import { SiteError } from "../site/SiteError.ts"
import { dryRun, optional, print, withSite } from "./CliContext.ts"

const readText = (file: string) =>
  Effect.tryPromise({
    try: () => readFile(file, "utf8"),
    catch: (cause) =>
      new SiteError({ reason: "unreadable", problems: [`${file}: cannot be read (${(cause as NodeJS.ErrnoException).code}).`] }),
  })

const figure = (value: Decimal): string => formatDecimal(normaliseDecimal(value))

export const planCommand = Command.make(
  "plan",
  {
    candidate: Argument.String("candidate").pipe(Argument.withDescription("Rate book that is considered")),
    from: Flag.String("from").pipe(Flag.withDescription("First past month"), Flag.withMetavar("YYYY-MM")),
    to: Flag.String("to").pipe(Flag.withDescription("Last past month"), Flag.withMetavar("YYYY-MM")),
    before: Flag.Boolean("before").pipe(Flag.withDescription("Compare the use with as many months before"), Flag.withDefault(false)),
    protect: Flag.String("protect").pipe(
      Flag.withDescription("No payer of the first tier may pay more than it would as one of the others"),
      Flag.withMetavar("TIER:A,B"),
      Flag.optional,
    ),
    cost: Flag.String("cost").pipe(Flag.withDescription("What the months cost to provide"), Flag.withMetavar("AMOUNT"), Flag.optional),
    recover: Flag.String("recover").pipe(
      Flag.withDescription("Least and most percent of the cost that may be recovered"),
      Flag.withMetavar("90-110"),
      Flag.withDefault("0-100"),
    ),
    markdown: Flag.String("markdown").pipe(
      Flag.withDescription("File for the plan as Markdown, for a pull request"),
      Flag.withMetavar("FILE"),
      Flag.optional,
    ),
  },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site }) {
        const candidate = yield* readRateBook(input.candidate)
        const protect = optional(input.protect)?.split(":")
        const cost = optional(input.cost)
        const costAmount = cost === null ? null : parseDecimal(cost)
        const shares = /^(\d{1,4})-(\d{1,4})$/.exec(input.recover)
        if ((cost !== null && costAmount === null) || shares === null || (protect !== undefined && protect.length !== 2)) {
          return yield* refuse(
            "publish-refused",
            "Write --cost as an amount (250000.00), --recover as 90-110, --protect as MU:Gov,Private.",
          )
        }
        const { months, plan } = yield* planRates(
          site.tenant,
          candidate,
          { from: input.from, to: input.to, withBefore: input.before },
          {
            protectedTiers: protect === undefined ? [] : [{ tier: protect[0] as string, notAbove: (protect[1] as string).split(",") }],
            recovery:
              costAmount === null
                ? null
                : {
                    costMinor: rescaleExact(costAmount, candidate.currency.exponent).units,
                    leastPercent: BigInt(shares[1] as string),
                    mostPercent: BigInt(shares[2] as string),
                  },
          },
        )
        const text = planMarkdown(plan)
        const file = optional(input.markdown)
        if (file !== null) yield* Effect.promise(() => writeFile(file, text))
        yield* print({ months, ...plan }, text)
        if (plan.breaches.length > 0) return yield* refuse("publish-refused", plan.breaches.map(({ message }) => message).join("\n"))
      }),
    ),
).pipe(Command.withDescription("Re-rate real past months under a candidate rate book; fails when a check is breached"))

export const estimateCommand = Command.make(
  "estimate",
  {
    command: Argument.String("command").pipe(
      Argument.withDescription('sbatch command line, such as "sbatch -A chem -n 8 -t 2:00:00 run.sh"'),
    ),
    script: Flag.String("script").pipe(
      Flag.withDescription("Script whose #SBATCH lines are read too"),
      Flag.withMetavar("FILE"),
      Flag.optional,
    ),
    user: Flag.String("user").pipe(Flag.withDescription("Who would submit it")),
    account: Flag.String("account").pipe(
      Flag.withDescription("Account where the command names none; without one only prices that hold for every tier are known"),
      Flag.withDefault(""),
    ),
    partition: Flag.String("partition").pipe(Flag.withDescription("Partition where the command names none"), Flag.withDefault("")),
  },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site }) {
        const file = optional(input.script)
        const planned = readSbatch(input.command, file === null ? "" : yield* readText(file), {
          partition: input.partition,
          qos: "normal",
          account: input.account,
          memMebibytesPerCpu: 1_024,
          seconds: 3_600,
        })
        if (Result.isFailure(planned)) return yield* refuse("source-unreadable", planned.failure.map(({ message }) => message).join("\n"))
        const books = yield* loadBooks(site.tenant)
        const startSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
        const who = { cluster: site.clusters[0] as string, user: input.user, startSeconds }
        const estimated = estimatePlanned(planned.success, who, books)
        if (Result.isFailure(estimated)) return yield* refuse("not-ready", estimated.failure)
        const estimate = estimated.success
        const lines = estimate.lines.map(
          ({ sku, quantity, unit, unitPrice, amount }) =>
            `${sku}: ${figure(quantity)} ${unit} x ${figure(unitPrice)} = ${figure(amount)} ${estimate.currency}`,
        )
        yield* print(
          { perTask: formatDecimal(estimate.perTask), total: formatDecimal(estimate.total), currency: estimate.currency },
          [...lines, `At most ${formatDecimal(estimate.total)} ${estimate.currency} before tax, if it runs to its time limit.`].join("\n"),
        )
      }),
    ),
).pipe(Command.withDescription("Price a planned job from its sbatch command line, before it is submitted"))

export const readingsCommand = Command.make(
  "readings",
  {
    file: Argument.String("file").pipe(
      Argument.withDescription("CSV with service, id, account, user, resource, quantity, unit, start, end, description"),
    ),
    dryRun,
  },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site, actor }) {
        const readings = readReadings(yield* readText(input.file), site.zone)
        if (Result.isFailure(readings)) {
          return yield* new SiteError({ reason: "invalid", problems: readings.failure.map(({ message }) => `${input.file}: ${message}`) })
        }
        const counts = yield* ingestReadings(site.tenant, readings.success, actor, input)
        yield* print(
          counts,
          `${counts.read} readings read: ${counts.accepted} accepted, ${counts.replaced} replaced, ${counts.known} already known`,
        )
      }),
    ),
).pipe(Command.withDescription("Read usage that is not a job (storage, licences, consulting) from CSV"))
