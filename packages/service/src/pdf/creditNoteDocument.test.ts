import { expect, test } from "vitest"
import { creditNoteDocument, type PrintedCreditNote } from "./creditNoteDocument.ts"
import { sampleReceipt } from "./sampleReceipt.ts"

const textsOf = (node: unknown): readonly string[] => {
  if (typeof node === "string") return [node]
  if (Array.isArray(node)) return node.flatMap(textsOf)
  if (typeof node !== "object" || node === null) return []
  const { text, stack, columns, table } = node as Record<string, unknown>
  return [text, stack, columns, (table as { body?: unknown } | undefined)?.body].flatMap(textsOf)
}

const note: PrintedCreditNote = {
  number: "RCN2026-000002",
  issuedAtSeconds: 1_783_500_000,
  reason: "เครื่องคำนวณล่ม",
  netMinor: 150_000n,
  taxMinor: 10_500n,
  earlierNetMinor: 100_000n,
  earlierTaxMinor: 7_000n,
}

const rowOf = (texts: readonly string[], label: string): readonly string[] => {
  const at = texts.indexOf(label)
  return texts.slice(at + 2, at + 5)
}

test("a credit note names the receipt it corrects, why, and the amounts before and after, with the law it rests on", () => {
  const receipt = sampleReceipt(30)
  const texts = textsOf(creditNoteDocument(receipt, note).content)
  for (const said of ["ใบลดหนี้", "CREDIT NOTE", "RCN2026-000002", "HPC-2569-06-000127", "8 กรกฎาคม 2569", "เครื่องคำนวณล่ม", "ต้นฉบับ"])
    expect(texts).toContain(said)
  expect(receipt.netMinor).toBe(1_952_790n)
  expect(texts).toContain("19,527.90 THB")
  expect(rowOf(texts, "มูลค่าสินค้าหรือบริการ")).toEqual(["18,527.90", "17,027.90", "1,500.00"])
  expect(rowOf(texts, "ภาษีมูลค่าเพิ่ม 7%")).toEqual(["1,296.95", "1,191.95", "105.00"])
  expect(rowOf(texts, "รวมทั้งสิ้น")).toEqual(["19,824.85", "18,219.85", "1,605.00"])
  expect(texts).toContain("(หนึ่งพันหกร้อยห้าบาทถ้วน)")
  expect(texts.some((text) => text.includes("1,070.00 THB") && text.includes("มาตรา 86/10"))).toBe(true)
})

test("where no tax was due it names none, and no tax law", () => {
  const receipt = { ...sampleReceipt(30), taxMinor: 0n, taxes: [] }
  const texts = textsOf(creditNoteDocument(receipt, { ...note, taxMinor: 0n, earlierTaxMinor: 0n }, { copy: true }).content)
  expect(texts.join()).not.toMatch(/ภาษีมูลค่าเพิ่ม|86\/10|VAT/)
  expect(texts).toContain("สำเนา")
})
