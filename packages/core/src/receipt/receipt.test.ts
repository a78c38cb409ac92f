import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { canonicalJson } from "../canonicalJson.ts"
import { multiplyDecimals } from "../money/index.ts"
import type { RatedLine } from "../rating/RatedLine.ts"
import type { Payer } from "./index.ts"
import { checkReceipt, draftReceipt, issueReceipt, payReceipt, type Receipt, receiptFromJson, receiptToJson, voidReceipt } from "./index.ts"

const payer: Payer = {
  id: "oceanography",
  nameThai: "ภาควิชาสมุทรศาสตร์",
  nameEnglish: "Department of Oceanography",
  addressThai: "",
  addressEnglish: "",
  taxId: "",
  branch: "",
  tier: "MU",
  taxTreatment: { kind: "taxable", code: "VAT7", ratePercent: "7" },
}
const issuer = { nameThai: "ศูนย์", nameEnglish: "Centre", addressThai: "", addressEnglish: "", taxId: "", branch: "00000" }

const line = (id: string, quantityUnits: bigint, priceUnits: bigint, startSeconds = 1_790_000_000): RatedLine => {
  const quantity = { units: quantityUnits, scale: 6 }
  const unitPrice = { units: priceUnits, scale: 2 }
  return {
    id,
    kind: "usage",
    usageId: id,
    payerId: payer.id,
    cluster: "tide",
    account: "sea",
    user: "nok",
    jobId: id,
    jobName: "แบบจำลอง|สึนามิ",
    partition: "cpu",
    qos: "normal",
    state: "COMPLETED",
    window: { startSeconds, endSeconds: startSeconds + 10 },
    sku: "cpu",
    quantity,
    unit: "core-h",
    unitPrice,
    amount: multiplyDecimals(quantity, unitPrice),
    currency: "THB",
    rate: { cardId: "mu", cardVersion: 2, cardHash: "00", tier: "MU", overrideId: null, basis: "allocated" },
    zeroReason: null,
    corrects: null,
    provisional: false,
    flags: [],
  }
}

const draft = (lines: readonly RatedLine[], of: Partial<Payer> = {}): Receipt =>
  draftReceipt({
    tenant: "tide",
    month: "2026-09",
    zone: "Asia/Bangkok",
    issuer,
    payer: { ...payer, ...of },
    currency: { code: "THB", exponent: 2 },
    rounding: { scope: "receipt", mode: "half-up" },
    sequence: 1,
    lines,
  })

const lines = fc
  .uniqueArray(
    fc.tuple(
      fc.stringMatching(/^[a-z]{1,6}$/),
      fc.bigInt({ min: -(10n ** 9n), max: 10n ** 12n }),
      fc.bigInt({ min: 0n, max: 10n ** 6n }),
      fc.nat(90),
    ),
    {
      selector: ([id]) => id,
      maxLength: 30,
    },
  )
  .map((list) => list.map(([id, quantity, price, start]) => line(id, quantity, price, 1_790_000_000 + start)))

const issued = Result.getOrThrow(
  issueReceipt(draft([line("a", 1_500_000n, 333n)]), { number: "R2026-000001", issuedAtSeconds: 1_793_000_000 }),
)

describe("draftReceipt", () => {
  it("taxes the net total once", () => {
    const receipt = draft(["a", "b", "c"].map((id) => line(id, 333_333n, 100n)))
    expect([receipt.netMinor, receipt.taxMinor, receipt.grossMinor]).toEqual([100n, 7n, 107n])
    expect(receipt.lines.map(({ billedMinor }) => billedMinor)).toEqual([34n, 33n, 33n])
  })

  it("charges no tax where none is due and prints why", () => {
    const receipt = draft([line("a", 10_000_000n, 100n)], {
      taxTreatment: { kind: "out-of-scope", code: "INT", basis: "internal transfer" },
    })
    expect(receipt.taxes).toEqual([{ code: "INT", ratePercent: "0", basis: "internal transfer", netMinor: 1000n, taxMinor: 0n }])
  })

  it("I4: lines sum to net, net and tax to gross; order and provisional lines never matter", () => {
    fc.assert(
      fc.property(lines, (list) => {
        const receipt = draft(list)
        expect(checkReceipt(receipt)).toEqual([])
        expect(receipt.lines.reduce((sum, { billedMinor }) => sum + billedMinor, 0n)).toBe(receipt.netMinor)
        expect(draft([...list].reverse())).toEqual(receipt)
        expect(draft([...list, { ...line("~running", 7n, 7n), provisional: true }])).toEqual(receipt)
      }),
    )
  })

  it.each([
    ["another payer's line", { ...line("a", 1n, 1n), payerId: "x" }, "belongs to payer x"],
    ["another currency", { ...line("a", 1n, 1n), currency: "USD" }, "is in USD"],
  ])("refuses %s", (_, wrong, message) => expect(() => draft([wrong])).toThrow(message))

  it("refuses a line that stands twice", () => expect(() => draft([line("a", 1n, 1n), line("a", 1n, 1n)])).toThrow("stands twice"))
})

describe("status", () => {
  const pay = { paidMinor: 535n, withheldMinor: 0n, paidAtSeconds: 1_793_100_000 }
  const paid = Result.getOrThrow(payReceipt(issued, pay))
  const reasonOf = (result: Result.Result<unknown, { readonly reason: string }>): string =>
    Result.isFailure(result) ? result.failure.reason : "done"

  it.each([
    ["issue a draft", () => issueReceipt(draft([]), { number: "1", issuedAtSeconds: 1 }), "done"],
    ["issue twice", () => issueReceipt(issued, { number: "1", issuedAtSeconds: 1 }), "not-a-draft"],
    ["issue without a number", () => issueReceipt(draft([]), { number: "", issuedAtSeconds: 1 }), "empty-number"],
    ["pay", () => payReceipt(issued, pay), "done"],
    ["pay with tax withheld", () => payReceipt(issued, { ...pay, paidMinor: 520n, withheldMinor: 15n }), "done"],
    ["pay what a credit note left", () => payReceipt(issued, { ...pay, paidMinor: 500n, creditedMinor: 35n }), "done"],
    ["pay less than a credit note left", () => payReceipt(issued, { ...pay, paidMinor: 500n, creditedMinor: 34n }), "amount-differs"],
    ["pay beyond the gross amount", () => payReceipt(issued, { ...pay, paidMinor: 536n }), "amount-differs"],
    ["credit below zero", () => payReceipt(issued, { ...pay, paidMinor: 535n, creditedMinor: -1n }), "negative-amount"],
    ["pay a draft", () => payReceipt(draft([]), pay), "not-issued"],
    ["pay too little", () => payReceipt(issued, { ...pay, paidMinor: 534n }), "amount-differs"],
    ["pay a negative amount", () => payReceipt(issued, { ...pay, paidMinor: -1n, withheldMinor: 536n }), "negative-amount"],
    ["pay twice", () => payReceipt(paid, pay), "not-issued"],
    ["void", () => voidReceipt(issued, { reason: "wrong payer", voidedAtSeconds: 1 }), "done"],
    ["void without a reason", () => voidReceipt(issued, { reason: " ", voidedAtSeconds: 1 }), "reason-missing"],
    ["void what is paid", () => voidReceipt(paid, { reason: "late", voidedAtSeconds: 1 }), "not-issued"],
  ])("%s", (_, act, expected) => expect(reasonOf(act())).toBe(expected))

  it("says both amounts in figures when a payment does not fit", () => {
    const result = payReceipt(issued, { ...pay, paidMinor: 500n })
    expect(Result.isFailure(result) && result.failure.message).toBe(
      "Receipt R2026-000001 is over 5.35 THB, but 5.00 THB paid and 0.00 THB withheld are 5.00 THB.",
    )
  })
})

describe("receipt as JSON", () => {
  it("reads back what it wrote", () => {
    fc.assert(
      fc.property(lines, (list) => {
        const receipt = draft(list)
        expect(Result.getOrThrow(receiptFromJson(JSON.parse(canonicalJson(receiptToJson(receipt)))))).toEqual(receipt)
      }),
      { numRuns: 30 },
    )
    for (const receipt of [issued, Result.getOrThrow(payReceipt(issued, { paidMinor: 535n, withheldMinor: 0n, paidAtSeconds: 5 }))]) {
      expect(Result.getOrThrow(receiptFromJson(JSON.parse(canonicalJson(receiptToJson(receipt)))))).toEqual(receipt)
    }
  })

  it("refuses another format, a lost field and a number where text is due", () => {
    const written = JSON.parse(canonicalJson(receiptToJson(issued))) as Record<string, unknown>
    for (const wrong of [
      { ...written, format: "x" },
      { ...written, netMinor: undefined },
      { ...written, netMinor: 499 },
      { ...written, extra: 1 },
    ]) {
      const result = receiptFromJson(wrong)
      expect(Result.isFailure(result) && result.failure).toMatch(/^Not a receipt .*(format|netMinor|extra)/)
    }
  })
})

describe("checkReceipt", () => {
  it.each<readonly [string, (receipt: Receipt) => Receipt, string]>([
    ["a billed amount", (r) => ({ ...r, lines: r.lines.map((l) => ({ ...l, billedMinor: l.billedMinor + 1n })) }), "the lines sum to"],
    ["a price", (r) => ({ ...r, lines: r.lines.map((l) => ({ ...l, unitPrice: { units: 1n, scale: 0 } })) }), "is not the amount"],
    ["the tax", (r) => ({ ...r, taxMinor: 0n }), "the taxes sum to 35"],
    ["the gross total", (r) => ({ ...r, grossMinor: 1n }), "the gross total says"],
    ["the payer of a line", (r) => ({ ...r, payer: { ...r.payer, id: "x" } }), "belongs to payer"],
    ["a repeated line", (r) => ({ ...r, lines: [...r.lines, ...r.lines] }), "stands twice"],
  ])("finds a change of %s", (_, change, finding) => expect(checkReceipt(change(issued)).join("; ")).toContain(finding))
})
