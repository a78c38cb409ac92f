import { describe, expect, expectTypeOf, test } from "vitest"
import { ApiProblem } from "./ApiProblem.ts"
import type { ReceiptView } from "./groups/receipts.ts"
import { type Download, type Fetch, makeClient } from "./makeClient.ts"

interface Sent {
  readonly url: string
  readonly init: RequestInit
}

const clientOver = (answer: () => Response | Promise<Response>) => {
  const sent: Sent[] = []
  const over: Fetch = async (url, init) => {
    sent.push({ url, init })
    return answer()
  }
  return { sent, client: makeClient("/api/hpc-billing", over, async () => ({ authorization: "Bearer token" })) }
}

const json = (value: unknown, status = 200, mediaType = "application/json"): Response =>
  new Response(JSON.stringify(value), { status, headers: { "content-type": mediaType } })

const receipt = { tenant: "site", month: "2026-10", payer: "science", sequence: 1 }

describe("what is sent", () => {
  test("parameters are escaped, absent filters left out, headers asked for each request", async () => {
    const { client, sent } = clientOver(() => json({ rows: [], next: null }))
    await client.usage.jobs({ params: { tenant: "a/b" }, query: { account: "bio lab", user: "อลิส" } })
    expect(sent[0]?.url).toBe(`/api/hpc-billing/v1/tenants/a%2Fb/jobs?account=bio+lab&user=${encodeURIComponent("อลิส")}`)
    expect(new Headers(sent[0]?.init.headers).get("authorization")).toBe("Bearer token")
  })

  test("a write carries its body and its key", async () => {
    const { client, sent } = clientOver(() => json({}))
    await client.receipts.void({ params: receipt, payload: { reason: "wrong" }, idempotencyKey: "k1" })
    expect(sent[0]).toMatchObject({ url: "/api/hpc-billing/v1/tenants/site/receipts/2026-10/science/1/void" })
    expect(sent[0]?.init).toMatchObject({ method: "POST", body: '{"reason":"wrong"}' })
    expect(new Headers(sent[0]?.init.headers).get("idempotency-key")).toBe("k1")
  })
})

describe("what comes back", () => {
  test("a problem is thrown with its fields", async () => {
    const problem = {
      type: "/problems/refused",
      title: "A rule refuses it",
      status: 422,
      detail: "Close it first.",
      reason: "not-ready",
      requestId: "r",
    }
    const { client } = clientOver(() => json(problem, 422, "application/problem+json"))
    const thrown = await client.session.me().catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(ApiProblem)
    expect(thrown).toMatchObject({ ...problem, message: "Close it first.", findings: [] })
  })

  test.each([
    ["a proxy's page", () => new Response("<html>", { status: 502, headers: { "content-type": "text/html" } }), 502],
    ["broken JSON", () => new Response("{", { status: 500, headers: { "content-type": "application/json" } }), 500],
  ])("%s is a problem of its status", async (_, answer, status) => {
    await expect(clientOver(answer).client.session.me()).rejects.toMatchObject({ name: "ApiProblem", status })
  })

  test("no answer is a problem of status 0, an abort stays an abort", async () => {
    const failing = (cause: Error) => clientOver(() => Promise.reject(cause)).client.session.me()
    await expect(failing(new TypeError("fetch failed"))).rejects.toMatchObject({ name: "ApiProblem", status: 0 })
    await expect(failing(Object.assign(new Error("stop"), { name: "AbortError" }))).rejects.toMatchObject({ name: "AbortError" })
  })

  test("a file is handed over as bytes with its name, JSON files too", async () => {
    const headers = { "content-type": "application/json", "content-disposition": 'attachment; filename="manifest.json"' }
    const { client } = clientOver(() => new Response('{"a":1}', { headers }))
    const file = await client.exports.file({ params: { tenant: "site", exportId: "2026-10-1", name: "manifest.json" } })
    expect({ ...file, bytes: new TextDecoder().decode(file.bytes) }).toEqual({
      bytes: '{"a":1}',
      mediaType: "application/json",
      fileName: "manifest.json",
    })
  })
})

test("the types are those of the contract", () => {
  const { client } = clientOver(() => json({}))
  expectTypeOf(client.receipts.pay).returns.resolves.toEqualTypeOf<ReceiptView>()
  expectTypeOf(client.receipts.pdf).returns.resolves.toEqualTypeOf<Download>()
  // @ts-expect-error a month is missing
  expectTypeOf(client.periods.close).toBeCallableWith({ params: { tenant: "site" }, idempotencyKey: "k" })
  // @ts-expect-error a write needs its key
  expectTypeOf(client.periods.close).toBeCallableWith({ params: { tenant: "site", month: "2026-10" } })
  // @ts-expect-error there is no such filter
  expectTypeOf(client.receipts.list).toBeCallableWith({ params: { tenant: "site" }, query: { mont: "2026-10" } })
})
