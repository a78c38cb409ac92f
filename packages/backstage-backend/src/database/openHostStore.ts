import type { DatabaseService, LoggerService } from "@backstage/backend-plugin-api"
import {
  auditChain,
  BillingStore,
  checkChainKeys,
  nodeCryptography,
  openStore,
  originOf,
  readTenantKeys,
  type StoreFunctions,
  type StoreLocation,
  type TenantKeys,
} from "@hpc-billing/service"
import { Effect, Exit, Scope } from "effect"
import { StartProblem } from "../StartProblem.ts"
import type { Settings } from "../settings.ts"
import { type Knex, knexPool } from "./knexPool.ts"

export interface HostStore {
  readonly store: StoreFunctions
  readonly tenants: ReadonlyMap<string, TenantKeys>
  readonly close: () => Promise<void>
}

const clientOf = async (database: DatabaseService): Promise<Knex> => {
  try {
    return await database.getClient()
  } catch (cause) {
    throw new StartProblem(
      `The host's database cannot be opened (${(cause as Error).message}): check backend.database in the configuration, and that the server runs.`,
      { cause },
    )
  }
}

const locationOf = (knex: Knex, { dataFolder }: Settings, logger: LoggerService): StoreLocation => {
  const { client } = knex.client.config
  if (client === "pg") return { kind: "pool", pool: knexPool(knex) }
  if (dataFolder === null) {
    throw new StartProblem(
      `The host keeps its data in ${client}, where no books can be kept: set backend.database.client to pg, or hpcBilling.dataFolder to a folder for an embedded database.`,
    )
  }
  logger.warn(
    `The host keeps its data in ${client}: the books are in an embedded database in ${dataFolder}, for one process on one machine. Set backend.database.client to pg for more.`,
  )
  return { kind: "folder", folder: dataFolder }
}

/** Runs an operation of the service whose failures are sentences. */
const start = async <A>(effect: Effect.Effect<A, { readonly message: string }>): Promise<A> => {
  const result = await Effect.runPromise(Effect.result(effect))
  if (result._tag === "Success") return result.success
  throw new StartProblem(result.failure.message, { cause: result.failure })
}

/** Opens the books where the host keeps its data, and refuses keys that are not those of the audit chains there. */
export const openHostStore = async (database: DatabaseService, settings: Settings, logger: LoggerService): Promise<HostStore> => {
  const tenants = new Map<string, TenantKeys>()
  for (const tenant of settings.tenants.keys()) tenants.set(tenant, await start(readTenantKeys(settings.keysFolder, tenant)))
  const chain = auditChain(nodeCryptography, (tenant) => ({ origin: originOf(tenant), keys: (tenants.get(tenant) as TenantKeys).audit }))
  const location = locationOf(await clientOf(database), settings, logger)
  const scope = Scope.makeUnsafe()
  const close = (): Promise<void> => Effect.runPromise(Scope.close(scope, Exit.void))
  try {
    const store = await start(Effect.provideService(openStore({ location, chain }), Scope.Scope, scope))
    for (const [tenant, keys] of tenants) await start(Effect.provideService(checkChainKeys(tenant, keys), BillingStore, store))
    return { store, tenants, close }
  } catch (problem) {
    await close()
    throw problem
  }
}
