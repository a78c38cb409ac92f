import { expect, test } from "vitest"
import { linesCsv } from "./linesCsv.ts"
import { sampleLineWith, sampleReceipt } from "./sampleReceipt.ts"

const rowsOf = (csv: string): string[] => csv.slice(1).trimEnd().split("\r\n")

test("a head and one row a line, with what recomputes it", () => {
  const csv = linesCsv(sampleReceipt(2))
  expect(csv.startsWith("\uFEFF")).toBe(true)
  const [head = "", first = ""] = rowsOf(csv)
  expect(rowsOf(csv)).toHaveLength(3)
  const cells = Object.fromEntries(head.split(",").map((name, index) => [name, first.split(",")[index]]))
  expect(cells).toMatchObject({
    job_id: "4812000",
    quantity: "0.250",
    unit_price: "0.350",
    amount_exact: "0.087500",
    amount_billed: "0.08",
    start_utc: "2026-05-31T17:00:00Z",
    tax_code: "VAT7",
  })
})

test("the tax column sums to the receipt's tax, each line under its own code", () => {
  const education = { code: "education", ratePercent: "0", basis: "s.81(1)(g)" }
  const receipt = sampleReceipt(10, "paid", [sampleLineWith(11, { id: "exempt", tax: education })])
  const cells = rowsOf(linesCsv(receipt)).map((row) => row.split(",").slice(-2))
  expect(cells.slice(-1)).toEqual([["education", "0.00"]])
  const netMinor = receipt.lines.slice(0, -1).reduce((sum, { billedMinor }) => sum + billedMinor, 0n)
  const taxMinor = cells.slice(1).reduce((sum, [, tax = ""]) => sum + BigInt(tax.replace(".", "")), 0n)
  expect(taxMinor).toBe((netMinor * 7n + 50n) / 100n)
})

test.each([
  ["=1+1", "'=1+1"],
  ["+cmd", "'+cmd"],
  ["-x", "'-x"],
  ["@sum", "'@sum"],
  ['a,"b"\nc', '"a,""b""\nc"'],
  ["ทดสอบ|ชื่อ", "ทดสอบ|ชื่อ"],
])("the job name %j is written %j", (jobName, written) => {
  expect(linesCsv(sampleReceipt(0, "paid", [sampleLineWith(0, { jobName })]))).toContain(`,4812000,${written},`)
})
