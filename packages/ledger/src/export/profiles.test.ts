import { canonicalJson, parseDecimal } from "@hpc-billing/core"
import { describe, expect, test } from "vitest"
import { issuedOf, payerOf } from "../../test/receipts.ts"
import { yearOfEntries } from "../../test/year.ts"
import { textOfUtf8 } from "../bytes.ts"
import { defaultChart } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { readCsv } from "./csv.ts"
import { electronicTaxCsv, electronicTaxDocuments, electronicTaxJson } from "./electronicTax.ts"
import { businessCentralProfile, dynamics365Profile, oracleProfile, xeroProfile } from "./erpProfiles.ts"
import { elevenColumnProfile, type GeneralLedgerProfile, generalLedgerCsv, genericProfile } from "./generalLedgerCsv.ts"

const { entries } = yearOfEntries(60, 3)
const amountOf = (text: string | undefined): bigint => {
  if (text === "" || text === undefined) return 0n
  expect(text).toMatch(/^-?\d+\.\d{2}$/)
  return parseDecimal(text)?.units as bigint
}

const profiles: readonly (readonly [string, GeneralLedgerProfile, string, readonly string[]])[] = [
  ["generic", genericProfile, "entry_id", ["debit", "credit"]],
  ["eleven columns", elevenColumnProfile, "external_txn_id", ["debit", "credit"]],
  [
    "Oracle",
    oracleProfile({ ledgerId: "300", source: "HPC", category: "Billing", createdBy: "1" }),
    "REFERENCE4",
    ["ENTERED_DR", "ENTERED_CR"],
  ],
  ["Dynamics 365", dynamics365Profile({ journalName: "GenJrn" }), "VOUCHER", ["DEBITAMOUNT", "CREDITAMOUNT"]],
  ["Business Central", businessCentralProfile({ template: "GENERAL", batch: "HPC" }), "External Document No.", ["Amount"]],
  ["Xero", xeroProfile({ taxRate: "Tax Exempt" }), "*Narration", ["*Amount"]],
]

const ledgerText = (of: readonly Entry[], profile: GeneralLedgerProfile): string =>
  textOfUtf8(generalLedgerCsv(of, { chart: defaultChart, batchId: "b1", profile, csv: "machine" })) ?? ""

describe("I15: every profile carries every line, and every entry balances in it", () => {
  test.each(profiles)("%s", (_, profile, entryColumn, amountColumns) => {
    const [header = [], ...rows] = readCsv(ledgerText(entries, profile)) ?? []
    const [generic = [], ...genericRows] = readCsv(ledgerText(entries, genericProfile)) ?? []
    expect([generic.length, rows.length]).toEqual([19, genericRows.length])
    const byEntry = new Map<string, bigint>()
    for (const cells of rows) {
      const amounts = amountColumns.map((name) => amountOf(cells[header.indexOf(name)]))
      const entry = cells[header.indexOf(entryColumn)] as string
      byEntry.set(entry, (byEntry.get(entry) ?? 0n) + (amounts[0] as bigint) - (amounts[1] ?? 0n))
    }
    expect([...byEntry.values()].every((sum) => sum === 0n)).toBe(true)
    expect(byEntry.size).toBe(entries.length)
  })

  test("the eleven columns stand in the order that their readers expect", () => {
    const text = ledgerText(entries.slice(0, 1), elevenColumnProfile)
    expect(text.split("\r\n")[0]).toBe("date,ref,memo,account_id,account_name,account_type,debit,credit,batch_id,line_seq,external_txn_id")
  })
})

describe("e-Tax", () => {
  const receipts = [issuedOf(payerOf("p1"), [10_000n]), issuedOf(payerOf("p2", false), [500n]), issuedOf(payerOf("p3"), [-500n])]

  test("tax invoice, invoice without VAT and credit note, amounts above zero", () => {
    const told = electronicTaxDocuments(receipts).map((of) => [
      of.ID,
      of.TypeCode,
      of.TaxBasisTotalAmount,
      of.TaxTotalAmount,
      of.GrandTotalAmount,
      of.TradeTax[0]?.TypeCode,
    ])
    expect(told).toEqual([
      ["IV-2026-10-p1-1", "388", "100.00", "7.00", "107.00", "VAT"],
      ["IV-2026-10-p2-1", "380", "5.00", "0.00", "5.00", "FRE"],
      ["IV-2026-10-p3-1", "81", "5.00", "0.35", "5.35", "VAT"],
    ])
    expect(electronicTaxDocuments(receipts)[0]).toMatchObject({
      IssueDate: "2026-11-01",
      Seller: { Name: "ศูนย์" },
      Buyer: { BranchID: "00000" },
    })
  })

  test("JSON is canonical and CSV says the same", () => {
    expect(electronicTaxJson(receipts)).toBe(`${canonicalJson(JSON.parse(electronicTaxJson(receipts)))}\n`)
    const rows = readCsv(electronicTaxCsv(receipts, "machine")) ?? []
    expect(rows.map((cells) => cells.at(-1))).toEqual(["grand_total", "107.00", "5.00", "5.35"])
  })
})
