import { canonicalJson, draftReceipt, issueReceipt, type Receipt, type ReceiptLine, receiptToJson } from "@hpc-billing/core"
import type { ExportFile } from "@hpc-billing/ledger"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import { encodeRecordBody } from "../store/sql/recordBody.ts"
import { octoberPayerBook, octoberRateBook, octoberSite } from "../testing/octoberBooks.ts"
import { octoberEndSeconds, octoberStartSeconds, sampleRecord } from "../testing/samples.ts"
import { ratingPaths } from "./exportMonth.ts"
import { recomputeMonth } from "./recomputeMonth.ts"
import { recomputeReceipt } from "./recomputeReceipt.ts"
import { rerateExport } from "./rerateExport.ts"

const site = octoberSite("tide")
const cancelled = sampleRecord(30, {
  state: "CANCELLED",
  startSeconds: null,
  endSeconds: octoberStartSeconds + 99,
  elapsedSeconds: 0,
  allocated: {},
})
const records = [
  ...Array.from({ length: 12 }, (_, index) => sampleRecord(index + 1, { endSeconds: octoberStartSeconds + 5_000 + 7 * index })),
  cancelled,
]
const [card] = octoberRateBook.cards
const rateBook = {
  ...octoberRateBook,
  cards: [{ ...card, meters: [...(card?.meters ?? []), { sku: "mem", resource: "mem", unit: "GiB-h", price: "0.333", allowance: "1" }] }],
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const json = (value: unknown): Uint8Array => bytes(JSON.stringify(value))

const recordLines = records
  .map((record) => `${encodeRecordBody(record)}\n`)
  .sort()
  .join("")

const filesWith = (receipts: readonly Receipt[], issued: readonly Receipt[] = receipts): readonly ExportFile[] => {
  const monthRating = {
    month: "2026-10",
    ingestSequence: "12",
    readingsVersion: 0,
    rateBookVersion: 1,
    payerBookVersion: 1,
    recordCount: records.length,
    recordsSha256: sha256Hex(bytes(recordLines)),
    receipts: issued.map(({ id }) => ({ id, sha256: "" })),
  }
  return [
    { path: ratingPaths.records, bytes: bytes(recordLines) },
    { path: ratingPaths.rateBook, bytes: json(rateBook) },
    { path: ratingPaths.payerBook, bytes: json(octoberPayerBook) },
    { path: ratingPaths.site, bytes: json(site) },
    { path: ratingPaths.readings, bytes: json([]) },
    { path: ratingPaths.monthRating, bytes: json(monthRating) },
    ...receipts.map((receipt, index) => ({ path: `receipts/R-${index}.json`, bytes: bytes(canonicalJson(receiptToJson(receipt))) })),
  ]
}

const { lines } = Result.getOrThrow(rerateExport(filesWith([])))
const receipts = octoberPayerBook.payers.map((payer, index) =>
  Result.getOrThrow(
    issueReceipt(
      draftReceipt({
        ...{ tenant: site.tenant, month: "2026-10", zone: site.zone, issuer: site.issuer, payer, sequence: 1 },
        currency: octoberRateBook.currency,
        rounding: { scope: "receipt", mode: "half-up" },
        lines: lines.filter(({ payerId }) => payerId === payer.id),
      }),
      { number: `R-${index}`, issuedAtSeconds: octoberEndSeconds + 1 },
    ),
  ),
)
const [coral, kelp] = receipts as [Receipt, Receipt]
const usageLine = coral.lines.find(({ kind, sku }) => kind === "usage" && sku === "mem") as ReceiptLine

const withLine = (change: Partial<ReceiptLine>): Receipt => ({
  ...coral,
  lines: coral.lines.map((line) => (line === usageLine ? { ...line, ...change } : line)),
})

const saysOf = (receipt: Receipt): string => {
  const rerated = Result.getOrThrow(rerateExport(filesWith([receipt, kelp])))
  return recomputeReceipt(receipt, rerated).join("; ")
}

describe("an export's receipts, priced again from its files alone", () => {
  it("are the same, lines of the month among them", () => {
    expect(coral.lines.map(({ kind }) => kind)).toContain("period")
    expect(recomputeMonth(filesWith(receipts))).toEqual([])
    expect(receipts.map(saysOf)).toEqual(["", ""])
  })

  it.each<readonly [what: string, receipt: Receipt, finding: string]>([
    ["a quantity", withLine({ quantity: { units: 1n, scale: 0 } }), `line ${usageLine.id}: 1 x 0.333 is not the amount`],
    [
      "a quantity with its amount",
      withLine({ quantity: { units: 1n, scale: 0 }, amount: { units: 333n, scale: 3 } }),
      `line ${usageLine.id} differs in quantity: "1" stands, `,
    ],
    ["a user", withLine({ user: "mallory" }), `line ${usageLine.id} differs in user: "mallory" stands, "${usageLine.user}" comes out.`],
    ["a card's hash", withLine({ rate: { ...usageLine.rate, cardHash: "00" } }), `line ${usageLine.id} differs in rate: `],
    ["a tax code that takes nothing", withLine({ tax: { code: "VAT7", ratePercent: "7", basis: "" } }), "tax VAT7 (7 %) on"],
    [
      "a line of nothing that was used",
      { ...coral, lines: [...coral.lines, { ...usageLine, id: "more", billedMinor: 0n }] },
      "line more stands on file, but nothing",
    ],
    [
      "a line that costs nothing and is left out",
      { ...coral, lines: coral.lines.filter(({ kind }) => kind !== "zero") },
      "comes out, but does not stand on file.",
    ],
    [
      "a satang moved to another line",
      {
        ...coral,
        lines: coral.lines.map((line, index) => ({ ...line, billedMinor: line.billedMinor + (index === 0 ? 1n : index === 1 ? -1n : 0n) })),
      },
      `differs in billedMinor: `,
    ],
  ])("name the first line with a change of %s", (_, receipt, finding) => {
    expect(saysOf(receipt)).toContain(finding)
  })

  it("of an earlier billing of the month are held to their sums and rounding, not to what was known later", () => {
    const renamed = withLine({ jobName: "before the record was read again" })
    expect(recomputeMonth(filesWith([renamed, kelp], [kelp]))).toEqual([])
    expect(recomputeMonth(filesWith([renamed, kelp]))).toEqual([
      { file: "receipts/R-0.json", finding: expect.stringContaining("differs in jobName") },
    ])
  })

  it("name the usage whose sum differs, and the file that is missing", () => {
    const fewer = { ...coral, lines: coral.lines.filter((line) => line !== usageLine) }
    expect(recomputeMonth(filesWith([fewer, kelp]))[0]?.finding).toMatch(
      /^usage ci\/\d+\/\d+ \(mem at 0\.333, payer coral\): computed again [\d.]+, charged 0$/,
    )
    expect(recomputeMonth(filesWith(receipts).slice(1))).toEqual([
      { file: ratingPaths.records, finding: "is missing: the prices cannot be computed again without it" },
    ])
  })
})
