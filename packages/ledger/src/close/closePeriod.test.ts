import { monthWindow, type Receipt } from "@hpc-billing/core"
import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cryptography } from "../../test/chains.ts"
import { draftOf, issuedOf, payerOf } from "../../test/receipts.ts"
import { defaultPolicy } from "../chart/Chart.ts"
import { deriveEntries } from "../derive/deriveEntries.ts"
import { previewJournal } from "../derive/previewJournal.ts"
import { reverseEntry } from "../derive/reverseEntry.ts"
import type { Entry } from "../Entry.ts"
import { journalDigest } from "../journal/canonicalJournal.ts"
import { postEntry } from "../journal/postEntry.ts"
import type { Period } from "../Period.ts"
import { closePeriod } from "./closePeriod.ts"

const window = monthWindow("2026-10", "Asia/Bangkok")
const open: Period = { tenant: "mu", month: "2026-10", zone: "Asia/Bangkok", window, status: { kind: "open" } }
const journalOf = (receipts: readonly Receipt[]): readonly Entry[] =>
  Result.getOrThrow(
    previewJournal(
      cryptography,
      receipts.flatMap((receipt) => [
        { kind: "accrued", receipt, month: receipt.month } as const,
        { kind: "issued", receipt, month: receipt.month } as const,
      ]),
      defaultPolicy,
    ),
  ).entries
const close = (
  receipts: readonly Receipt[],
  entries: readonly Entry[],
  period = open,
  atSeconds = window.endSeconds,
): ReturnType<typeof closePeriod> =>
  closePeriod(cryptography, { period, receipts, entries, policy: defaultPolicy, atSeconds, by: "user:default/ada" })
const findingsOf = (result: ReturnType<typeof closePeriod>): readonly string[] =>
  Result.isFailure(result) ? result.failure.findings.map(({ text }) => text) : []

const receipts = [issuedOf(payerOf("p1"), [10_000n]), issuedOf(payerOf("p2", false), [500n, -900n]), issuedOf(payerOf("p3"), [0n])]
const entries = journalOf(receipts)

test("a month that ties closes, with its journal's digest and totals", () => {
  const { period, trialBalance } = Result.getOrThrow(close(receipts, entries))
  expect(period.status).toEqual({
    kind: "closed",
    closedAtSeconds: window.endSeconds,
    closedBy: "user:default/ada",
    journalSha256: journalDigest(cryptography, entries),
    debitMinor: 21_500n,
    creditMinor: 21_500n,
    entryCount: 4,
  })
  expect(trialBalance.totals).toEqual([{ currency: "THB", debitMinor: 21_500n, creditMinor: 21_500n }])
})

const [accrued, issued] = entries as readonly [Entry, Entry]
const [first, ...others] = receipts as [Receipt, ...Receipt[]]
const rows: readonly (readonly [string, readonly Receipt[], readonly Entry[], RegExp])[] = [
  [
    "an entry is missing",
    receipts,
    entries.slice(1),
    /Receipt IV-2026-10-p1-1 \(mu\/2026-10\/p1\/1\): revenue in the journal should be 100\.00, found 0\.00 THB\./,
  ],
  ["an entry stands twice", receipts, [...entries, accrued], /Entry mu\/2026-10\/p1\/1\/accrued stands twice/],
  [
    "an amount is one minor unit off",
    receipts,
    [
      { ...issued, transfers: issued.transfers.map((transfer) => ({ ...transfer, amountMinor: transfer.amountMinor + 1n })) },
      ...entries.filter((entry) => entry !== issued),
    ],
    /the receivable in the journal should be 107\.00, found 107\.02/,
  ],
  [
    "an account is unknown",
    receipts,
    [...entries.slice(1), { ...accrued, transfers: [{ ...accrued.transfers[0], creditAccount: "4001" } as Entry["transfers"][0]] }],
    /names account 4001/,
  ],
  ["a draft is left", [...receipts, draftOf(payerOf("p4"), [1n])], entries, /mu\/2026-10\/p4\/1 is still a draft/],
  ["a receipt is missing", others, entries, /The journal books receipt mu\/2026-10\/p1\/1, which is not among/],
  ["the lines do not sum", [{ ...first, netMinor: 9_999n }, ...others], entries, /the net total is 99\.99, found 100\.00/],
  ["the taxes do not sum", [{ ...first, taxMinor: 699n }, ...others], entries, /the tax total is 6\.99, found 7\.00/],
  ["net and tax do not make the gross", [{ ...first, grossMinor: 10_701n }, ...others], entries, /net and tax make 107\.00, found 107\.01/],
  [
    "a receipt is not billed",
    receipts,
    entries.filter((entry) => entry !== issued),
    /what is accrued and not billed should be 0\.00, found 100\.00/,
  ],
  [
    "the tax is booked as revenue",
    receipts,
    [
      { ...issued, transfers: issued.transfers.map((each) => (each.creditAccount === "2110" ? { ...each, creditAccount: "4000" } : each)) },
      ...entries.filter((entry) => entry !== issued),
    ],
    /tax in the journal should be 7\.00, found 0\.00/,
  ],
  ["an entry is another tenant's", receipts, [...entries.slice(1), { ...accrued, tenant: "x" }], /does not belong to 2026-10/],
  ["an entry is of another month", receipts, [...entries.slice(1), { ...accrued, month: "2026-11" }], /does not belong to 2026-10/],
]

describe("a month that does not tie is refused and named", () => {
  test.each(rows)("%s", (_, ofReceipts, ofEntries, sentence) => {
    expect(findingsOf(close(ofReceipts, ofEntries)).join("\n")).toMatch(sentence)
  })
})

test("one finding is told alone, of more it says how many", () => {
  const messageOf = (of: readonly Receipt[]): string => {
    const result = close(of, entries)
    return Result.isFailure(result) ? result.failure.message : "closed"
  }
  expect(messageOf([...receipts, draftOf(payerOf("p4"), [1n])])).toMatch(/without it\.$/)
  expect(messageOf([...receipts, draftOf(payerOf("p4"), [1n]), draftOf(payerOf("p5"), [1n])])).toMatch(/ \(and 1 more\)$/)
})

test("payments and credit notes of a receipt, and entries of none, do not disturb its close", () => {
  const payment: Entry = { ...issued, id: "payment", source: { ...issued.source, kind: "payment" } }
  const adjustment: Entry = { ...issued, id: "adjustment", source: { kind: "adjustment", receiptId: null, receiptNumber: null } }
  expect(findingsOf(close(receipts, [...entries, payment, adjustment]))).toEqual([])
})

test("a voided receipt ties when the journal undid it, and not before", () => {
  const { status } = first
  if (status.kind !== "issued") throw new Error("the receipt was issued")
  const ended: Receipt = { ...first, status: { ...status, kind: "void", voidedAtSeconds: status.issuedAtSeconds, reason: "" } }
  const undone = entries
    .filter(({ source }) => source.receiptId === first.id)
    .map((entry) => reverseEntry(entry, { month: "2026-10", date: "2026-10-31", reason: "", kind: "void" }))
  expect(findingsOf(close([ended, ...others], [...entries, ...undone]))).toEqual([])
  expect(findingsOf(close([ended, ...others], entries)).join("\n")).toMatch(/revenue in the journal should be 0\.00, found 100\.00/)
})

test("a closed month does not close again, a running month does not close", () => {
  const { period } = Result.getOrThrow(close(receipts, entries))
  const again = close(receipts, entries, period)
  const early = close(receipts, entries, open, window.endSeconds - 1)
  expect([again, early].map((result) => Result.isFailure(result) && result.failure.reason)).toEqual(["period-closed", "wrong-period"])
  expect([again, early].flatMap(findingsOf)).toEqual([])
})

test("where tax falls due at issue the month ties too", () => {
  const atIssue = Result.getOrThrow(
    deriveEntries({ kind: "issued", receipt: first, month: "2026-10" }, { ...defaultPolicy, vatPoint: "at-issue" }),
  )
  expect(findingsOf(close(receipts, [...atIssue, ...entries.filter((entry) => entry !== issued)]))).toEqual([])
})

test("I8: nothing posts into a closed period, another month or another tenant's", () => {
  const { period } = Result.getOrThrow(close(receipts, entries))
  const reason = (entry: Entry, into: Period): string => {
    const posted = postEntry(entry, into, defaultPolicy.chart)
    return Result.isFailure(posted) ? posted.failure.reason : "posted"
  }
  expect([
    reason(accrued, open),
    reason(accrued, period),
    reason({ ...accrued, month: "2026-11" }, open),
    reason({ ...accrued, tenant: "x" }, open),
  ]).toEqual(["posted", "period-closed", "wrong-period", "wrong-tenant"])
})

test("I6 and I9: previews, postings and re-derivations in any order have one digest", () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt(-1_000n, 100_000n), { minLength: 1, maxLength: 8 }), (nets) => {
      const made = nets.map((net, index) => issuedOf(payerOf(`p${index}`), [net]))
      const status = Result.getOrThrow(close(made, journalOf(made))).period.status
      expect(journalDigest(cryptography, [...journalOf(made.toReversed())])).toBe(status.kind === "closed" && status.journalSha256)
    }),
    { numRuns: 30 },
  )
})
