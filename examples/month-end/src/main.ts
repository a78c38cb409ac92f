import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { Cause, Effect, Exit, Redacted } from "effect"
import { runMonthEnd } from "./runMonthEnd.ts"
import { ciSite, generatedSite, lateSite } from "./sources.ts"

const help = `pnpm start [--late] [--jobs N] [--data DIR] [--out DIR] [--keys DIR]

Runs the month end of two sample clusters: real Slurm records of one, generated jobs of the other. Records are ingested, priced,
billed, posted, closed, exported and verified. Run it again: nothing is charged twice.

  --late       then read a record that came after the close, and bill it as a correction in November
  --jobs N     generated jobs, 20000 when absent
  --data DIR   folder of the embedded database (DATABASE_URL set: PostgreSQL instead)
  --out DIR    folder of exports
  --keys DIR   folder of keys, made on the first run`

const root = fileURLToPath(new URL("../../../", import.meta.url))
const { values } = parseArgs({
  options: {
    help: { type: "boolean", short: "h" },
    late: { type: "boolean" },
    jobs: { type: "string", default: "20000" },
    data: { type: "string", default: join(root, "data") },
    out: { type: "string", default: join(root, "out") },
    keys: { type: "string", default: join(root, "keys") },
  },
})

const program = Effect.gen(function* () {
  const url = process.env.DATABASE_URL
  const location = url ? { kind: "postgres" as const, url: Redacted.make(url) } : { kind: "folder" as const, folder: values.data }
  if (location.kind === "folder") {
    console.log(`Embedded database in ${values.data}: one process, one machine. Set DATABASE_URL to use PostgreSQL.`)
  }
  const common = {
    location,
    keysFolder: values.keys,
    outFolder: values.out,
    print: (line: string) => console.log(line),
    onProgress: (label: string, done: number, of: number) => {
      if (process.stderr.isTTY) process.stderr.write(done === of ? "\r\u001B[K" : `\r${label} ${done} of ${of}`)
    },
  }
  yield* runMonthEnd({ ...common, sites: [ciSite, generatedSite(Number(values.jobs)), ...(values.late ? [lateSite] : [])] })
})

if (values.help) console.log(help)
else {
  const exit = await Effect.runPromiseExit(program)
  if (Exit.isFailure(exit)) {
    const error = Cause.findErrorOption(exit.cause)
    console.error(error._tag === "Some" ? error.value.message : Cause.pretty(exit.cause))
    process.exitCode = 1
  }
}
