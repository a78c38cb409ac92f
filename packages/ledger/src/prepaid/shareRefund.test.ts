import { Result } from "effect"
import fc from "fast-check"
import { expect, test } from "vitest"
import { baht } from "../../test/receipts.ts"
import { applyPrepaid } from "./applyPrepaid.ts"
import { drawnMinorOf } from "./drawnMinorOf.ts"
import { drawPrepaid } from "./drawPrepaid.ts"
import { emptyPrepaid, type Prepaid, type PrepaidOperation, prepaidBalances } from "./Prepaid.ts"
import { shareRefund } from "./shareRefund.ts"

const credits = (...drawn: readonly bigint[]) => drawn.map((drawnMinor, index) => ({ project: `p${index}`, drawnMinor }))

test.each<readonly [string, bigint, bigint, readonly bigint[], readonly bigint[]]>([
  ["all of what was drawn", 500n, 0n, [500n], [500n]],
  ["a part of what was drawn", 120n, 0n, [500n], [120n]],
  ["half to each when both paid the same", 100n, 500n, [500n], [50n]],
  ["the odd unit to the credit", 101n, 500n, [500n], [50n]],
  ["by what each project gave", 100n, 0n, [300n, 100n], [75n, 25n]],
  ["nothing where nothing was drawn", 100n, 500n, [], []],
  ["nothing of a receipt below zero that nobody paid", 100n, 0n, [0n], [0n]],
  ["no more than was drawn", 700n, 0n, [500n], [500n]],
  ["all that is left when the bank gave more than it took", 500n, -200n, [700n], [500n]],
  ["nothing of a refund that is none", -5n, 0n, [500n], [0n]],
])("gives back %s", (_, amountMinor, bankMinor, drawn, parts) => {
  expect(shareRefund(amountMinor, { bankMinor, credits: credits(...drawn) })).toEqual(parts)
})

const steps = fc.array(
  fc.oneof(
    fc.bigInt(1n, 2_000n).map((amountMinor) => ({ kind: "top-up" as const, amountMinor })),
    fc.bigInt(1n, 800n).map((amountMinor) => ({ kind: "hold" as const, amountMinor })),
    fc.tuple(fc.nat(2), fc.bigInt(1n, 3_000n)).map(([receipt, owedMinor]) => ({ kind: "bill" as const, receipt, owedMinor })),
    fc
      .tuple(fc.nat(2), fc.bigInt(1n, 3_000n), fc.boolean())
      .map(([receipt, amountMinor, toBank]) => ({ kind: "refund" as const, receipt, amountMinor, toBank })),
  ),
  { maxLength: 40 },
)

test("I11 I12 I13: whatever is drawn and refunded in however many parts, a receipt gives back what it took, and no credit gains by it", () => {
  fc.assert(
    fc.property(steps, (wanted) => {
      const logs: PrepaidOperation[][] = [[], []]
      const standing = logs.map((_, index) => emptyPrepaid(`p${index}`, baht))
      const receipts = [0, 1, 2].map(() => ({ billedMinor: 0n, bankMinor: 0n }))
      let [grantedMinor, bankMinor, heldMinor] = [0n, 0n, 0n]
      const apply = (index: number, operation: PrepaidOperation): boolean => {
        const applied = applyPrepaid(standing[index] as Prepaid, operation)
        if (Result.isFailure(applied)) return false
        standing[index] = applied.success
        logs[index]?.push(operation)
        return true
      }
      for (const [second, step] of wanted.entries()) {
        const index = second % 2
        const id = `${step.kind}/${second}`
        if (step.kind === "top-up" && apply(index, { ...step, id })) grantedMinor += step.amountMinor
        if (step.kind === "hold") {
          const { amountMinor } = step
          const hold: PrepaidOperation = { id, kind: "hold", holdId: id, amountMinor, expiresAtSeconds: 1_000, atSeconds: second }
          if (apply(index, hold)) heldMinor += amountMinor
        }
        if (step.kind === "bill") {
          const receipt = receipts[step.receipt] as (typeof receipts)[number]
          if (receipt.billedMinor > 0n) continue
          let leftMinor = step.owedMinor
          for (const [at, prepaid] of standing.entries()) {
            const receiptId = `r${step.receipt}`
            const drawn = drawPrepaid(prepaid, { receiptId, owedMinor: leftMinor, jobIds: new Set(), atSeconds: second })
            for (const operation of drawn.operations) expect(apply(at, operation)).toBe(true)
            expect(drawnMinorOf(logs[at] as PrepaidOperation[], receiptId)).toBe(drawn.drawnMinor)
            leftMinor -= drawn.drawnMinor
          }
          receipt.billedMinor = step.owedMinor
          receipt.bankMinor = leftMinor
          bankMinor += leftMinor
        }
        if (step.kind === "refund") {
          const receiptId = `r${step.receipt}`
          const receipt = receipts[step.receipt] as (typeof receipts)[number]
          const drawn = standing.map(({ project }, at) => ({
            project,
            drawnMinor: drawnMinorOf(logs[at] as PrepaidOperation[], receiptId),
          }))
          const paidMinor = drawn.reduce((sum, { drawnMinor }) => sum + drawnMinor, receipt.bankMinor)
          const amountMinor = step.amountMinor < paidMinor ? step.amountMinor : paidMinor
          const parts = step.toBank ? drawn.map(() => 0n) : shareRefund(amountMinor, { bankMinor: receipt.bankMinor, credits: drawn })
          let outMinor = amountMinor
          for (const [at, part] of parts.entries()) {
            expect(part >= 0n && part <= (drawn[at]?.drawnMinor ?? 0n)).toBe(true)
            if (part > 0n)
              expect(apply(at, { id: `refund/${receiptId}/${second}`, kind: "refund", receiptId, amountMinor: part })).toBe(true)
            outMinor -= part
          }
          if (receipt.bankMinor === 0n && !step.toBank) expect(outMinor).toBe(0n)
          expect(outMinor >= 0n).toBe(true)
          receipt.bankMinor -= outMinor
          bankMinor -= outMinor
        }
        let [settledMinor, inFlightMinor] = [0n, 0n]
        for (const prepaid of standing) {
          const balances = prepaidBalances(prepaid)
          expect(balances.availableMinor >= 0n).toBe(true)
          settledMinor += balances.settledMinor
          inFlightMinor += balances.inFlightMinor
        }
        const drawnMinor = receipts.reduce((sum, _, receipt) => logs.reduce((all, log) => all + drawnMinorOf(log, `r${receipt}`), sum), 0n)
        expect(settledMinor).toBe(grantedMinor - drawnMinor)
        expect(inFlightMinor).toBe(heldMinor)
      }
      expect(bankMinor).toBe(receipts.reduce((sum, receipt) => sum + receipt.bankMinor, 0n))
    }),
    { numRuns: 300 },
  )
})
