import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Effect, Exit, Scope } from "effect"
import { type Role, roles } from "../api/permissions.ts"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { type LogRecord, makeNodeHandler } from "../http/makeNodeHandler.ts"
import { originOf, type TenantKeys } from "../keys/TenantKeys.ts"
import { auditChain, BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import { contractPeople, contractTenant, seedContract } from "./contractSite.ts"
import { testingChainKeys } from "./testingChain.ts"

/** Known to everybody, and so for tests only. */
export const contractKeys: ReadonlyMap<string, TenantKeys> = new Map([
  [
    contractTenant,
    {
      audit: testingChainKeys,
      auditGenesisPublicKey: nodeCryptography.ed25519PublicKey(testingChainKeys.signingSeed),
      export: { signingSeed: new Uint8Array(32).fill(3), hmacKey: new Uint8Array(32).fill(4) },
    },
  ],
])

export const contractChain = auditChain(nodeCryptography, (tenant) => ({
  origin: originOf(tenant),
  keys: (contractKeys.get(tenant) as TenantKeys).audit,
}))

/** The contract's books and records in a store in memory, closed with the scope. */
export const openContractStore = async (scope: Scope.Scope): Promise<StoreFunctions> => {
  const opening = openStore({ location: { kind: "memory" }, chain: contractChain })
  const store = await Effect.runPromise(Effect.provideService(opening, Scope.Scope, scope))
  await Effect.runPromise(Effect.provideService(seedContract, BillingStore, store))
  return store
}

export interface ServedContract {
  readonly url: string
  readonly log: readonly LogRecord[]
  readonly close: () => Promise<void>
}

/** The service on a bare HTTP server of 127.0.0.1, where the header `x-role` says whose request it is. */
export const serveContract = async (): Promise<ServedContract> => {
  const scope = Scope.makeUnsafe()
  const log: LogRecord[] = []
  const handler = await makeNodeHandler({
    store: await openContractStore(scope),
    tenants: contractKeys,
    identify: async ({ headers }) => {
      const role = headers["x-role"]
      return roles.includes(role as Role) ? contractPeople[role as Role] : null
    },
    log: (record) => log.push(record),
  })
  const server = createServer(handler.handle)
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    close: async () => {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
      await handler.close()
      await Effect.runPromise(Scope.close(scope, Exit.void))
    },
  }
}
