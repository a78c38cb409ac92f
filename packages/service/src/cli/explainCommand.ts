import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { explainJobInBooks } from "../run/explainJobInBooks.ts"
import { print, withSite } from "./CliContext.ts"

export const explainCommand = Command.make(
  "explain",
  {
    job: Argument.String("job").pipe(Argument.withDescription("Job id as Slurm shows it: 500005, 11_3 or 14+1")),
    language: Flag.Literals("language", ["en", "th"]).pipe(Flag.withDescription("Language of the text"), Flag.withDefault("en")),
  },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site }) {
        const explained = yield* explainJobInBooks(site.tenant, input.job)
        yield* print(explained, explained.map(({ text }) => text[input.language]).join("\n\n"))
      }),
    ),
).pipe(Command.withDescription("Say why a job costs what it costs"))
