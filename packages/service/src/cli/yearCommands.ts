import { Effect, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { closeYearBooks } from "../run/closeYearBooks.ts"
import { impairMonth } from "../run/impairMonth.ts"
import { done, dryRun, month, print, withSite } from "./CliContext.ts"

export const impairCommand = Command.make("impair", { month, dryRun }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site, actor }) {
      const postedCount = yield* impairMonth(site.tenant, input.month, actor, input)
      const text =
        postedCount === 0
          ? "The allowance for expected losses stands as it should."
          : `${postedCount} entries ${done(input, "posted", "would be posted")}.`
      yield* print({ month: input.month, postedCount }, text)
    }),
  ),
).pipe(Command.withDescription("Book expected losses by the age of what is owed at the end of a month"))

const MonthNumber = Schema.String.check(Schema.isPattern(/^(0[1-9]|1[0-2])$/, { expected: "a month such as 01 or 10" }))

export const closeYearCommand = Command.make(
  "close-year",
  {
    year: Flag.String("year").pipe(
      Flag.withDescription("The year in which it ends, such as 2026"),
      Flag.withMetavar("YYYY"),
      Flag.withSchema(Schema.String.check(Schema.isPattern(/^\d{4}$/, { expected: "a year such as 2026" }))),
    ),
    firstMonth: Flag.String("first-month").pipe(
      Flag.withDescription("Month in which the financial year begins"),
      Flag.withMetavar("MM"),
      Flag.withSchema(MonthNumber),
      Flag.withDefault("01"),
    ),
    dryRun,
  },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site, actor }) {
        const startYear = input.firstMonth === "01" ? Number(input.year) : Number(input.year) - 1
        const year = { name: input.year, firstMonth: `${String(startYear).padStart(4, "0")}-${input.firstMonth}` }
        const postedCount = yield* closeYearBooks(site.tenant, year, actor, input)
        const text =
          postedCount === 0
            ? `Nothing left to move for ${input.year}.`
            : `The result of ${input.year} ${done(input, "stands", "would stand")} in retained earnings.`
        yield* print({ year: input.year, postedCount }, text)
      }),
    ),
).pipe(Command.withDescription("Move the result of a year into retained earnings, before its last month is closed"))
