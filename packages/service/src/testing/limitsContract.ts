import { deepStrictEqual, ok, strictEqual } from "node:assert/strict"
import { type ContractHost, headersOf, key } from "./contractClients.ts"
import { contractMonth as month, contractTenant as tenant } from "./contractSite.ts"

const oversize: readonly (readonly [code: string, text: string])[] = [
  ["book-too-many-fields", Array.from({ length: 50_000 }, (_, index) => `gpu-${index}: "1"`).join("\n")],
  ["book-too-deep", `cards: ${"[".repeat(25_000)}${"]".repeat(25_000)}`],
  ["book-too-deep", `${'{"tiers":'.repeat(25_000)}1${"}".repeat(25_000)}`],
  [
    "book-too-many-values",
    Array.from({ length: 18 }, (_, index) => `m${index}: &m${index} [${Array(7).fill(index === 0 ? "1" : `*m${index - 1}`)}]`).join("\n"),
  ],
]

/** No text that a person can send costs more than it is long: it is refused with the limit, and nobody waits for it. */
export async function refusesOversize(host: ContractHost): Promise<void> {
  const base = `${host.baseUrl}/v1/tenants/${tenant}`
  const post = async (route: string, body: string): Promise<readonly [status: number, code: string, detail: string]> => {
    const headers = { ...(await headersOf(host, "admin")), "content-type": "application/json", "idempotency-key": key() }
    const response = await fetch(`${base}/${route}`, { method: "POST", headers, body })
    strictEqual(response.headers.get("content-type"), "application/problem+json")
    const { code, detail } = (await response.json()) as { readonly code: string; readonly detail: string }
    return [response.status, code, detail]
  }
  for (const [code, text] of oversize) {
    for (const route of ["rates/check", "rates/plan", "rates", "payers"]) {
      const [status, found, detail] = await post(route, JSON.stringify(route === "rates/plan" ? { text, month } : { text }))
      deepStrictEqual([status, found], [422, code], `${route}: ${detail}`)
      ok(/^line \d+, column \d+: .* more than [\d,]+ |^line \d+, column \d+: .* deeper than \d+ /.test(detail), detail)
    }
  }
  const deep = `{"prices":${"[".repeat(9_000)}${"]".repeat(9_000)}}`
  const wide = JSON.stringify({ prices: Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`sku${index}`, "1"])) })
  for (const route of ["formulas/MU", "estimate", "rates/overrides"]) {
    deepStrictEqual((await post(route, deep)).slice(0, 2), [400, "body-too-deep"], route)
    deepStrictEqual((await post(route, wide)).slice(0, 2), [400, "body-too-many-values"], route)
    deepStrictEqual((await post(route, JSON.stringify({ text: "x".repeat(1_100_000) }))).slice(0, 2), [413, "body-too-large"], route)
  }
}
