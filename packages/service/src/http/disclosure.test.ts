import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Effect, Exit, Scope } from "effect"
import { HttpApi } from "effect/http-api"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Api } from "../api/Api.ts"
import { makeClient } from "../api/makeClient.ts"
import { BillingStore, openStore } from "../store/index.ts"
import { type Ask, asksOf, findAll } from "../testing/disclosure/asks.ts"
import { code, everyPlanted, type Planted, plantedIn, readersOf } from "../testing/disclosure/codes.ts"
import { everyPerson, type Person, people, plantedTenant } from "../testing/disclosure/people.ts"
import { actOnPlanted, plantBooks } from "../testing/disclosure/plantBooks.ts"
import { readPdf } from "../testing/readPdf.ts"
import { contractChain, contractKeys } from "../testing/serveContract.ts"
import { makeNodeHandler } from "./makeNodeHandler.ts"

/**
 * Everything that a person typed is a word that stands nowhere else. Every route of the contract is asked by every kind of person, for
 * whatever there is to ask for; each word must be in some answer to those whom the table names, and in no answer to anybody else.
 */
interface Endpoint {
  readonly name: string
  readonly method: string
  readonly path: string
}

const endpoints: Endpoint[] = []
HttpApi.reflect(Api, {
  onGroup: () => {},
  onEndpoint: ({ group, endpoint }) => {
    endpoints.push({ name: `${group.identifier}.${endpoint.identifier}`, method: endpoint.method, path: endpoint.path })
  },
})

const scope = Scope.makeUnsafe()
const events: unknown[] = []
let url: string
let close: () => Promise<void>
let asks: Readonly<Record<string, readonly Ask[]>>
/** Who read what, and where first. */
const read = new Map<Planted, Map<Person, string>>(everyPlanted.map((what) => [what, new Map()]))
const statuses = new Map<string, Set<number>>()

const headersOf = (person: Person) => ({ "x-person": person })

beforeAll(async () => {
  const opening = openStore({ location: { kind: "memory" }, chain: contractChain })
  const store = await Effect.runPromise(Effect.provideService(opening, Scope.Scope, scope))
  await Effect.runPromise(Effect.provideService(plantBooks, BillingStore, store))
  const handler = await makeNodeHandler({
    store,
    tenants: contractKeys,
    identify: async ({ headers }) => {
      const name = String(headers["x-person"]) as Person
      const identity = people[name]
      return identity === null ? null : { ...identity, name: name === "fin" ? code("name of who bills") : name }
    },
    log: (record) => {
      if (record.kind === "event") events.push(record)
    },
  })
  const server = createServer(handler.handle)
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  close = async () => {
    server.closeAllConnections()
    server.close()
    await handler.close()
    await Effect.runPromise(Scope.close(scope, Exit.void))
  }
  await actOnPlanted(url, headersOf)
  asks = asksOf(await findAll(makeClient(url, fetch, headersOf("aud"))))
})

afterAll(() => close())

/** The route's path with the parameters that the ask begins with, and what follows them. */
const urlOf = (route: Endpoint, { path }: Ask): string => {
  const at = path.indexOf("?")
  const parameters = (at < 0 ? path : path.slice(0, at)).split("/").slice(1)
  const filled = route.path.replace(":tenant", plantedTenant).replaceAll(/:\w+/g, () => parameters.shift() ?? "")
  return `${url}${filled}${at < 0 ? "" : path.slice(at)}`
}

/** What stands in a text as base64: the records of an audit log. */
const decodedIn = (text: string): string =>
  [...text.matchAll(/[A-Za-z0-9+/_-]{24,}/g)].map(([word]) => Buffer.from(word, "base64").toString("latin1")).join("\n")

const textOf = async (response: Response): Promise<string> => {
  const bytes = new Uint8Array(await response.arrayBuffer())
  const raw = Buffer.from(bytes).toString("utf8")
  if (!raw.startsWith("%PDF-")) return `${raw}\n${decodedIn(raw)}\n${response.headers.get("content-disposition") ?? ""}`
  const { text, files } = readPdf(bytes)
  return `${raw}\n${text.replaceAll(/\s+/g, "")}\n${files.join("\n")}`
}

const askAs = async (person: Person, route: Endpoint, ask: Ask): Promise<void> => {
  const response = await fetch(urlOf(route, ask), {
    method: route.method,
    headers: { ...headersOf(person), "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
    ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
  })
  // what the asker wrote is no news to them
  const asked = new Set(plantedIn(`${decodeURIComponent(ask.path)} ${JSON.stringify(ask.body ?? null)}`))
  const isEcho = (what: Planted): boolean => asked.has(what) && (route.method === "POST" || response.status >= 400)
  for (const what of plantedIn(await textOf(response))) {
    const readers = read.get(what) as Map<Person, string>
    if (!isEcho(what) && !readers.has(person)) readers.set(person, `${route.name} ${ask.path}`)
  }
  const seen = statuses.get(route.name) ?? new Set<number>()
  statuses.set(route.name, seen.add(response.status))
}

test("every route of the contract is asked", () => {
  expect(Object.keys(asks).sort()).toEqual(endpoints.map(({ name }) => name).sort())
  expect(Object.entries(asks).filter(([, of]) => of.length === 0)).toEqual([])
})

test.each(everyPerson)("%s asks for everything", async (person) => {
  for (const route of endpoints) for (const ask of asks[route.name] ?? []) await askAs(person, route, ask)
})

test.each(everyPlanted)("%s is read by whom it concerns, and by nobody else", (what) => {
  const readers = read.get(what) as ReadonlyMap<Person, string>
  const expected = readersOf(what)
  expect(
    [...readers].filter(([person]) => !expected.includes(person)),
    "read by others, where first",
  ).toEqual([])
  expect([...readers.keys()].sort()).toEqual(expected)
})

test("each read answered somebody, and no answer was a failure", () => {
  const reads = endpoints.filter(({ method }) => method === "GET")
  expect(reads.filter(({ name }) => !statuses.get(name)?.has(200)).map(({ name }) => name)).toEqual([])
  expect([...statuses].filter(([, of]) => [...of].some((status) => status >= 500))).toEqual([])
  expect(events).toEqual([])
})
