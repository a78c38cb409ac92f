import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Role, roles } from "../api/permissions.ts"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { originOf, type TenantKeys } from "../keys/TenantKeys.ts"
import { auditChain, BillingStore, openStore } from "../store/index.ts"
import { contractPeople, contractTenant, seedContract } from "../testing/contractSite.ts"
import { type ContractHost, hostContract } from "../testing/hostContract.ts"
import { testingChainKeys } from "../testing/testingChain.ts"
import { type LogRecord, makeNodeHandler, type NodeHandler } from "./makeNodeHandler.ts"

const keys: TenantKeys = {
  audit: testingChainKeys,
  auditGenesisPublicKey: nodeCryptography.ed25519PublicKey(testingChainKeys.signingSeed),
  export: { signingSeed: new Uint8Array(32).fill(3), hmacKey: new Uint8Array(32).fill(4) },
}

const chain = auditChain(nodeCryptography, (tenant) => ({ origin: originOf(tenant), keys: keys.audit }))
const scope = Scope.makeUnsafe()
const records: LogRecord[] = []
let server: Server
let handler: NodeHandler
let host: ContractHost

beforeAll(async () => {
  const store = await Effect.runPromise(Effect.provideService(openStore({ location: { kind: "memory" }, chain }), Scope.Scope, scope))
  await Effect.runPromise(Effect.provideService(seedContract, BillingStore, store))
  handler = await makeNodeHandler({
    store,
    tenants: new Map([[contractTenant, keys]]),
    identify: async ({ headers }) => {
      const role = headers["x-role"]
      return roles.includes(role as Role) ? contractPeople[role as Role] : null
    },
    log: (record) => records.push(record),
  })
  server = createServer(handler.handle)
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  const { port } = server.address() as AddressInfo
  host = { baseUrl: `http://127.0.0.1:${port}`, authenticate: async (role) => ({ "x-role": role }) }
})

afterAll(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  await handler.close()
  await Effect.runPromise(Scope.close(scope, Exit.void))
})

for (const { name, run } of hostContract) test(name, () => run(host))

test("the log tells of every request who asked and how it ended, and of no failure", () => {
  const requests = records.filter(({ kind }) => kind === "request")
  const issues = requests.filter(({ route, actor }) => route === "receipts.issue" && actor === "fin")
  expect(issues.map(({ status }) => status)).toContain(200)
  expect(records.filter(({ kind }) => kind !== "request")).toEqual([])
})
