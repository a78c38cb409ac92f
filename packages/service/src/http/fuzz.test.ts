import fc from "fast-check"
import { afterAll, beforeAll, expect, test } from "vitest"
import { openApiDocument } from "../api/openApi.ts"
import { roles } from "../api/permissions.ts"
import { type SentenceCode, sentences } from "../api/sentences.ts"
import { contractMonth, contractTenant } from "../testing/contractSite.ts"
import { type ServedContract, serveContract } from "../testing/serveContract.ts"

let service: ServedContract
let url: string

beforeAll(async () => {
  service = await serveContract()
  url = service.url
})

afterAll(() => service.close())

interface Parameter {
  readonly name: string
  readonly in: "path" | "query" | "header"
}

interface Operation {
  readonly method: string
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly bodyFields: readonly string[]
}

interface Described {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly properties?: object; readonly $ref?: string } }>>
  }
}

const document = openApiDocument() as unknown as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
}

const operations: readonly Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
    method: method.toUpperCase(),
    path,
    parameters,
    bodyFields: Object.keys(requestBody?.content["application/json"]?.schema.properties ?? {}),
  })),
)

/** Texts that real requests carry, texts that break what reads them carelessly, and any other text. */
const text = fc.oneof(
  fc.constantFrom(
    contractMonth,
    "2026-09",
    "9999-12",
    "0000-01",
    "science",
    "composites",
    "physics",
    "alice",
    "bob",
    "ci",
    "MU",
    "COMPLETED",
    "user",
  ),
  fc.constantFrom("contract/2026-10/science/1", "1", "0", "-1", "200", "9007199254740993", "1e3", "0.01", "99999999999999.999999", "NaN"),
  fc.constantFrom(
    "",
    " ",
    "'",
    "' OR 1=1 --",
    "%",
    "%00",
    "\u0000",
    "..",
    "../../etc/passwd",
    "๑๒๓",
    "👩‍🔬",
    "\ud800",
    "null",
    "__proto__",
    "constructor",
    "{}",
    "[]",
    "bnVsbA",
    "0.bnVsbA",
    "W10",
    "0.WyIxIiwiMSJd",
    "999.x",
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 300 }),
)

const rateBookText = fc.constantFrom(
  "format: 1",
  '{"format":1,"cards":[]}',
  "a: [",
  "&a [*a, *a]",
  "- - - -",
  "!!js/function x",
  "a: &x {b: *x}",
)
const bodyValue = fc.oneof(text, rateBookText, fc.jsonValue({ maxDepth: 2 }), fc.record({ cpu: text }), fc.double(), fc.constant(undefined))

const encoded = (value: string): string => encodeURIComponent(value.toWellFormed())

const requestOf = (operation: Operation) =>
  fc.record({
    values: fc.tuple(...operation.parameters.map(() => fc.option(text, { nil: undefined, freq: 5 }))),
    role: fc.constantFrom(...roles, "nobody"),
    tenant: fc.constantFrom(contractTenant, contractTenant, contractTenant, "other"),
    body: fc.oneof(
      {
        arbitrary: fc
          .record(Object.fromEntries(operation.bodyFields.map((field) => [field, bodyValue])))
          .map((value) => JSON.stringify(value)),
        weight: 4,
      },
      { arbitrary: fc.json({ maxDepth: 3 }), weight: 1 },
      { arbitrary: fc.string({ unit: "binary", maxLength: 60 }), weight: 1 },
    ),
    contentType: fc.constantFrom(
      "application/json",
      "application/json",
      "application/json",
      "text/plain",
      "multipart/form-data",
      "application/json; charset=x",
    ),
  })

type Generated = ReturnType<typeof requestOf> extends fc.Arbitrary<infer Value> ? Value : never

const send = async (operation: Operation, { values, role, tenant, body, contentType }: Generated): Promise<Response> => {
  let { path } = operation
  const query = new URLSearchParams()
  const headers: Record<string, string> = { "x-role": role, "content-type": contentType }
  operation.parameters.forEach((parameter, index) => {
    const value = values[index]
    if (parameter.in === "path") {
      const given = parameter.name === "tenant" ? tenant : value === undefined || value === "" || /^\.+$/.test(value) ? "x" : value
      path = path.replace(`{${parameter.name}}`, encoded(given))
    } else if (value === undefined) return
    else if (parameter.in === "query") query.set(parameter.name, value)
    else headers[parameter.name] = value.replaceAll(/[^\x21-\x7e]/g, "x")
  })
  return fetch(`${url}${path}?${query}`, { method: operation.method, headers, ...(operation.method === "POST" ? { body } : {}) })
}

const runsOfEach = 40

for (const operation of operations) {
  test(`${operation.method} ${operation.path} never fails, and tells nothing to who may not ask`, async () => {
    await fc.assert(
      fc.asyncProperty(requestOf(operation), async (request) => {
        const response = await send(operation, request)
        const answer = await response.text()
        expect(response.status, answer.slice(0, 500)).toBeLessThan(500)
        if (response.status >= 400) {
          expect(response.headers.get("content-type")).toBe("application/problem+json")
          const problem: { readonly code: SentenceCode } = JSON.parse(answer)
          expect(sentences[problem.code], answer).toBeDefined()
          expect(problem).toMatchObject({
            status: response.status,
            requestId: expect.any(String),
            type: expect.stringMatching(/^\/problems\//),
          })
        }
        const isOpen = !operation.path.startsWith("/v1")
        if (!isOpen && request.role === "nobody") expect(response.status).toBe(401)
        if (operation.path.includes("{tenant}") && request.tenant === "other") expect([401, 404]).toContain(response.status)
        expect(answer).not.toMatch(/node_modules|\bat [\w.]+ \(|SELECT |\.ts:\d/)
      }),
      { numRuns: runsOfEach },
    )
  })
}

test("nothing failed behind an answer", () => {
  expect(service.log.filter(({ kind }) => kind === "event")).toEqual([])
})
