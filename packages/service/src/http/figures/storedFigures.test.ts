import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, expect, test } from "vitest"
import { BillingStore, openStore, type StoreFunctions } from "../../store/index.ts"
import { closeOctober, daysAfterOctober, postOctober } from "../../testing/octoberBooks.ts"
import { testingChain } from "../../testing/testingChain.ts"
import { loadMonthFigures } from "./loadMonthFigures.ts"
import { decodeFigures, encodeFigures } from "./storedFigures.ts"

const month = "2026-10"
const scope = Scope.makeUnsafe()
let store: StoreFunctions

beforeAll(async () => {
  const opening = openStore({ location: { kind: "memory" }, chain: testingChain })
  store = await Effect.runPromise(Effect.provideService(opening, Scope.Scope, scope))
})

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const run = <A, E>(work: Effect.Effect<A, E, BillingStore>): Promise<A> =>
  Effect.runPromise(Effect.provideService(daysAfterOctober(2)(work), BillingStore, store))

test("a closed month is summed once, kept, and read back as it was", async () => {
  const tenant = "kept"
  await run(postOctober(tenant))
  const open = await run(loadMonthFigures(tenant, month))
  expect(await run(store.files(tenant, `figures/${month}`))).toEqual([])
  await run(closeOctober(tenant))
  const summed = await run(loadMonthFigures(tenant, month))
  expect(summed.status).toBe("closed")
  expect([...summed.usages]).toEqual([...open.usages])
  const [file] = await run(store.files(tenant, `figures/${month}`))
  expect(file?.byteCount).toBeGreaterThan(1_000)
  const read = await run(loadMonthFigures(tenant, month))
  expect(read).toEqual(summed)
  expect(decodeFigures(encodeFigures(read))).toEqual({ usages: read.usages, periodLines: read.periodLines })
})

test("a kept file that does not sum to the receipts is not believed", async () => {
  const tenant = "altered"
  await run(postOctober(tenant))
  const closed = await run(closeOctober(tenant))
  const open = await run(loadMonthFigures("kept", month))
  const [key, usage] = [...open.usages][0] as NonNullable<[string, typeof open.usages extends ReadonlyMap<string, infer U> ? U : never]>
  const lines = usage.lines.map((line) => ({ ...line, billedMinor: line.billedMinor + 1n }))
  const bytes = encodeFigures({ ...open, usages: new Map([...open.usages, [key, { ...usage, lines }]]) })
  const at = closed.period.status.kind === "closed" ? closed.period.status.closedAtSeconds : 0
  await run(store.attachFile(tenant, { subject: `figures/${month}`, name: `closed-${at}.1.json`, mediaType: "application/json", bytes }))
  const found = await run(loadMonthFigures(tenant, month))
  expect([...found.usages.values()].map(({ lines }) => lines)).toEqual([...open.usages.values()].map(({ lines }) => lines))
})

test("a kept file that is damaged is not read", async () => {
  const tenant = "damaged"
  await run(postOctober(tenant))
  const { period } = await run(closeOctober(tenant))
  const at = period.status.kind === "closed" ? period.status.closedAtSeconds : 0
  const bytes = new TextEncoder().encode('{"usages":[[')
  await run(store.attachFile(tenant, { subject: `figures/${month}`, name: `closed-${at}.1.json`, mediaType: "application/json", bytes }))
  expect((await run(loadMonthFigures(tenant, month))).usages.size).toBe(30)
})
