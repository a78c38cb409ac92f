import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { roles } from "@hpc-billing/service/api"
import { buildApp } from "./buildApp.ts"
import { samplePeople } from "./sampleSignIn.ts"
import { servePortal } from "./servePortal.ts"

const help = `pnpm start [--once] [--port N] [what the month end knows: --late, --jobs N, --data DIR, --out DIR, --keys DIR]

Runs the month end of the sample clusters, then serves the portal on loopback with its books, until it is stopped.

  --once      end after the month end
  --port N    port on 127.0.0.1, 7007 when absent
`

const root = fileURLToPath(new URL("../../../../", import.meta.url))

const { values } = parseArgs({
  options: {
    help: { type: "boolean", short: "h", default: false },
    once: { type: "boolean", default: false },
    port: { type: "string", default: "7007" },
    late: { type: "boolean", default: false },
    jobs: { type: "string" },
    out: { type: "string" },
    data: { type: "string", default: join(root, "data") },
    keys: { type: "string", default: join(root, "keys") },
  },
})

/** In a process of its own: its memory is gone, and its database closed, before the portal opens it. */
const runMonthEnd = async (): Promise<number> => {
  const { late, jobs, out, data, keys, help } = values
  const flags = Object.entries({ jobs, out, data, keys }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]))
  const main = join(root, "examples/month-end/src/main.ts")
  const parameters = [...flags, ...(late ? ["--late"] : []), ...(help ? ["--help"] : [])]
  const child = spawn(process.execPath, [...process.execArgv, main, ...parameters], { stdio: "inherit" })
  const [code] = await once(child, "exit")
  return typeof code === "number" ? code : 1
}

const serve = async (): Promise<void> => {
  const print = (line: string): void => console.log(line)
  await buildApp(print)
  // what a host's operator reads; of a sample only what went wrong
  process.env.LOG_LEVEL ??= "warn"
  const { DATABASE_URL } = process.env
  const books = DATABASE_URL ? { databaseUrl: DATABASE_URL } : { dataFolder: values.data }
  const { url } = await servePortal({ books, keysFolder: values.keys, port: Number(values.port) })
  print(`\nThe portal is open at ${url} and signs in as one of these:`)
  for (const role of roles) print(`  ${role.padEnd(14)} ${samplePeople[role].displayName}`)
  print("Press Ctrl+C to stop it.")
}

if (values.help) console.log(help)
process.exitCode = await runMonthEnd()
if (process.exitCode === 0 && !values.once && !values.help) {
  await serve().catch((cause: Error) => {
    console.error(cause.message)
    process.exit(1)
  })
}
