import { readFileSync } from "node:fs"
import {
  addDecimals,
  compareDecimals,
  type Decimal,
  decimalZero,
  multiplyDecimals,
  parseDecimal,
  type Receipt,
  type ReceiptLine,
} from "@hpc-billing/core"
import { describe, expect, test } from "vitest"
import { draftOf, issuedOf, payerOf } from "../../test/receipts.ts"
import { readCsv } from "./csv.ts"
import { focusCsv } from "./focusCsv.ts"

const rowsOf = (text: string): readonly Readonly<Record<string, string>>[] => {
  const [header = [], ...rows] = readCsv(text) ?? []
  return rows.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ""])))
}
const specification = rowsOf(readFileSync(new URL("../../test/fixtures/focus-1.2-columns.csv", import.meta.url), "utf8"))

const withLines = (receipt: Receipt, change: (line: ReceiptLine, index: number) => Partial<ReceiptLine>): Receipt => ({
  ...receipt,
  lines: receipt.lines.map((line, index) => ({ ...line, ...change(line, index) })),
})
const corrects = { month: "2026-09", lineId: "x", receiptNumber: "IV-1" }
const receipts = [
  withLines(issuedOf(payerOf("p1"), [10_000n, 2_345n, -500n]), (line, index) =>
    index === 2 ? { kind: "correction", corrects } : { jobName: `=งาน, "${line.id}"` },
  ),
  withLines(issuedOf(payerOf("p2", false), [900n, -100n, 50n]), (_, index) =>
    index > 0 ? { kind: "period", sku: index === 1 ? "allowance" : "minimum" } : {},
  ),
]
const options = { site: { providerName: "Centre", serviceName: "HPC" }, version: "1.2", csv: "machine" } as const
const rows = rowsOf(focusCsv([...receipts, draftOf(payerOf("p3"), [1n])], options))
const number = (text: string | undefined): Decimal => parseDecimal(text ?? "") ?? expect.fail(`"${text}" is no number`)

test("every mandatory column stands there, every other is one of FOCUS 1.2", () => {
  const columns = Object.keys(rows[0] ?? {})
  const mandatory = specification.filter(({ FeatureLevel }) => FeatureLevel === "Mandatory").map(({ ColumnId }) => ColumnId)
  expect(mandatory.filter((column) => !columns.includes(column as string))).toEqual([])
  const known = specification.map(({ ColumnId }) => ColumnId)
  expect(columns.filter((column) => !known.includes(column))).toEqual([])
})

describe("every cell keeps the rules of its column", () => {
  test.each(specification.filter(({ ColumnId }) => ColumnId !== undefined && ColumnId in (rows[0] ?? {})))("$ColumnId", (column) => {
    for (const row of rows) {
      const value = row[column.ColumnId as string] ?? ""
      if (column.AllowsNulls === "False") expect(value).not.toBe("")
      if (value === "") continue
      if (column.AllowedValues !== "" && column.ColumnId !== "ServiceSubcategory") expect(column.AllowedValues?.split(";")).toContain(value)
      if (column.ValueFormat === "Numeric Format") expect(value).toMatch(/^-?\d+(\.\d+)?$/)
      if (column.NumberRange === "Any valid non-negative decimal value") expect(value).not.toMatch(/^-/)
      if (column.ValueFormat === "Date/Time Format") expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      if (column.ValueFormat === "Currency Format") expect(value).toMatch(/^[A-Z]{3}$/)
      if (column.DataType === "JSON") expect(typeof JSON.parse(value)).toBe("object")
    }
  })
})

test("quantity x price = cost, exactly, on list and contracted prices", () => {
  for (const row of rows) {
    if (row.PricingQuantity === "") continue
    const product = multiplyDecimals(number(row.PricingQuantity), number(row.ListUnitPrice))
    expect(compareDecimals(product, number(row.ListCost))).toBe(0)
    expect([row.ContractedCost, row.ContractedUnitPrice]).toEqual([row.ListCost, row.ListUnitPrice])
  }
})

test("billed costs sum to the receipts' gross", () => {
  const sum = rows.reduce((total, { BilledCost }) => addDecimals(total, number(BilledCost)), decimalZero)
  expect(compareDecimals(sum, { units: receipts.reduce((total, { grossMinor }) => total + grossMinor, 0n), scale: 2 })).toBe(0)
})

test("charges, corrections, taxes, credits and adjustments are told apart", () => {
  expect(rows.map((row) => [row.ChargeCategory, row.ChargeClass, row.BilledCost])).toEqual([
    ["Usage", "", "100.00"],
    ["Usage", "", "23.45"],
    ["Usage", "Correction", "-5.00"],
    ["Tax", "", "8.29"],
    ["Usage", "", "9.00"],
    ["Credit", "", "-1.00"],
    ["Adjustment", "", "0.50"],
  ])
  const tax = rows.find(({ ChargeCategory }) => ChargeCategory === "Tax")
  expect([tax?.PricingQuantity, tax?.SkuId, tax?.ListUnitPrice]).toEqual(["", "", ""])
})

test("1.3 names the provider anew and keeps the old names", () => {
  const [row] = rowsOf(focusCsv(receipts, { ...options, version: "1.3" }))
  expect(row).toMatchObject({ ServiceProviderName: "Centre", HostProviderName: "Centre", ProviderName: "Centre", PublisherName: "Centre" })
})
