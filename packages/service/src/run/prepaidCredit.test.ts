import { fingerprintOf } from "@hpc-billing/ledger"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import { octoberActor as actor, daysAfterOctober, postOctober } from "../testing/octoberBooks.ts"
import { testingChain, testingChainKeys } from "../testing/testingChain.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { loadReports } from "./loadReports.ts"
import { actOnPrepaid, type PrepaidAct, showPrepaid } from "./prepaidCredit.ts"
import { verifyStore } from "./verifyStore.ts"

const tenant = "prepaid"
const scope = Effect.runSync(Scope.make())
let store: StoreFunctions

const run = <A, E>(work: Effect.Effect<A, E, BillingStore>, days = 10): Promise<A> =>
  Effect.runPromise(work.pipe(Effect.provideService(BillingStore, store), daysAfterOctober(days)))

beforeAll(async () => {
  const opened = openStore({ location: await testingStorage(), chain: testingChain })
  store = await Effect.runPromise(Scope.provide(opened, scope))
  await run(postOctober(tenant))
})

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const act = (project: string, what: PrepaidAct, days = 10) => run(actOnPrepaid(tenant, project, what, actor), days)
const refusal = (project: string, what: PrepaidAct): Promise<string> =>
  run(Effect.map(Effect.flip(actOnPrepaid(tenant, project, what, actor)), ({ message }) => message))

const topUp = (id: string, amountMinor: bigint, payerId = "coral"): PrepaidAct => ({ kind: "top-up", id, amountMinor, payerId })
const hold = (id: string, amountMinor: bigint, forSeconds = 86_400): PrepaidAct => ({ kind: "hold", id, amountMinor, forSeconds })

const verifies = async (): Promise<void> => {
  const auditPublicKey = nodeCryptography.ed25519PublicKey(testingChainKeys.signingSeed)
  const auditor = {
    origin: `testing/${tenant}`,
    auditFingerprint: fingerprintOf(nodeCryptography, auditPublicKey),
    exportFingerprint: "",
    auditPublicKey,
    auditMacKey: testingChainKeys.macKey,
    exportHmacKey: new Uint8Array(32),
  }
  expect((await run(verifyStore(tenant, auditor))).findings).toEqual([])
}

it("a top-up is booked once, holds count, a release and the end of time give back", async () => {
  expect(await act("reef", topUp("bank-1", 10_000n))).toEqual({ settledMinor: 10_000n, inFlightMinor: 0n, availableMinor: 10_000n })
  expect(await act("reef", topUp("bank-1", 10_000n))).toMatchObject({ settledMinor: 10_000n })
  const { accounts } = await run(Effect.map(loadReports(tenant, null), ({ trialBalance }) => trialBalance("2026-11-11")))
  expect(accounts.find(({ account }) => account === "2000")?.balanceMinor).toBe(-10_000n)

  expect(await act("reef", hold("job-1", 6_000n))).toMatchObject({ inFlightMinor: 6_000n, availableMinor: 4_000n })
  expect(await act("reef", hold("job-1", 6_000n), 10.5)).toMatchObject({ inFlightMinor: 6_000n, availableMinor: 4_000n })
  expect(await refusal("reef", hold("job-2", 4_001n))).toMatch(/has 4000 minor units available, 4001 are asked for/)
  expect(await act("reef", hold("job-2", 4_000n, 7 * 86_400))).toMatchObject({ availableMinor: 0n })
  expect(await run(showPrepaid(tenant, "reef"), 12)).toMatchObject({ payerId: "coral", inFlightMinor: 4_000n, availableMinor: 6_000n })
  expect(await act("reef", { kind: "release", id: "job-2" }, 12)).toMatchObject({ inFlightMinor: 0n, availableMinor: 10_000n })
  await verifies()
})

it("holds asked for at once never take more than is there", async () => {
  await act("tide", topUp("bank-2", 10_000n, "kelp"))
  const holds = Array.from({ length: 12 }, (_, index) => Effect.result(actOnPrepaid(tenant, "tide", hold(`job-${index}`, 3_000n), actor)))
  const outcomes = await run(Effect.all(holds, { concurrency: "unbounded" }))
  expect(outcomes.filter(({ _tag }) => _tag === "Success")).toHaveLength(3)
  expect(await run(showPrepaid(tenant, "tide"))).toMatchObject({ inFlightMinor: 9_000n, availableMinor: 1_000n })
  await verifies()
})

it("refuses what does not fit, and stores nothing of it", async () => {
  await act("shoal", topUp("bank-3", 100n))
  const { chain } = await run(store.head(tenant))
  const refusals: readonly (readonly [string, PrepaidAct, RegExp])[] = [
    ["a/b", topUp("x", 1n), /"a\/b" is no project/],
    ["shoal", topUp("x", 1n, "nobody"), /There is no payer nobody/],
    ["shoal", topUp("x", 1n, "kelp"), /belongs to payer coral, not to kelp/],
    ["shoal", topUp("x", 0n), /needs an amount above zero/],
    ["shoal", topUp("bank-3", 101n), /was done before with other content/],
    ["empty", hold("x", 1n), /has no prepaid credit: top it up first/],
    ["shoal", hold("x", 0n), /needs an amount above zero/],
    ["shoal", hold("x", 101n), /has 100 minor units available/],
    ["shoal", { kind: "release", id: "x" }, /has no open hold x/],
  ]
  for (const [project, what, expected] of refusals) expect(await refusal(project, what)).toMatch(expected)
  await expect(run(showPrepaid(tenant, "empty"))).rejects.toThrow(/has no prepaid credit/)
  expect((await run(store.head(tenant))).chain.sequence).toBe(chain.sequence)
})
