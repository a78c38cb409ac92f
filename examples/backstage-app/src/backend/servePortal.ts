import { createServer } from "node:net"
import { setTimeout } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { createBackend } from "@backstage/backend-defaults"
import { coreServices, createServiceFactory } from "@backstage/backend-plugin-api"
import { ConfigSources, FileConfigSource, StaticConfigSource } from "@backstage/config-loader"
import auth from "@backstage/plugin-auth-backend"
import catalog from "@backstage/plugin-catalog-backend"
import permission from "@backstage/plugin-permission-backend"
import allowAllPolicy from "@backstage/plugin-permission-backend-module-allow-all-policy"
import hpcBilling from "@hpc-billing/backstage-backend"
import { browserApp } from "./browserApp.ts"
import { type Person, people, sampleSignIn } from "./sampleSignIn.ts"

export interface PortalOptions {
  /** Where the books are: the folder of an embedded database, or a PostgreSQL server. */
  readonly books: { readonly dataFolder: string } | { readonly databaseUrl: string }
  readonly keysFolder: string
  /** Of 127.0.0.1. */
  readonly port: number
  /** Folder with the built browser app. */
  readonly appFolder: string
}

export interface RunningPortal {
  readonly url: string
  readonly close: () => Promise<void>
}

const inExample = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

const host = "127.0.0.1"

/** The sample portal on loopback: a lean Backstage backend with the catalog, five sign-ins and the books of the folder. */
export const servePortal = async ({ books, keysFolder, port, appFolder }: PortalOptions): Promise<RunningPortal> => {
  const url = `http://${host}:${port}`
  const rootConfig = createServiceFactory({
    service: coreServices.rootConfig,
    deps: {},
    factory: () =>
      ConfigSources.toConfig(
        ConfigSources.merge([
          FileConfigSource.create({ path: inExample("app-config.yaml"), watch: false }),
          StaticConfigSource.create({
            data: {
              app: { baseUrl: url },
              backend: {
                baseUrl: url,
                listen: { host, port },
                ...("databaseUrl" in books
                  ? { database: { plugin: { "hpc-billing": { client: "pg", connection: books.databaseUrl, ensureExists: false } } } }
                  : {}),
              },
              catalog: {
                locations: ["people", "projects"].map((name) => ({ type: "file", target: inExample(`catalog/${name}.yaml`) })),
              },
              hpcBilling: { keysFolder, ...("dataFolder" in books ? { dataFolder: books.dataFolder } : {}) },
            },
          }),
        ]),
      ),
  })
  const backend = createBackend()
  const features = [auth.default, sampleSignIn, catalog.default, permission.default, allowAllPolicy.default, hpcBilling]
  for (const feature of [rootConfig, ...features, browserApp(appFolder)]) backend.add(feature)
  await refuseBusyPort(port)
  await backend.start()
  for (const person of people) await waitForSignIn(url, person)
  return { url, close: () => backend.stop() }
}

const refuseBusyPort = (port: number): Promise<void> =>
  new Promise((done, failed) => {
    const probe = createServer()
    probe.once("error", () => failed(new Error(`Port ${port} of ${host} is busy: stop what listens there, or choose another with --port.`)))
    probe.listen(port, host, () => probe.close(() => done()))
  })

const signInSecondsMaximum = 60

/** The catalog reads its people in the background: who came before it had read them could not sign in. */
const waitForSignIn = async (url: string, person: Person): Promise<void> => {
  for (let second = 0; second < signInSecondsMaximum; second += 0.25) {
    const { ok } = await fetch(`${url}/api/auth/sample/refresh`, { headers: { "x-hpc-billing-person": person } })
    if (ok) return
    await setTimeout(250)
  }
  throw new Error(`The sample catalog has nobody as ${person} after ${signInSecondsMaximum} seconds: see what it logged above.`)
}
