import { readdir } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import {
  auditChain,
  BillingStore,
  checkChainKeys,
  type LogRecord,
  nodeCryptography,
  openStore,
  originOf,
  readTenantKeys,
  type StoreLocation,
  type TenantKeys,
} from "@hpc-billing/service"
import { Effect, Exit, Scope } from "effect"
import { HostError } from "./HostError.ts"
import { makeHostHandler } from "./makeHostHandler.ts"
import { makeFirstUsers, readUsers, writeUsers } from "./Users.ts"

export interface StartOptions {
  readonly location: StoreLocation
  readonly keysFolder: string
  readonly usersFile: string
  readonly address: string
  readonly port: number
  readonly isSecure: boolean
  readonly metricsToken?: string
  readonly print: (line: string) => void
  readonly log: (record: LogRecord) => void
}

export interface RunningHost {
  readonly url: string
  readonly close: () => Promise<void>
}

const readKeys = async (folder: string): Promise<ReadonlyMap<string, TenantKeys>> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const tenants = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  if (tenants.length === 0) {
    throw new HostError(`${folder}: no keys of any tenant. Name the folder with --keys, or make keys with: hpc-billing keys create`)
  }
  return new Map(
    await Promise.all(tenants.map(async (tenant) => [tenant, await Effect.runPromise(readTenantKeys(folder, tenant))] as const)),
  )
}

const listen = (server: Server, port: number, address: string): Promise<number> =>
  new Promise((done, failed) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === "EADDRINUSE"
          ? `Port ${port} of ${address} is busy: stop what listens there, or choose another with --port.`
          : `Port ${port} of ${address} cannot be opened (${cause.code}): choose another with --port.`
      failed(new HostError(why))
    })
    server.listen(port, address, () => done((server.address() as AddressInfo).port))
  })

/** Opens store, keys and users, and serves; whatever is missing is a sentence. */
export const startHost = async (options: StartOptions): Promise<RunningHost> => {
  const { print } = options
  const tenants = await readKeys(options.keysFolder)
  const chain = auditChain(nodeCryptography, (tenant) => ({ origin: originOf(tenant), keys: (tenants.get(tenant) as TenantKeys).audit }))
  const scope = Scope.makeUnsafe()
  const closeStore = (): Promise<void> => Effect.runPromise(Scope.close(scope, Exit.void))
  try {
    const store = await Effect.runPromise(Effect.provideService(openStore({ location: options.location, chain }), Scope.Scope, scope))
    for (const [tenant, keys] of tenants) {
      await Effect.runPromise(Effect.provideService(checkChainKeys(tenant, keys), BillingStore, store))
    }
    let users = await readUsers(options.usersFile)
    if (users === null) {
      const people = makeFirstUsers()
      users = await writeUsers(options.usersFile, people)
      print(`Users made in ${options.usersFile}. Their passwords are shown this once:`)
      for (const { name, password } of people) print(`  ${name.padEnd(14)} ${password}`)
    }
    const handler = await makeHostHandler({ ...options, store, tenants, users })
    const server = createServer(handler.handle)
    server.headersTimeout = 10_000
    server.requestTimeout = 60_000
    const port = await listen(server, options.port, options.address).catch(async (cause: unknown) => {
      await handler.close()
      throw cause
    })
    return {
      url: `http://${options.address}:${port}`,
      close: async () => {
        const closed = new Promise((done) => server.close(done))
        server.closeAllConnections()
        await closed
        await handler.close()
        await closeStore()
      },
    }
  } catch (cause) {
    await closeStore()
    throw cause
  }
}
