import { hostContract } from "@hpc-billing/service/testing"
import { afterAll, beforeAll, describe, test, vi } from "vitest"
import { type ContractBackend, contractBackend } from "../test/contractBackend.ts"

vi.setConfig({ hookTimeout: 300_000 })

describe("on a host with SQLite, whose books are in an embedded database: the host contract", () => {
  let host: ContractBackend
  beforeAll(async () => {
    host = await contractBackend({ database: { client: "better-sqlite3", connection: ":memory:" } })
  })
  afterAll(() => host.close())
  for (const { name, run } of hostContract) test(name, () => run(host))
})
