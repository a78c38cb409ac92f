import { hostContract, postgresBinaries, type TestingPostgres, testingPostgres } from "@hpc-billing/service/testing"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { type ContractBackend, contractBackend } from "../test/contractBackend.ts"

vi.setConfig({ hookTimeout: 300_000 })

const scope = Scope.makeUnsafe()
let server: TestingPostgres

/** The connection as a host configures it, by parts and with a password. */
const connection = (database?: string) => {
  const { hostname, port, username, password } = new URL(server.url)
  return { host: hostname, port: Number(port), user: username, password: decodeURIComponent(password), ...(database ? { database } : {}) }
}

const [binaries] = postgresBinaries()

describe.runIf(binaries !== undefined)("on a host with PostgreSQL", () => {
  beforeAll(async () => {
    server = await Effect.runPromise(Scope.provide(testingPostgres(binaries as string), scope))
  })
  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

  describe("that divides by schema: the host contract", () => {
    let host: ContractBackend
    beforeAll(async () => {
      await server.createDatabase("by_schema")
      host = await contractBackend({ database: { client: "pg", connection: connection("by_schema"), pluginDivisionMode: "schema" } })
    })
    afterAll(() => host.close())
    for (const { name, run } of hostContract) test(name, () => run(host))

    test("its tables lie in the plugin's schema alone", async () => {
      const tables = await server.execute("by_schema", "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename = 'audit_record'")
      expect(tables).toEqual([{ schemaname: "hpc-billing" }])
    })
  })
})
