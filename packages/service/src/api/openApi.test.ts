import { HttpApi } from "effect/http-api"
import { expect, test } from "vitest"
import { Api } from "./Api.ts"
import { openApiDocument } from "./openApi.ts"
import { routes } from "./routes.ts"

test("the committed OpenAPI document is the one of the contract", async () => {
  // renew it with: vitest run packages/service/src/api/openApi.test.ts -u
  await expect(`${JSON.stringify(openApiDocument(), null, 2)}\n`).toMatchFileSnapshot("../../openapi.json")
})

test("the table of routes and the contract name the same endpoints, methods and paths", () => {
  const contract: string[] = []
  HttpApi.reflect(Api, {
    onGroup: () => {},
    onEndpoint: ({ group, endpoint }) => {
      contract.push(`${group.identifier}.${endpoint.identifier} ${endpoint.method} ${endpoint.path}`)
    },
  })
  const table = Object.entries(routes).flatMap(([group, endpoints]) =>
    Object.entries(endpoints).map(([name, { method, path }]) => `${group}.${name} ${method} ${path}`),
  )
  expect(contract.sort()).toEqual(table.sort())
})

test("every write asks for an idempotency key, and every refusal is a problem", () => {
  const paths = openApiDocument().paths as unknown as Record<
    string,
    Record<string, { parameters: { name: string }[]; responses: Record<string, { content?: object }> }>
  >
  const withoutKey: string[] = []
  const notProblems: string[] = []
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { parameters, responses }] of Object.entries(operations)) {
      if (method === "post" && !parameters.some(({ name }) => name === "idempotency-key")) withoutKey.push(path)
      for (const [status, { content = {} }] of Object.entries(responses)) {
        const isProblem = Object.keys(content).join() === "application/problem+json"
        if (Number(status) >= 400 && !isProblem) notProblems.push(`${method} ${path} ${status}`)
      }
    }
  }
  // these compute and write nothing
  expect(withoutKey).toEqual(["/v1/tenants/{tenant}/estimate", "/v1/tenants/{tenant}/rates/check", "/v1/tenants/{tenant}/rates/plan"])
  expect(notProblems).toEqual([])
})
