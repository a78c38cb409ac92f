import { Result } from "effect"
import fc from "fast-check"
import { expect, test } from "vitest"
import { baht } from "../../test/receipts.ts"
import { applyPrepaid } from "./applyPrepaid.ts"
import { drawPrepaid } from "./drawPrepaid.ts"
import { emptyPrepaid, openOf, type Prepaid, type PrepaidOperation, prepaidBalances } from "./Prepaid.ts"

const run = (...operations: readonly PrepaidOperation[]): Prepaid => {
  let prepaid = emptyPrepaid("reef", baht)
  for (const operation of operations) prepaid = Result.getOrThrow(applyPrepaid(prepaid, operation))
  return prepaid
}
const hold = (holdId: string, amountMinor: bigint, expiresAtSeconds = 100): PrepaidOperation => {
  return { id: `hold/${holdId}`, kind: "hold", holdId, amountMinor, expiresAtSeconds, atSeconds: 0 }
}
const topUp: PrepaidOperation = { id: "t", kind: "top-up", amountMinor: 1_000n }
const draw = (prepaid: Prepaid, owedMinor: bigint, jobs: readonly string[] = [], atSeconds = 10) =>
  drawPrepaid(prepaid, { receiptId: "r", owedMinor, jobIds: new Set(jobs), atSeconds })

test.each<readonly [string, Prepaid, bigint, readonly string[], bigint, bigint, bigint]>([
  ["all that is owed", run(topUp), 400n, [], 400n, 600n, 0n],
  ["no more than there is", run(topUp), 1_400n, [], 1_000n, 0n, 0n],
  ["the hold of its job, and gives back the rest of it", run(topUp, hold("7", 500n)), 300n, ["7"], 300n, 700n, 0n],
  ["the hold of its job, then what is free", run(topUp, hold("7", 500n)), 800n, ["7"], 800n, 200n, 0n],
  ["nothing that another job holds", run(topUp, hold("8", 700n)), 800n, ["7"], 300n, 700n, 700n],
  ["what a hold kept that ran out", run(topUp, hold("8", 700n, 10)), 800n, ["7"], 800n, 200n, 0n],
  ["nothing for a receipt of nothing", run(topUp), 0n, [], 0n, 1_000n, 0n],
  ["nothing for a receipt of nothing, whose job keeps its hold", run(topUp, hold("7", 500n)), 0n, ["7"], 0n, 1_000n, 500n],
  ["nothing of nothing", run(), 100n, [], 0n, 0n, 0n],
])("draws %s", (_, prepaid, owedMinor, jobs, drawnMinor, settledMinor, inFlightMinor) => {
  const drawn = draw(prepaid, owedMinor, jobs)
  expect(drawn.drawnMinor).toBe(drawnMinor)
  expect(prepaidBalances(drawn.prepaid)).toMatchObject({ settledMinor, inFlightMinor })
  expect(draw(drawn.prepaid, owedMinor, jobs).drawnMinor).toBe(drawnMinor > 0n ? 0n : drawn.drawnMinor)
})

test("holds are charged in order of their names, then what is free; each step is one that replays", () => {
  const prepaid = run(topUp, hold("8", 300n), hold("7", 200n), hold("9", 100n))
  const post = (holdId: string, amountMinor: bigint) => {
    return { id: `draw/r/post/${holdId}`, kind: "post", holdId, amountMinor, isFinal: true, atSeconds: 10 }
  }
  const expire = { id: "draw/r/expire", kind: "expire", atSeconds: 10 }
  expect(draw(prepaid, 350n, ["9", "8", "7"]).operations).toEqual([expire, post("7", 200n), post("8", 150n), post("9", 0n)])
  expect(draw(prepaid, 450n, ["7"]).operations).toEqual([
    expire,
    post("7", 200n),
    { id: "draw/r/hold", kind: "hold", holdId: "r", amountMinor: 250n, expiresAtSeconds: 11, atSeconds: 10 },
    post("r", 250n),
  ])
})

test("a receipt that found nothing draws once there is credit", () => {
  const found = draw(run(), 400n)
  expect(found).toEqual({ prepaid: run(), operations: [], drawnMinor: 0n })
  expect(draw(Result.getOrThrow(applyPrepaid(found.prepaid, topUp)), 400n).drawnMinor).toBe(400n)
})

const names = fc.constantFrom("1", "2", "3", "4")
const steps = fc.array(
  fc.oneof(
    fc.bigInt(1n, 2_000n).map((amountMinor) => ({ kind: "top-up" as const, amountMinor })),
    fc
      .tuple(names, fc.bigInt(1n, 1_500n), fc.integer({ min: 1, max: 9 }))
      .map(([holdId, amountMinor, span]) => ({ kind: "hold" as const, holdId, amountMinor, span })),
    names.map((holdId) => ({ kind: "void" as const, holdId })),
    fc.tuple(fc.bigInt(-100n, 3_000n), fc.array(names)).map(([owedMinor, jobs]) => ({ kind: "bill" as const, owedMinor, jobs })),
  ),
  { maxLength: 40 },
)

test("I11 I12: whatever is granted, held, billed and runs out, bills take what is owed or all that nobody else holds, and no more", () => {
  fc.assert(
    fc.property(steps, (wanted) => {
      let prepaid = emptyPrepaid("reef", baht)
      let [grantedMinor, drawnMinor] = [0n, 0n]
      for (const [second, step] of wanted.entries()) {
        if (step.kind === "bill") {
          const jobIds = new Set<string>(step.jobs)
          const { settledMinor } = prepaid
          const drawn = drawPrepaid(prepaid, { receiptId: `r${second}`, owedMinor: step.owedMinor, jobIds, atSeconds: second })
          let othersMinor = 0n
          for (const [holdId, each] of prepaid.holds) if (!jobIds.has(holdId) && each.expiresAtSeconds > second) othersMinor += openOf(each)
          const mostMinor = settledMinor - othersMinor
          const expectedMinor = step.owedMinor <= 0n ? 0n : step.owedMinor < mostMinor ? step.owedMinor : mostMinor
          expect(drawn.drawnMinor).toBe(expectedMinor)
          let replayed = prepaid
          for (const operation of drawn.operations) replayed = Result.getOrThrow(applyPrepaid(replayed, operation))
          expect(replayed).toEqual(drawn.prepaid)
          prepaid = drawn.prepaid
          drawnMinor += drawn.drawnMinor
        } else {
          const { kind, ...rest } = step
          const id = `${kind}/${second}`
          const operation: PrepaidOperation =
            step.kind === "hold"
              ? {
                  id,
                  kind: "hold",
                  holdId: step.holdId,
                  amountMinor: step.amountMinor,
                  expiresAtSeconds: second + step.span,
                  atSeconds: second,
                }
              : ({ id, kind, ...rest } as PrepaidOperation)
          const applied = applyPrepaid(prepaid, operation)
          if (Result.isFailure(applied)) continue
          prepaid = applied.success
          if (step.kind === "top-up") grantedMinor += step.amountMinor
        }
        const balances = prepaidBalances(prepaid)
        expect(balances.settledMinor).toBe(grantedMinor - drawnMinor)
        expect(balances.availableMinor >= 0n).toBe(true)
        for (const each of prepaid.holds.values())
          expect(each.postedMinor + each.voidedMinor + each.expiredMinor + openOf(each)).toBe(each.amountMinor)
      }
    }),
    { numRuns: 500 },
  )
})
