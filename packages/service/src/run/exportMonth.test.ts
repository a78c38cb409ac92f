import { Effect, Exit, Result, Scope } from "effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import { nodeCryptography, sha256Hex } from "../crypto/nodeCryptography.ts"
import type { TenantKeys } from "../keys/TenantKeys.ts"
import { BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import { octoberActor as actor, closeOctober, daysAfterOctober, postOctober, receiptOfCoral } from "../testing/octoberBooks.ts"
import { testingChain, testingChainKeys } from "../testing/testingChain.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { closeMonth } from "./closeMonth.ts"
import { creditReceipt } from "./creditReceipt.ts"
import { exportMonth } from "./exportMonth.ts"
import { reopenMonth } from "./reopenMonth.ts"

const scope = Effect.runSync(Scope.make())
let store: StoreFunctions
beforeAll(async () => {
  store = await Effect.runPromise(Scope.provide(openStore({ location: await testingStorage(), chain: testingChain }), scope))
})
afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const run = <A, E>(work: Effect.Effect<A, E, BillingStore>, days = 2): Promise<A> =>
  Effect.runPromise(work.pipe(Effect.provideService(BillingStore, store), daysAfterOctober(days)))

const keys: TenantKeys = {
  audit: testingChainKeys,
  auditGenesisPublicKey: nodeCryptography.ed25519PublicKey(testingChainKeys.signingSeed),
  export: { signingSeed: new Uint8Array(32).fill(3), hmacKey: new Uint8Array(32).fill(4) },
}

const exportOctober = (tenant: string) => exportMonth(tenant, "2026-10", keys, actor)

/** Path and digest of every file, by path. */
const digestsOf = ({ files }: { readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[] }) =>
  Object.fromEntries(files.map(({ path, bytes }) => [path, sha256Hex(bytes)] as const).sort())

const reopen = (tenant: string) => reopenMonth(tenant, "2026-10", { approvedBy: "another", reason: "a look" }, actor)

it("a month is exported once for each close, also when a reopening posted nothing", async () => {
  await run(postOctober("again"))
  await run(closeOctober("again"))
  const first = await run(exportOctober("again"))
  const repeated = await run(exportOctober("again"), 3)
  expect([repeated.runId, repeated.already, digestsOf(repeated)]).toEqual([first.runId, true, digestsOf(first)])
  await run(reopen("again"), 4)
  const open = await run(Effect.result(exportOctober("again")), 4)
  expect(Result.isFailure(open) && open.failure.message).toMatch(/2026-10 is not closed/)
  await run(closeMonth("again", "2026-10", actor), 5)
  const second = await run(exportOctober("again"), 6)
  expect([first.runId, second.runId, second.already]).toEqual(["2026-10-1", "2026-10-2", false])
  expect(digestsOf(await run(exportOctober("again"), 7))).toEqual(digestsOf(second))
})

it("exports asked for at once are one run, and each gets its bytes", async () => {
  await run(postOctober("at-once"))
  await run(closeOctober("at-once"))
  const exports = await run(
    Effect.all(
      [1, 2, 3].map(() => exportOctober("at-once")),
      { concurrency: "unbounded" },
    ),
  )
  expect(new Set(exports.map(({ runId }) => runId))).toEqual(new Set(["2026-10-1"]))
  expect(exports.filter(({ already }) => !already)).toHaveLength(1)
  const [one, two, three] = exports.map(digestsOf)
  expect(two).toEqual(one)
  expect(three).toEqual(one)
})

it("what becomes of a receipt while an export is made is in it or after it, never half", async () => {
  await run(postOctober("meanwhile"))
  await run(closeOctober("meanwhile"))
  let isCredited = false
  const crediting: StoreFunctions = {
    ...store,
    exportRuns: (tenant, month) =>
      Effect.tap(store.exportRuns(tenant, month), () => {
        if (isCredited) return Effect.void
        isCredited = true
        const credit = creditReceipt("meanwhile", receiptOfCoral("meanwhile"), { netMinor: 100n, reason: "outage" }, actor)
        return Effect.orDie(Effect.provideService(credit, BillingStore, store))
      }),
  }
  const made = await Effect.runPromise(exportOctober("meanwhile").pipe(Effect.provideService(BillingStore, crediting), daysAfterOctober(3)))
  const [recorded] = await run(store.exportRuns("meanwhile", "2026-10"))
  const [credit] = (await run(store.listAudit("meanwhile", { action: "receipt.credit" }, { cursor: null, limit: 1 }))).rows
  expect(made.runId).toBe(recorded?.id)
  expect(recorded?.chainSequence).toBeGreaterThanOrEqual(credit?.sequence ?? 1_000_000n)
})
