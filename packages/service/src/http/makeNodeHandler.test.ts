import { afterAll, beforeAll, expect, test } from "vitest"
import type { ContractHost } from "../testing/contractClients.ts"
import { hostContract } from "../testing/hostContract.ts"
import { type ServedContract, serveContract } from "../testing/serveContract.ts"

let service: ServedContract
let host: ContractHost

beforeAll(async () => {
  service = await serveContract()
  host = { baseUrl: service.url, authenticate: async (role) => ({ "x-role": role }) }
})

afterAll(() => service.close())

for (const { name, run } of hostContract) test(name, () => run(host))

test("the log tells of every request who asked and how it ended, and of no failure", () => {
  const requests = service.log.filter(({ kind }) => kind === "request")
  const issues = requests.filter(({ route, actor }) => route === "receipts.issue" && actor === "fin")
  expect(issues.map(({ status }) => status)).toContain(200)
  expect(service.log.filter(({ kind }) => kind !== "request")).toEqual([])
})
