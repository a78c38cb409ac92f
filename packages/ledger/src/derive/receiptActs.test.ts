import type { Receipt } from "@hpc-billing/core"
import { Result } from "effect"
import fc from "fast-check"
import { expect, test } from "vitest"
import { cryptography } from "../../test/chains.ts"
import { draftOf, issuedOf, payerOf } from "../../test/receipts.ts"
import { defaultPolicy } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { journalDigest } from "../journal/canonicalJournal.ts"
import { checkEntry } from "../journal/postEntry.ts"
import { trialBalance } from "../journal/trialBalance.ts"
import { creditableOf } from "./creditableOf.ts"
import { deriveEntries } from "./deriveEntries.ts"
import { previewJournal } from "./previewJournal.ts"
import type { ReceiptEvent } from "./ReceiptEvent.ts"
import { receiptPosition } from "./receiptPosition.ts"
import { reverseEntry } from "./reverseEntry.ts"

const month = "2026-10"
const date = "2026-10-31"
const { roles } = defaultPolicy
const receipt = issuedOf(payerOf("p1"), [10_000n])

type Act = (posted: readonly Entry[], of?: Receipt) => ReceiptEvent

let acts = 0
const nextId = (): string => {
  acts += 1
  return String(acts)
}
const pay =
  (receivedMinor: bigint, withheldMinor = 0n, from: "bank" | "prepaid" = "bank"): Act =>
  (posted, of = receipt) => ({ kind: "paid", receipt: of, month, paymentId: nextId(), date, from, receivedMinor, withheldMinor, posted })
const credit =
  (netMinor: bigint, taxMinor: bigint): Act =>
  (posted, of = receipt) => ({ kind: "credited", receipt: of, month, creditNoteNumber: nextId(), date, netMinor, taxMinor, posted })
const refund =
  (amountMinor: bigint): Act =>
  (posted, of = receipt) => ({ kind: "refunded", receipt: of, month, refundId: nextId(), date, amountMinor, posted })
const writeOff: Act = (posted, of = receipt) => ({ kind: "written-off", receipt: of, month, date, reason: "insolvent", posted })
const voiding: Act = (posted, of = receipt) => ({ kind: "voided", receipt: of, month, date, reason: "wrong payer", posted })

const issued = (of = receipt): readonly Entry[] =>
  (["accrued", "issued"] as const).flatMap((kind) =>
    Result.getOrThrow(deriveEntries({ kind, receipt: of, month: of.month }, defaultPolicy)),
  )
const after = (...done: readonly Act[]): readonly Entry[] => {
  const posted = [...issued()]
  for (const act of done) posted.push(...Result.getOrThrow(deriveEntries(act(posted), defaultPolicy)))
  return posted
}

const states = {
  issued: after(),
  "paid in part": after(pay(4_000n)),
  paid: after(pay(10_700n)),
  "credited in part": after(credit(1_000n, 70n)),
  "credited whole": after(credit(10_000n, 700n)),
  "in credit": after(pay(10_700n), credit(1_000n, 70n)),
  refunded: after(pay(10_700n), credit(1_000n, 70n), refund(1_070n)),
  "written off": after(pay(4_000n), writeOff),
  "recovered in part": after(writeOff, pay(4_000n)),
  recovered: after(writeOff, pay(10_700n)),
} as const

const sentences = {
  noRefund: /must be above zero and at most 0\.00 THB, what receipt .* stands in credit/,
  noDebt: /has no open debt to write off/,
  noCredit: /is written off over [\d.]+ THB: a credit note can take back only what is not given up/,
  creditWhole: /at most net 0\.00 and tax 0\.00/,
  noDraw: /is open over 0\.00 THB: no more than that can be withheld or drawn/,
  booked: /has payments or other bookings: write a credit note instead/,
  lost: /is written off and cannot be voided/,
} as const

type Outcome = "done" | keyof typeof sentences

/** In columns: money or prepaid credit of 1.00 THB, a credit note of 1.00 THB, a refund of 1.00 THB, a write-off, a void. */
const table: Readonly<Record<keyof typeof states, readonly [Outcome, Outcome, Outcome, Outcome, Outcome]>> = {
  issued: ["done", "done", "noRefund", "done", "done"],
  "paid in part": ["done", "done", "noRefund", "done", "booked"],
  paid: ["noDraw", "done", "noRefund", "noDebt", "booked"],
  "credited in part": ["done", "done", "noRefund", "done", "booked"],
  "credited whole": ["noDraw", "creditWhole", "noRefund", "noDebt", "booked"],
  "in credit": ["noDraw", "done", "done", "noDebt", "booked"],
  refunded: ["noDraw", "done", "noRefund", "noDebt", "booked"],
  "written off": ["done", "noCredit", "noRefund", "noDebt", "lost"],
  "recovered in part": ["done", "noCredit", "noRefund", "noDebt", "lost"],
  recovered: ["noDraw", "done", "noRefund", "noDebt", "lost"],
}

const columns: readonly (readonly [string, Act])[] = [
  ["draws", pay(100n, 0n, "prepaid")],
  ["credits", credit(100n, 0n)],
  ["refunds", refund(100n)],
  ["writes off", writeOff],
  ["voids", voiding],
]

test.each(Object.entries(table))("a receipt that is %s takes what the table says, and says why not", (state, outcomes) => {
  const posted = states[state as keyof typeof states]
  for (const [index, [, act]] of columns.entries()) {
    const outcome = outcomes[index] as Outcome
    const result = deriveEntries(act(posted), defaultPolicy)
    if (outcome === "done") expect(Result.isSuccess(result)).toBe(true)
    else expect(Result.isFailure(result) ? result.failure.message : "booked").toMatch(sentences[outcome])
  }
})

test("a draft takes none of these acts", () => {
  const draft = draftOf(payerOf("p1"), [10_000n])
  for (const [, act] of columns) expect(Result.isFailure(deriveEntries(act([], draft), defaultPolicy))).toBe(true)
})

const transfersOf = (entries: readonly Entry[]): string[] =>
  entries.flatMap(({ source, transfers }) =>
    transfers.map(({ debitAccount, creditAccount, amountMinor }) => `${source.kind} ${debitAccount} < ${creditAccount} ${amountMinor}`),
  )

test("money after a write-off takes the write-off back first, its tax too, and leaves nothing in unearned revenue", () => {
  const lost = after(writeOff)
  const half = Result.getOrThrow(deriveEntries(pay(5_350n)(lost), defaultPolicy))
  expect(transfersOf(half)).toEqual([
    "impairment 1100 < 2110 350",
    "impairment 1100 < 1190 5000",
    "payment 1000 < 1100 5350",
    "payment 2110 < 2100 350",
  ])
  const rest = Result.getOrThrow(deriveEntries(pay(5_000n, 350n)([...lost, ...half]), defaultPolicy))
  expect(receiptPosition(receipt.id, [...lost, ...half, ...rest], roles)).toEqual({
    receivableMinor: 0n,
    vatNotYetDueMinor: 0n,
    receivedMinor: 10_350n,
    withheldMinor: 350n,
    creditedMinor: 0n,
    refundedMinor: 0n,
    writtenOffMinor: 0n,
    writtenOffVatMinor: 0n,
  })
})

const anAct = fc.oneof(
  fc.tuple(fc.bigInt(0n, 12_000n), fc.bigInt(0n, 400n), fc.constantFrom("bank" as const, "prepaid" as const)).map((of) => pay(...of)),
  fc.tuple(fc.bigInt(0n, 11_000n), fc.bigInt(0n, 800n)).map((of) => credit(...of)),
  fc.bigInt(0n, 6_000n).map(refund),
  fc.constant(writeOff),
  fc.constant(voiding),
)

test("after any acts the receivable is billed less credited, paid and written off, and refunds never pay out more than came in", () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 20_000n), fc.boolean(), fc.array(anAct, { maxLength: 12 }), (netMinor, taxable, wanted) => {
      const of = issuedOf(payerOf("p1", taxable), [netMinor])
      let posted = issued(of)
      for (const act of wanted) {
        const event = act(posted, of)
        const made = deriveEntries(event, defaultPolicy)
        if (Result.isFailure(made)) continue
        for (const entry of made.success) expect(Result.isSuccess(checkEntry(entry, defaultPolicy.chart))).toBe(true)
        posted = [...posted, ...made.success]
        if (event.kind === "voided") break
        const at = receiptPosition(of.id, posted, roles)
        const paidMinor = at.receivedMinor + at.withheldMinor - at.refundedMinor
        expect(at.receivableMinor).toBe(of.grossMinor - at.creditedMinor - paidMinor - at.writtenOffMinor)
        expect(at.receivableMinor >= (at.creditedMinor > 0n ? -paidMinor : 0n)).toBe(true)
        expect(
          [paidMinor, at.creditedMinor, at.writtenOffMinor, at.vatNotYetDueMinor, at.writtenOffVatMinor].every((sum) => sum >= 0n),
        ).toBe(true)
        expect(at.creditedMinor <= of.grossMinor && at.writtenOffMinor <= of.grossMinor).toBe(true)
      }
      expect(new Set(posted.map(({ id }) => id)).size).toBe(posted.length)
    }),
    { numRuns: 500 },
  )
})

const limits: readonly (readonly [string, readonly Act[], Act, "booked" | "refused"])[] = [
  ["a credit note of tax alone", [], credit(0n, 70n), "booked"],
  ["a credit note of as much tax as net", [], credit(70n, 70n), "booked"],
  ["a credit note of all", [], credit(10_000n, 700n), "booked"],
  ["a credit note of nothing", [], credit(0n, 0n), "refused"],
  ["a credit note with tax below zero", [], credit(1_000n, -70n), "refused"],
  ["a credit note with net below zero", [], credit(-70n, 700n), "refused"],
  ["a credit note of one unit too much net", [], credit(10_001n, 0n), "refused"],
  ["a credit note of one unit too much tax", [], credit(0n, 701n), "refused"],
  ["a credit note of all that payments left alone", [pay(4_000n)], credit(10_000n, 700n), "booked"],
  ["a second credit note beyond the receipt", [credit(9_999n, 0n)], credit(2n, 0n), "refused"],
  ["a payment withheld whole", [], pay(0n, 10_700n), "booked"],
  ["a payment withheld by one unit too much", [], pay(0n, 10_701n), "refused"],
  ["a payment of nothing", [], pay(0n, 0n), "refused"],
  ["a payment below zero", [], pay(-1n, 2n), "refused"],
  ["withholding below zero", [], pay(2n, -1n), "refused"],
  ["prepaid credit and tax withheld over all", [], pay(10_400n, 300n, "prepaid"), "booked"],
  ["prepaid credit and tax withheld beyond all", [], pay(10_401n, 300n, "prepaid"), "refused"],
  ["money when nothing is owed", [pay(10_700n)], pay(100n), "booked"],
  ["a refund of all that stands in credit", [pay(10_701n), credit(1n, 0n)], refund(1n), "booked"],
  ["a refund of nothing", [pay(10_700n), credit(100n, 7n)], refund(0n), "refused"],
  ["a refund below zero", [pay(10_700n), credit(100n, 7n)], refund(-1n), "refused"],
  ["a refund of one unit too much", [pay(10_701n), credit(1n, 0n)], refund(2n), "refused"],
]

test.each(limits)("at the limit: %s", (_, done, act, outcome) => {
  const result = deriveEntries(act(after(...done)), defaultPolicy)
  expect(Result.isSuccess(result) ? "booked" : "refused").toBe(outcome)
})

test("who has not been issued or was voided is told so", () => {
  const draft = draftOf(payerOf("p1"), [10_000n])
  for (const act of [pay(1n), credit(1n, 0n), voiding]) {
    const result = deriveEntries(act(issued(), draft), defaultPolicy)
    expect(Result.isFailure(result) ? result.failure.reason : "booked").toBe("wrong-status")
  }
  const { status } = receipt
  if (status.kind !== "issued") throw new Error("the receipt was issued")
  const ended: Receipt = { ...receipt, status: { ...status, kind: "void", voidedAtSeconds: status.issuedAtSeconds, reason: "" } }
  expect(Result.isSuccess(deriveEntries(voiding(issued(), ended), defaultPolicy))).toBe(true)
  for (const act of [pay(1n), credit(1n, 0n)]) {
    const result = deriveEntries(act(issued(), ended), defaultPolicy)
    expect(Result.isFailure(result) ? result.failure.reason : "booked").toBe("wrong-status")
  }
})

test("money and prepaid credit say which they are; a draft's accrual names no number", () => {
  const memos = (act: Act): readonly (string | undefined)[] =>
    Result.getOrThrow(deriveEntries(act(issued()), defaultPolicy)).map(({ transfers }) => transfers[0]?.memo)
  expect([memos(pay(100n)), memos(pay(100n, 0n, "prepaid"))]).toEqual([["received"], ["drawn from prepaid credit"]])
  const accrued = Result.getOrThrow(deriveEntries({ kind: "accrued", receipt: draftOf(payerOf("p1"), [10_000n]), month }, defaultPolicy))
  expect(accrued).toMatchObject([{ source: { receiptNumber: null } }])
})

test("what became of other receipts counts for none of these acts", () => {
  const other = issuedOf(payerOf("p2"), [10_000n])
  let others = issued(other)
  for (const act of [pay(10_700n), credit(9_000n, 630n), refund(100n)])
    others = [...others, ...Result.getOrThrow(deriveEntries(act(others, other), defaultPolicy))]
  const lost = Result.getOrThrow(deriveEntries(writeOff(issued(other), other), defaultPolicy))
  const own = issued()
  expect(receiptPosition(receipt.id, [...others, ...own], roles)).toEqual(receiptPosition(receipt.id, own, roles))
  expect(creditableOf(receipt, [...others, ...own], roles)).toEqual({ netMinor: 10_000n, taxMinor: 700n })
  const moved = (act: Act, posted: readonly Entry[]): string[] => transfersOf(Result.getOrThrow(deriveEntries(act(posted), defaultPolicy)))
  for (const act of [pay(10_700n), credit(10_000n, 700n), writeOff])
    expect(moved(act, [...others, ...own, ...lost])).toEqual(moved(act, own))
  expect(Result.getOrThrow(deriveEntries(voiding([...others, ...own, ...lost]), defaultPolicy)).map(({ reverses }) => reverses)).toEqual(
    own.map(({ id }) => id),
  )
})

test("a refund counts as money that went back", () => {
  expect(receiptPosition(receipt.id, after(pay(10_700n), credit(1_000n, 70n), refund(1_070n)), roles)).toMatchObject({
    receivableMinor: 0n,
    receivedMinor: 10_700n,
    creditedMinor: 1_070n,
    refundedMinor: 1_070n,
  })
})

test("of a refund, no more and no less than nothing to all of it goes back to prepaid credit", () => {
  const posted = after(pay(10_700n), credit(100n, 7n))
  const refunded = (prepaidMinor: bigint) =>
    deriveEntries({ kind: "refunded", receipt, month, refundId: "r", date, amountMinor: 107n, prepaidMinor, posted }, defaultPolicy)
  const moved = [0n, 7n, 107n].map((prepaidMinor) => transfersOf(Result.getOrThrow(refunded(prepaidMinor))))
  expect(moved).toEqual([["refund 1100 < 1000 107"], ["refund 1100 < 2000 7", "refund 1100 < 1000 100"], ["refund 1100 < 2000 107"]])
  for (const prepaidMinor of [-1n, 108n]) expect(() => refunded(prepaidMinor)).toThrow(RangeError)
})

test("a void says when, why and of which receipt it undoes an entry; another reversal is called one", () => {
  const [accrued] = issued()
  const [undone] = Result.getOrThrow(deriveEntries(voiding(issued()), defaultPolicy))
  expect(undone).toMatchObject({
    month,
    effectiveDate: date,
    memo: `Reversal of ${accrued?.id}: wrong payer`,
    source: { kind: "void", receiptId: receipt.id, receiptNumber: "IV-2026-10-p1-1" },
  })
  const reversed = reverseEntry(accrued as Entry, { month: "2026-11", date: "2026-11-02", reason: "twice" })
  expect(reversed).toMatchObject({ month: "2026-11", effectiveDate: "2026-11-02", source: { kind: "reversal", receiptId: receipt.id } })
})

test("a write-off keeps its reason, without the space around it", () => {
  const given = { ...writeOff(issued()), reason: " insolvent\n" }
  expect(Result.getOrThrow(deriveEntries(given, defaultPolicy))).toMatchObject([{ memo: "Written off: insolvent" }])
})

test("a preview has the entries that posting writes, their digest and their balance", () => {
  const events = [pay(10_700n)(issued()), credit(100n, 7n)(issued())]
  const entries = events.flatMap((event) => Result.getOrThrow(deriveEntries(event, defaultPolicy)))
  expect(Result.getOrThrow(previewJournal(cryptography, events, defaultPolicy))).toEqual({
    entries,
    journalSha256: journalDigest(cryptography, entries),
    trialBalance: trialBalance(entries, defaultPolicy.chart),
  })
})

test("a preview stops at the first act that is refused, with its reason", () => {
  const preview = previewJournal(cryptography, [pay(0n)(issued()), pay(1n)(issued())], defaultPolicy)
  expect(Result.isFailure(preview) ? preview.failure.reason : "booked").toBe("wrong-amount")
})
