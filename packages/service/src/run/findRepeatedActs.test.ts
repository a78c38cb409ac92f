import type { AuditEvent } from "@hpc-billing/ledger"
import { Effect, Exit, Result, Scope } from "effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import { BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import { auditorOfTesting } from "../testing/editedBooks.ts"
import { daysAfterOctober, postOctober } from "../testing/octoberBooks.ts"
import { testingChain } from "../testing/testingChain.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { findRepeatedActs } from "./findRepeatedActs.ts"
import { verifyStore } from "./verifyStore.ts"

it.each<readonly [what: string, acts: readonly (string | undefined)[], findings: readonly string[]]>([
  ["acts one after another, each with several events, after those of an earlier release", [undefined, "4", "4", "9", "10", "12"], []],
  ["an act whose records stand apart", ["7", "8", "7"], ["act 7 stands again after act 8"]],
  ["an act that stands again at the end", ["9", "10", "10", "4", "11"], ["act 4 stands again after act 10"]],
])("%s", (_, acts, findings) => {
  const repeated = findRepeatedActs()
  expect(acts.flatMap((actionId) => repeated(actionId === undefined ? {} : { actionId }))).toEqual(findings)
})

const scope = Effect.runSync(Scope.make())
let store: StoreFunctions

beforeAll(async () => {
  store = await Effect.runPromise(Scope.provide(openStore({ location: await testingStorage(), chain: testingChain }), scope))
})

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const event = (action: string, subject: string, detail: AuditEvent["detail"]): AuditEvent => ({
  action,
  actor: "malee",
  requestId: "again",
  subject,
  detail,
})

const sha256 = "ab".repeat(32)

it.each<readonly [tenant: string, event: AuditEvent, row: string, finding: RegExp]>([
  [
    "posted-again",
    event("entry.post", "2026-10", { "posted-again/2026-10/coral/1/issued": sha256 }),
    "entry posted-again/2026-10/coral/1/issued",
    /^is posted a second time in the audit log$/,
  ],
  [
    "issued-again",
    event("receipt.issue", "issued-again/2026-10/kelp/1", { number: "R2026-000002", sha256 }),
    "receipt issued-again/2026-10/kelp/1",
    /^2 audit records tell of it, each of which can be made once$/,
  ],
  ["published-again", event("book.publish", "rate-book/1", { sha256 }), "document rate-book/1", /^2 audit records tell of it/],
])("books of which the log says %s twice are not verified", async (tenant, again, row, finding) => {
  const work = Effect.gen(function* () {
    yield* postOctober(tenant)
    const before = yield* verifyStore(tenant, auditorOfTesting(tenant))
    yield* store.commit(tenant, null, () =>
      Result.succeed({ answer: null, events: [again, event("export.download", "2026-10-1", { sha256 })] }),
    )
    yield* store.commit(tenant, null, () => Result.succeed({ answer: null, events: [event("export.download", "2026-10-1", { sha256 })] }))
    return [before, yield* verifyStore(tenant, auditorOfTesting(tenant))] as const
  })
  const [before, after] = await Effect.runPromise(work.pipe(Effect.provideService(BillingStore, store), daysAfterOctober(2)))
  expect(before.findings).toEqual([])
  expect(after.findings).toContainEqual({ row, finding: expect.stringMatching(finding) })
})
