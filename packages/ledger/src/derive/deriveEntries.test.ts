import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { draftOf, issuedOf, payerOf } from "../../test/receipts.ts"
import { defaultPolicy } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { journalLines } from "../journal/journalLines.ts"
import { checkEntry } from "../journal/postEntry.ts"
import { trialBalance } from "../journal/trialBalance.ts"
import { deriveEntries } from "./deriveEntries.ts"
import type { ReceiptEvent } from "./ReceiptEvent.ts"
import { reverseEntry } from "./reverseEntry.ts"

const month = "2026-10"
const payer = payerOf("p1")
const receipt = issuedOf(payer, [10_000n])
const derived = (event: ReceiptEvent, policy = defaultPolicy): readonly Entry[] => Result.getOrThrow(deriveEntries(event, policy))
const refusal = (event: ReceiptEvent): string => {
  const result = deriveEntries(event, defaultPolicy)
  return Result.isFailure(result) ? result.failure.reason : "booked"
}
const lines = (entries: readonly Entry[]): string[] =>
  entries.flatMap((entry) =>
    journalLines(entry).map((line) => `${line.debitMinor > 0n ? "Dr" : "Cr"} ${line.account} ${line.debitMinor + line.creditMinor}`),
  )
const booked = (of = receipt): Entry[] => [
  ...derived({ kind: "accrued", receipt: of, month: of.month }),
  ...derived({ kind: "issued", receipt: of, month: of.month }),
]
const balances = (entries: readonly Entry[]): Record<string, bigint> =>
  Object.fromEntries(
    trialBalance(entries, defaultPolicy.chart)
      .accounts.filter(({ balanceMinor }) => balanceMinor !== 0n)
      .map(({ account, balanceMinor }) => [account, balanceMinor]),
  )

describe("what each event books", () => {
  test("accrual: Dr contract asset, Cr revenue, on the last day of the month", () => {
    const entries = derived({ kind: "accrued", receipt, month })
    expect(lines(entries)).toEqual(["Dr 1150 10000", "Cr 4000 10000"])
    expect(entries[0]).toMatchObject({ id: "mu/2026-10/p1/1/accrued", effectiveDate: "2026-10-31", month })
  })

  test("issue: Dr receivable gross, Cr contract asset net, Cr VAT by policy; dated within the month it is posted in", () => {
    expect(lines(derived({ kind: "issued", receipt, month }))).toEqual(["Dr 1100 10700", "Cr 1150 10000", "Cr 2110 700"])
    expect(lines(derived({ kind: "issued", receipt, month }, { ...defaultPolicy, vatPoint: "at-issue" }))).toContain("Cr 2100 700")
    expect(derived({ kind: "issued", receipt, month })[0]).toMatchObject({
      effectiveDate: "2026-10-31",
      source: { receiptNumber: "IV-2026-10-p1-1" },
    })
    expect(derived({ kind: "issued", receipt, month: "2026-11" })[0]?.effectiveDate).toBe("2026-11-01")
  })

  test("a receipt without tax books no VAT, a receipt of nothing books nothing", () => {
    expect(lines(booked(issuedOf(payerOf("p2", false), [500n])))).toEqual(["Dr 1150 500", "Cr 4000 500", "Dr 1100 500", "Cr 1150 500"])
    expect(booked(issuedOf(payer, [0n]))).toEqual([])
  })

  test("a receipt below zero swaps its legs: the payer stands in credit, every transfer stays above zero", () => {
    const entries = booked(issuedOf(payer, [500n, -1_000n]))
    expect(lines(entries)).toEqual(["Dr 4000 500", "Cr 1150 500", "Dr 1150 500", "Dr 2110 35", "Cr 1100 535"])
    expect(balances(entries)).toEqual({ "1100": -535n, "2110": 35n, "4000": 500n })
  })

  test("payment with tax withheld at source moves VAT to due", () => {
    const payment: ReceiptEvent = {
      kind: "paid",
      receipt,
      month,
      paymentId: "b1",
      date: "2026-10-31",
      from: "bank",
      receivedMinor: 10_400n,
      withheldMinor: 300n,
      posted: booked(),
    }
    expect(lines(derived(payment))).toEqual(["Dr 1000 10400", "Dr 1180 300", "Dr 2110 700", "Cr 1100 10700", "Cr 2100 700"])
  })

  test("paid in parts, VAT falls due in parts that sum exactly; more than the debt becomes unearned revenue", () => {
    const posted = booked()
    for (const [index, receivedMinor] of [3_333n, 3_333n, 5_034n].entries()) {
      posted.push(
        ...derived({
          kind: "paid",
          receipt,
          month,
          paymentId: `b${index}`,
          date: "2026-10-31",
          from: "bank",
          receivedMinor,
          withheldMinor: 0n,
          posted,
        }),
      )
    }
    expect(balances(posted)).toEqual({ "1000": 11_700n, "2000": -1_000n, "2100": -700n, "4000": -10_000n })
  })

  test("prepaid credit is drawn from unearned revenue", () => {
    const entries = derived({
      kind: "paid",
      receipt,
      month,
      paymentId: "c1",
      date: "2026-10-31",
      from: "prepaid",
      receivedMinor: 10_700n,
      withheldMinor: 0n,
      posted: booked(),
    })
    expect(lines(entries)).toEqual(["Dr 2000 10700", "Dr 2110 700", "Cr 1100 10700", "Cr 2100 700"])
  })

  test("void undoes issue and accrual by reversals that name them", () => {
    const posted = booked()
    const entries = derived({ kind: "voided", receipt, month, date: "2026-10-31", reason: "wrong payer", posted })
    expect(entries.map(({ id, reverses }) => [id, reverses])).toEqual([
      ["mu/2026-10/p1/1/accrued/reversed", "mu/2026-10/p1/1/accrued"],
      ["mu/2026-10/p1/1/issued/reversed", "mu/2026-10/p1/1/issued"],
    ])
    expect(balances([...posted, ...entries])).toEqual({})
  })

  test("credit note takes VAT not yet due first; refund pays out what stands in credit", () => {
    const posted = booked()
    posted.push(
      ...derived({
        kind: "paid",
        receipt,
        month,
        paymentId: "b1",
        date: "2026-10-31",
        from: "bank",
        receivedMinor: 10_700n,
        withheldMinor: 0n,
        posted,
      }),
    )
    posted.push(
      ...derived({
        kind: "credited",
        receipt,
        month,
        creditNoteNumber: "CN-1",
        date: "2026-10-31",
        netMinor: 1_000n,
        taxMinor: 70n,
        posted,
      }),
    )
    expect(balances(posted)).toEqual({ "1000": 10_700n, "1100": -1_070n, "2100": -630n, "4000": -9_000n })
    const before = [...posted]
    posted.push(...derived({ kind: "refunded", receipt, month, refundId: "r1", date: "2026-10-31", amountMinor: 1_070n, posted }))
    expect(balances(posted)).toEqual({ "1000": 9_630n, "2100": -630n, "4000": -9_000n })
    const split = { kind: "refunded", receipt, month, refundId: "r1", date: "2026-10-31", amountMinor: 1_070n, posted: before } as const
    expect(lines(derived({ ...split, prepaidMinor: 1_000n }))).toEqual(["Dr 1100 1070", "Cr 2000 1000", "Cr 1000 70"])
    expect(() => derived({ ...split, prepaidMinor: 1_071n })).toThrow(/gives 1071 back to prepaid credit/)
    const unpaid = booked()
    expect(
      lines(
        derived({
          kind: "credited",
          receipt,
          month,
          creditNoteNumber: "CN-1",
          date: "2026-10-31",
          netMinor: 1_000n,
          taxMinor: 70n,
          posted: unpaid,
        }),
      ),
    ).toEqual(["Dr 4000 1000", "Dr 2110 70", "Cr 1100 1070"])
  })

  test("write-off goes against the allowance, its VAT never falls due", () => {
    const entries = derived({ kind: "written-off", receipt, month, date: "2026-10-31", reason: "insolvent", posted: booked() })
    expect(lines(entries)).toEqual(["Dr 2110 700", "Dr 1190 10000", "Cr 1100 10700"])
  })
})

describe("what is refused", () => {
  const draft = draftOf(payer, [10_000n])
  const posted = booked()
  const payment = {
    kind: "paid",
    receipt,
    month,
    paymentId: "b",
    date: "2026-10-31",
    from: "bank",
    receivedMinor: 1n,
    withheldMinor: 0n,
    posted,
  } as const
  const paid = [...posted, ...derived(payment)]
  const credit = {
    kind: "credited",
    receipt,
    month,
    creditNoteNumber: "CN",
    date: "2026-10-31",
    netMinor: 1n,
    taxMinor: 0n,
    posted,
  } as const
  const voided = { kind: "voided", receipt, month, date: "2026-10-31", reason: "x", posted } as const
  const rows: readonly (readonly [string, ReceiptEvent, string])[] = [
    ["issue of a draft", { kind: "issued", receipt: draft, month }, "wrong-status"],
    ["payment of a draft", { ...payment, receipt: draft }, "wrong-status"],
    ["payment of nothing", { ...payment, receivedMinor: 0n }, "wrong-amount"],
    ["negative payment", { ...payment, receivedMinor: -1n }, "wrong-amount"],
    ["negative withholding", { ...payment, receivedMinor: 5n, withheldMinor: -1n }, "wrong-amount"],
    ["more withheld than owed", { ...payment, withheldMinor: 10_701n }, "wrong-amount"],
    ["more drawn from prepaid credit than owed", { ...payment, from: "prepaid", receivedMinor: 10_701n }, "wrong-amount"],
    ["credit note on a draft", { ...credit, receipt: draft }, "wrong-status"],
    ["credit note of nothing", { ...credit, netMinor: 0n }, "wrong-amount"],
    ["credit note above the net", { ...credit, netMinor: 10_001n }, "wrong-amount"],
    ["credit note above the tax", { ...credit, taxMinor: 701n }, "wrong-amount"],
    ["negative credit note", { ...credit, netMinor: -1n }, "wrong-amount"],
    [
      "second credit note above what is left",
      { ...credit, netMinor: 5_001n, posted: [...posted, ...derived({ ...credit, creditNoteNumber: "CN-1", netMinor: 5_000n })] },
      "wrong-amount",
    ],
    ["void of a draft", { ...voided, receipt: draft }, "wrong-status"],
    ["void after a payment", { ...voided, posted: paid }, "already-paid"],
    ["void in a later month", { ...voided, month: "2026-11" }, "wrong-period"],
    [
      "refund without credit",
      { kind: "refunded", receipt, month, refundId: "r", date: "2026-10-31", amountMinor: 1n, posted },
      "wrong-amount",
    ],
    ["write-off without reason", { kind: "written-off", receipt, month, date: "2026-10-31", reason: " ", posted }, "reason-missing"],
    ["write-off without debt", { kind: "written-off", receipt, month, date: "2026-10-31", reason: "x", posted: [] }, "wrong-amount"],
  ]
  test.each(rows)("%s", (_, event, reason) => {
    expect(refusal(event)).toBe(reason)
  })

  test("a reversal is not reversed", () => {
    const [entry] = posted
    const reversal = reverseEntry(entry as Entry, { month, date: "2026-10-31", reason: "x" })
    expect(() => reverseEntry(reversal, { month, date: "2026-10-31", reason: "x" })).toThrow(/itself a reversal/)
  })
})

const amounts = fc.array(fc.bigInt(-100_000n, 1_000_000n), { minLength: 1, maxLength: 5 })

test("I2: whatever the receipt, its entries pass the check of entries", () => {
  fc.assert(
    fc.property(amounts, fc.boolean(), (amountsMinor, taxable) => {
      for (const entry of booked(issuedOf(payerOf("p1", taxable), amountsMinor)))
        expect(Result.isSuccess(checkEntry(entry, defaultPolicy.chart))).toBe(true)
    }),
  )
})

test("I4: net, VAT and receivable in the journal are those of the receipt, and nothing stays unbilled", () => {
  fc.assert(
    fc.property(amounts, fc.boolean(), (amountsMinor, taxable) => {
      const of = issuedOf(payerOf("p1", taxable), amountsMinor)
      const found = balances(booked(of))
      expect([found["4000"] ?? 0n, found["2110"] ?? 0n, found["1100"] ?? 0n, found["1150"] ?? 0n]).toEqual([
        -of.netMinor,
        -of.taxMinor,
        of.grossMinor,
        0n,
      ])
    }),
  )
})

test("payments in any parts settle a receipt to exactly nothing owed and all VAT due", () => {
  fc.assert(
    fc.property(
      fc.bigInt(1n, 1_000_000n),
      fc.array(fc.tuple(fc.bigInt(1n, 300_000n), fc.bigInt(0n, 100n)), { maxLength: 6 }),
      (netMinor, parts) => {
        const of = issuedOf(payer, [netMinor])
        const posted = booked(of)
        let openMinor = of.grossMinor
        const pay = (paymentId: string, receivedMinor: bigint, withheldMinor: bigint): void => {
          posted.push(
            ...derived({
              kind: "paid",
              receipt: of,
              month,
              paymentId,
              date: "2026-10-31",
              from: "bank",
              receivedMinor,
              withheldMinor,
              posted,
            }),
          )
          openMinor -= receivedMinor + withheldMinor
        }
        parts.forEach(([receivedMinor, withheldMinor], index) => {
          if (receivedMinor + withheldMinor < openMinor) pay(`part${index}`, receivedMinor, withheldMinor)
        })
        pay("last", openMinor, 0n)
        const found = balances(posted)
        expect([found["1100"] ?? 0n, found["2110"] ?? 0n, found["2100"] ?? 0n]).toEqual([0n, 0n, -of.taxMinor])
      },
    ),
  )
})
