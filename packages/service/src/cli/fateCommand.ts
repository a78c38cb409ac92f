import { Effect, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { countFates } from "../run/fate/countFates.ts"
import { fateKinds } from "../run/fate/Fate.ts"
import { fatesOfMonth } from "../run/fate/fatesOfMonth.ts"
import { pageOfFates } from "../run/fate/pageOfFates.ts"
import { nameOf, sayFate } from "../run/fate/sayFate.ts"
import { pageRowsMaximum } from "../store/index.ts"
import { month, optional, print, withSite } from "./CliContext.ts"
import { fateText } from "./text/fateText.ts"

const narrowed = (name: string, what: string) => Flag.String(name).pipe(Flag.withDescription(what), Flag.optional)

const Limit = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: pageRowsMaximum }))

export const fateCommand = Command.make(
  "fate",
  {
    month,
    kind: Flag.Literals("kind", fateKinds).pipe(Flag.withDescription("Only this fate"), Flag.optional),
    breaches: Flag.Boolean("breaches").pipe(
      Flag.withDescription("Only what is not billed exactly once, as it is rated, and should be by now"),
      Flag.withDefault(false),
    ),
    cluster: narrowed("cluster", "Only of this cluster or service"),
    account: narrowed("account", "Only of this account"),
    user: narrowed("user", "Only of this user"),
    job: narrowed("job", "Only this job, as Slurm shows its id"),
    limit: Flag.Int("limit").pipe(Flag.withDescription("Rows a page"), Flag.withSchema(Limit), Flag.withDefault(50)),
    cursor: narrowed("cursor", "The page that the one before names at its end"),
  },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site: { tenant } }) {
        const filter = {
          kind: optional(input.kind),
          cluster: optional(input.cluster),
          account: optional(input.account),
          user: optional(input.user),
          jobId: optional(input.job),
          breaches: input.breaches,
        }
        const { fates, ...of } = yield* fatesOfMonth(tenant, input.month)
        const counts = countFates(fates)
        const { rows, next } = yield* pageOfFates(tenant, fates, filter, { cursor: optional(input.cursor), limit: input.limit })
        const told = rows.map((fate) => ({ ...fate, name: nameOf(fate), text: sayFate(of.month, fate).text }))
        yield* print({ ...of, counts, rows: told, next }, fateText(of, counts, rows, next))
      }),
    ),
).pipe(Command.withDescription("What became of every job and reading of a month: billed, zero, unmapped, provisional, unbilled or held"))
