import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { StoreError } from "@hpc-billing/service"
import { Redacted } from "effect"
import { startHost } from "./startHost.ts"

const help = `pnpm --filter @hpc-billing/example-node-host start [--data DIR] [--keys DIR] [--users FILE] [--port N] [--secure]

Serves the books of one or more tenants over HTTP with a sign-in of its own. "pnpm start" at the root makes books to look at.

  --data DIR     folder of the embedded database (DATABASE_URL set: PostgreSQL instead)
  --keys DIR     folder of the tenants' keys; each folder in it is a tenant
  --users FILE   people and their hashed passwords, made on the first run
  --port N       port on 127.0.0.1, 7008 when absent
  --secure       behind https: cookies are sent over https alone`

const root = fileURLToPath(new URL("../../../", import.meta.url))
const { values } = parseArgs({
  options: {
    help: { type: "boolean", short: "h" },
    data: { type: "string", default: join(root, "data") },
    keys: { type: "string", default: join(root, "keys") },
    users: { type: "string", default: join(root, "keys", "users.json") },
    port: { type: "string", default: "7008" },
    secure: { type: "boolean", default: false },
  },
})

const start = async (): Promise<void> => {
  const url = process.env.DATABASE_URL
  const token = process.env.METRICS_TOKEN
  const host = await startHost({
    location: url ? { kind: "postgres", url: Redacted.make(url) } : { kind: "folder", folder: values.data },
    keysFolder: values.keys,
    usersFile: values.users,
    address: "127.0.0.1",
    port: Number(values.port),
    isSecure: values.secure,
    ...(token === undefined ? {} : { metricsToken: token }),
    print: (line) => console.log(line),
    log: (record) => console.error(JSON.stringify(record)),
  })
  const stop = (): void => void host.close().then(() => process.exit(0))
  process.once("SIGINT", stop)
  process.once("SIGTERM", stop)
  console.log(`Open ${host.url}/ and sign in; the API is described at ${host.url}/docs`)
}

if (values.help) console.log(help)
else {
  await start().catch((cause: Error) => {
    console.error(cause instanceof StoreError ? cause.operatorMessage : cause.message)
    process.exitCode = 1
  })
}
