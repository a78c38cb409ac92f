import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"

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
    port: { type: "string" },
    late: { type: "boolean", default: false },
    jobs: { type: "string" },
    out: { type: "string" },
    data: { type: "string" },
    keys: { type: "string" },
  },
})

const run = async (file: string, parameters: readonly string[]): Promise<number> => {
  const child = spawn(process.execPath, [...process.execArgv, join(root, file), ...parameters], { stdio: "inherit" })
  // the child gets a terminal's Ctrl+C too, and ends by itself
  const stop = (signal: NodeJS.Signals): boolean => child.kill(signal)
  process.on("SIGINT", () => {})
  process.on("SIGTERM", stop)
  const [code] = await once(child, "exit")
  return typeof code === "number" ? code : 1
}

const flags = (given: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]))

const { jobs, out, data, keys, port } = values
const switches = (["late", "help"] as const).flatMap((name) => (values[name] ? [`--${name}`] : []))

// each in a process of its own: the month end's database is closed, and its memory gone, before the portal opens it
if (values.help) console.log(help)
process.exitCode = await run("examples/month-end/src/main.ts", [...flags({ jobs, out, data, keys }), ...switches])
if (process.exitCode === 0 && !values.once && !values.help) {
  process.exitCode = await run("examples/backstage-app/src/backend/serve.ts", flags({ data, keys, port }))
}
