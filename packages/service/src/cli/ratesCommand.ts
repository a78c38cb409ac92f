import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { publishBooks } from "../run/publishBooks.ts"
import { readPayerBook, readRateBook } from "../site/readBooks.ts"
import { dryRun, print, withSite } from "./CliContext.ts"

const check = Command.make(
  "check",
  { file: Argument.String("file").pipe(Argument.withDescription("Rate book in YAML or JSON")) },
  Effect.fn(function* ({ file }) {
    const book = yield* readRateBook(file)
    const counts = { cards: book.cards.length, tiers: book.tiers.length, overrides: book.overrides.length }
    yield* print(
      counts,
      `${file}: good (${counts.cards} cards, ${counts.tiers} tiers, ${counts.overrides} overrides, ${book.currency.code}, ${book.zone})`,
    )
  }),
).pipe(Command.withDescription("Check a rate book; every problem is named with its line"))

const publish = Command.make("publish", { dryRun }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site, actor, flags }) {
      const published = yield* publishBooks(
        site,
        yield* readRateBook(`${flags.site}/rates.yaml`),
        yield* readPayerBook(`${flags.site}/payers.yaml`),
        actor,
        input,
      )
      const verb = input.dryRun ? "would be published" : "published"
      yield* print(
        published,
        published.changed.length === 0 ? "Everything is in force already." : `${published.changed.join(", ")}: ${verb}.`,
      )
    }),
  ),
).pipe(Command.withDescription("Put site, rate book and payers in force as new versions"))

export const ratesCommand = Command.make("rates").pipe(
  Command.withSubcommands([check, publish]),
  Command.withDescription("Rate cards, tiers, overrides and payers"),
)
