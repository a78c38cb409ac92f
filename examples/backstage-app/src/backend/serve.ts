import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { StoreError } from "@hpc-billing/service"
import { buildApp } from "./buildApp.ts"
import { people, samplePeople } from "./sampleSignIn.ts"
import { servePortal } from "./servePortal.ts"

const root = fileURLToPath(new URL("../../../../", import.meta.url))

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "7007" },
    data: { type: "string", default: join(root, "data") },
    keys: { type: "string", default: join(root, "keys") },
    app: { type: "string" },
  },
})

const serve = async (): Promise<void> => {
  const print = (line: string): void => console.log(line)
  const appFolder = values.app ?? (await buildApp(print))
  // of a sample only what went wrong; LOG_LEVEL=info tells all
  process.env.LOG_LEVEL ??= "warn"
  const { DATABASE_URL } = process.env
  const books = DATABASE_URL ? { databaseUrl: DATABASE_URL } : { dataFolder: values.data }
  const { url } = await servePortal({ books, keysFolder: values.keys, port: Number(values.port), appFolder })
  print(`\nThe portal is open at ${url} and signs in as one of these:`)
  for (const person of people) print(`  ${person.padEnd(14)} ${samplePeople[person].displayName}`)
  print("Press Ctrl+C to stop it.")
}

await serve().catch((cause: Error) => {
  console.error(cause instanceof StoreError ? cause.operatorMessage : cause.message)
  process.exit(1)
})
