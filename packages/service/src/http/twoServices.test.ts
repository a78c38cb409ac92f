import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Effect, Exit, Redacted, Scope } from "effect"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Identity } from "../api/Identity.ts"
import { type Client, makeClient } from "../api/makeClient.ts"
import { closeMonth } from "../run/closeMonth.ts"
import { BillingStore, openStore } from "../store/index.ts"
import { contractTenant as tenant } from "../testing/contractSite.ts"
import { closeOctober, daysAfterOctober, postOctober, readOctober } from "../testing/octoberBooks.ts"
import { postgresBinaries, testingPostgres } from "../testing/postgres.ts"
import { contractChain, contractKeys } from "../testing/serveContract.ts"
import { makeNodeHandler } from "./makeNodeHandler.ts"

const [binaries] = postgresBinaries()
const month = "2026-10"
const params = { tenant }

const finance = (name: string): Identity => ({ name, displayName: name, roles: ["finance"], users: [], accounts: [], tenants: null })

describe.runIf(binaries !== undefined)("two services on one PostgreSQL", () => {
  const scope = Scope.makeUnsafe()
  const ends: (() => Promise<void>)[] = []
  let services: readonly ((who: string) => Client)[] = []

  const serve = async (url: string): Promise<(who: string) => Client> => {
    const opening = openStore({ location: { kind: "postgres", url: Redacted.make(url) }, chain: contractChain })
    const store = await Effect.runPromise(Effect.provideService(opening, Scope.Scope, scope))
    const handler = await makeNodeHandler({
      store,
      tenants: contractKeys,
      identify: async ({ headers }) => finance(String(headers["x-who"])),
      log: () => {},
    })
    const server = createServer(handler.handle)
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
    ends.push(async () => {
      server.closeAllConnections()
      server.close()
      await handler.close()
    })
    const { port } = server.address() as AddressInfo
    return (who) => makeClient(`http://127.0.0.1:${port}`, fetch, { "x-who": who })
  }

  const inBooks = async <A, E>(url: string, work: Effect.Effect<A, E, BillingStore>): Promise<A> => {
    const store = openStore({ location: { kind: "postgres", url: Redacted.make(url) }, chain: contractChain })
    return Effect.runPromise(Effect.scoped(Effect.flatMap(store, (opened) => Effect.provideService(work, BillingStore, opened))))
  }

  let url = ""

  beforeAll(async () => {
    const server = await Effect.runPromise(Scope.provide(testingPostgres(binaries as string), scope))
    url = server.url
    await inBooks(url, readOctober(tenant))
    services = await Promise.all([serve(url), serve(url)])
  }, 120_000)

  afterAll(async () => {
    for (const end of ends) await end()
    await Effect.runPromise(Scope.close(scope, Exit.void))
  })

  /** The same request to both at once. */
  const both = <A>(ask: (client: Client) => Promise<A>): Promise<readonly A[]> => Promise.all(services.map((as) => ask(as("malee"))))

  test("one act sent to both with one key is done once, and both answer with it", async () => {
    const [one, other] = await both((client) => client.receipts.issue({ params, payload: { month }, idempotencyKey: "issue" }))
    expect(one?.receipts.map(({ payerId, status }) => [payerId, status])).toEqual([
      ["coral", "issued"],
      ["kelp", "issued"],
    ])
    expect(other).toEqual(one)
    const [posted, postedToo] = await both((client) => client.journal.post({ params, payload: { month }, idempotencyKey: "post" }))
    expect(posted?.entriesPosted).toBeGreaterThan(0)
    expect(postedToo).toEqual(posted)
    const at = { ...params, month, payer: "coral", sequence: 1 }
    const [paid, paidToo] = await both((client) => client.receipts.pay({ params: at, payload: {}, idempotencyKey: "pay" }))
    expect(paid?.status).toBe("paid")
    expect(paidToo?.entryIds).toEqual(paid?.entryIds)
  })

  test("a closed month is opened again when another person approves, once", async () => {
    const [first, second] = services as [(who: string) => Client, (who: string) => Client]
    await inBooks(url, closeOctober(tenant))
    const at = { ...params, month }
    const asked = await first("malee").periods.requestReopen({ params: at, payload: { reason: "a job came late" }, idempotencyKey: "ask" })
    expect(asked.reopenRequest).toMatchObject({ requestedBy: "malee", reason: "a job came late" })
    await expect(first("malee").periods.reopen({ params: at, idempotencyKey: "own" })).rejects.toMatchObject({
      reason: "not-ready",
      code: "ledger-same-person-detail",
    })
    expect((await second("somchai").periods.get({ params: at })).actions).toContain("reopen")
    expect((await second("somchai").periods.reopen({ params: at, idempotencyKey: "approve" })).status).toBe("open")
    expect((await second("somchai").periods.reopen({ params: at, idempotencyKey: "approve" })).status).toBe("open")
    await expect(second("somchai").periods.reopen({ params: at, idempotencyKey: "again" })).rejects.toMatchObject({
      reason: "not-ready",
      code: "reopen-not-requested",
    })
    expect((await first("malee").periods.get({ params: at })).reopenRequest).toBeNull()
  })

  test("an old request opens no later close", async () => {
    const [first] = services as [(who: string) => Client]
    const closeAgain = closeMonth(tenant, month, { name: "test", requestId: "again" }).pipe(daysAfterOctober(3))
    await inBooks(url, Effect.andThen(postOctober(tenant), closeAgain))
    expect((await first("somchai").periods.get({ params: { ...params, month } })).actions).toEqual(["request-reopen"])
  })
})
