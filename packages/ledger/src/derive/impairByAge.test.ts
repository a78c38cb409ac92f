import { Result } from "effect"
import { describe, expect, test } from "vitest"
import { issuedOf, payerOf } from "../../test/receipts.ts"
import { defaultPolicy } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { trialBalance } from "../journal/trialBalance.ts"
import { documentDatesOf } from "../report/documentDatesOf.ts"
import { deriveEntries } from "./deriveEntries.ts"
import { impairByAge } from "./impairByAge.ts"

const month = "2026-10"
const receipts = [issuedOf(payerOf("p2"), [10_000n]), issuedOf(payerOf("p1"), [20_000n]), issuedOf(payerOf("p3"), [-5_000n])]
const posted = receipts.flatMap((receipt) => Result.getOrThrow(deriveEntries({ kind: "issued", receipt, month }, defaultPolicy)))
const at = (percent: bigint, of: readonly Entry[]): readonly Entry[] =>
  impairByAge(of, {
    tenant: "mu",
    month,
    losses: { buckets: [], rates: [{ units: percent, scale: 2 }] },
    roles: defaultPolicy.roles,
    documentDates: documentDatesOf(receipts),
  })
const balanceOf = (of: readonly Entry[], account: string): bigint =>
  trialBalance(of, defaultPolicy.chart).accounts.find((balance) => balance.account === account)?.balanceMinor ?? 0n
const moves = (entries: readonly Entry[]): string[] =>
  entries.flatMap(({ transfers }) =>
    transfers.map(
      ({ debitAccount, creditAccount, amountMinor, payerId }) => `${payerId} ${debitAccount} < ${creditAccount} ${amountMinor}`,
    ),
  )

test("every debtor by id, in one entry of no receipt; who stands in credit has no loss", () => {
  const entries = at(5n, posted)
  expect(moves(entries)).toEqual(["p1 6100 < 1190 1070", "p2 6100 < 1190 535"])
  expect(entries).toMatchObject([{ currencyExponent: 2, source: { kind: "impairment", receiptId: null, receiptNumber: null } }])
})

test("the allowance follows the rate up and down, and a second run at the same rate moves nothing", () => {
  const raised = [...posted, ...at(5n, posted)]
  const halved = at(2n, raised)
  expect(moves(halved)).toEqual(["p1 1190 < 6100 642", "p2 1190 < 6100 321"])
  expect(at(2n, [...raised, ...halved])).toEqual([])
  expect(moves(at(4n, [...raised, ...halved]))).toEqual(["p1 6100 < 1190 428", "p2 6100 < 1190 214"])
})

test("an allowance without a receivable is given back in its own currency", () => {
  const [raised] = at(5n, posted)
  expect(at(5n, raised === undefined ? [] : [raised])).toMatchObject([{ currency: "THB", currencyExponent: 2 }])
})

test("payers stand by id, whether they still owe or only have an allowance", () => {
  const ofSecond = posted.filter(({ source }) => source.receiptId === receipts[0]?.id)
  expect(moves(at(4n, [...ofSecond, ...at(5n, posted)]))).toEqual(["p1 1190 < 6100 1070", "p2 1190 < 6100 107"])
})

describe("impairment by age", () => {
  const losses = {
    buckets: [30],
    rates: [
      { units: 1n, scale: 2 },
      { units: 1n, scale: 1 },
    ],
  }
  const receipt = issuedOf(payerOf("p1"), [10_000n])
  const posted = Result.getOrThrow(deriveEntries({ kind: "issued", receipt, month: "2026-10" }, defaultPolicy))
  const age = (of: readonly Entry[], month: string): readonly Entry[] =>
    impairByAge(of, { tenant: "mu", month, losses, roles: defaultPolicy.roles, documentDates: documentDatesOf([receipt]) })

  test("raises the allowance as debts age, changes nothing twice, gives back what is paid", () => {
    const october = age(posted, "2026-10")
    expect(october.flatMap(({ transfers }) => transfers)).toMatchObject([
      { debitAccount: "6100", creditAccount: "1190", amountMinor: 107n, payerId: "p1" },
    ])
    expect(age([...posted, ...october], "2026-10")).toEqual([])
    const december = age([...posted, ...october], "2026-12")
    expect(balanceOf([...october, ...december], "1190")).toBe(-1_070n)
    const all = [...posted, ...october, ...december]
    const paid = Result.getOrThrow(
      deriveEntries(
        {
          kind: "paid",
          receipt,
          month: "2027-01",
          paymentId: "b",
          date: "2027-01-05",
          from: "bank",
          receivedMinor: 10_700n,
          withheldMinor: 0n,
          posted: all,
        },
        defaultPolicy,
      ),
    )
    expect(balanceOf([...all, ...paid, ...age([...all, ...paid], "2027-01")], "1190")).toBe(0n)
  })

  test("needs a rate for every bucket", () => {
    expect(() =>
      impairByAge(posted, {
        tenant: "mu",
        month: "2026-10",
        losses: { ...losses, rates: [] },
        roles: defaultPolicy.roles,
        documentDates: new Map(),
      }),
    ).toThrow(/loss rates/)
  })
})
