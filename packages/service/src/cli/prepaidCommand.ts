import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { actOnPrepaid, type PrepaidAct, showPrepaid } from "../run/prepaidCredit.ts"
import { prepaidHistory } from "../run/prepaidHistory.ts"
import { amountMinor, moneyOf } from "./amount.ts"
import { done, dryRun, print, withSite } from "./CliContext.ts"
import { table } from "./text/table.ts"

const project = Argument.String("project").pipe(Argument.withDescription("Project whose credit it is"))
const amount = Flag.String("amount").pipe(Flag.withDescription("Amount, such as 1500.00"), Flag.withMetavar("AMOUNT"))
const idFlag = Flag.String("id").pipe(
  Flag.withDescription("Name of the act, such as a bank reference or a job: the same again changes nothing"),
)

const act = (
  { project: projectId, ...options }: { readonly project: string; readonly dryRun: boolean },
  make: (
    tenant: string,
  ) => Effect.Effect<PrepaidAct, Effect.Error<ReturnType<typeof amountMinor>>, Effect.Services<ReturnType<typeof amountMinor>>>,
) =>
  withSite(
    Effect.fnUntraced(function* ({ site: { tenant }, actor }) {
      const balances = yield* actOnPrepaid(tenant, projectId, yield* make(tenant), actor, options)
      const available = yield* moneyOf(tenant, balances.availableMinor)
      yield* print(balances, `${projectId}: ${available} ${done(options, "available", "would be available")}`)
    }),
  )

const topUp = Command.make(
  "top-up",
  { project, amount, id: idFlag, payer: Flag.String("payer").pipe(Flag.withDescription("Who paid"), Flag.withMetavar("ID")), dryRun },
  (input) =>
    act(input, (tenant) =>
      Effect.map(amountMinor(tenant, input.amount), (minor) => ({
        kind: "top-up",
        id: input.id,
        amountMinor: minor,
        payerId: input.payer,
      })),
    ),
).pipe(Command.withDescription("Take money paid ahead, and book it"))

const hold = Command.make(
  "hold",
  {
    project,
    amount,
    id: idFlag,
    hours: Flag.Int("hours").pipe(Flag.withDescription("When it ends by itself"), Flag.withDefault(168)),
    dryRun,
  },
  (input) =>
    act(input, (tenant) =>
      Effect.map(amountMinor(tenant, input.amount), (minor) => ({
        kind: "hold",
        id: input.id,
        amountMinor: minor,
        forSeconds: input.hours * 3_600,
      })),
    ),
).pipe(Command.withDescription("Set an amount aside for a job; refused when the credit does not cover it"))

const release = Command.make("release", { project, id: idFlag, dryRun }, (input) =>
  act(input, () => Effect.succeed({ kind: "release", id: input.id })),
).pipe(Command.withDescription("End a hold and give back what is left of it"))

const show = Command.make("show", { project }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site: { tenant } }) {
      const { operations, ...standing } = yield* showPrepaid(tenant, input.project)
      const history = prepaidHistory(standing.project, standing.currency, operations)
      const changes = yield* Effect.forEach(history, ({ kind, reference, atSeconds, amountMinor }) =>
        Effect.map(moneyOf(tenant, amountMinor), (money) => [
          atSeconds === null ? "" : new Date(atSeconds * 1_000).toISOString().slice(0, 16).replace("T", " "),
          kind,
          money,
          reference,
        ]),
      )
      const [settled, held, available] = [
        yield* moneyOf(tenant, standing.settledMinor),
        yield* moneyOf(tenant, standing.inFlightMinor),
        yield* moneyOf(tenant, standing.availableMinor),
      ]
      const sums = `${input.project} of ${standing.payerId}: ${settled} paid ahead, ${held} held, ${available} available`
      yield* print({ ...standing, history }, `${sums}\n${table(changes, [false, false, true, false])}`)
    }),
  ),
).pipe(Command.withDescription("What a project has paid ahead, what is held of it, and every change, in UTC"))

export const prepaidCommand = Command.make("prepaid").pipe(
  Command.withSubcommands([topUp, hold, release, show]),
  Command.withDescription("Credit that projects pay for ahead"),
)
