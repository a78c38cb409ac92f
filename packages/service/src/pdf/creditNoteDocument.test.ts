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
  taxes: [],
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

test("each tax code has its own line, before and after, and says what it is on", () => {
  const whole = sampleReceipt(30)
  const codes = [
    { code: "VAT7", ratePercent: "7", basis: "" },
    { code: "education", ratePercent: "0", basis: "Revenue Code s.81(1)(g)", basisThai: "ป.รัษฎากร ม.81(1)(ช)" },
    { code: "equipment", ratePercent: "10", basis: "" },
  ] as const
  const nets = [1_000_000n, 900_000n, 52_790n] as const
  const taxes = codes.map((code, index) => ({ ...code, netMinor: nets[index] as bigint, taxMinor: [70_000n, 0n, 5_279n][index] as bigint }))
  const receipt = { ...whole, taxes, taxMinor: 75_279n, grossMinor: whole.netMinor + 75_279n }
  const credited = [
    { ...codes[0], netMinor: 100_000n, taxMinor: 7_000n, earlierNetMinor: 50_000n, earlierTaxMinor: 3_500n },
    { ...codes[1], netMinor: 45_000n, taxMinor: 0n, earlierNetMinor: 45_000n, earlierTaxMinor: 0n },
    { ...codes[2], netMinor: 5_000n, taxMinor: 500n, earlierNetMinor: 5_000n, earlierTaxMinor: 500n },
  ]
  const sums = { netMinor: 150_000n, taxMinor: 7_500n, earlierNetMinor: 100_000n, earlierTaxMinor: 4_000n }
  const texts = textsOf(creditNoteDocument(receipt, { ...note, ...sums, taxes: credited }).content)
  expect(rowOf(texts, "ภาษีมูลค่าเพิ่ม 7%")).toEqual(["665.00", "595.00", "70.00"])
  expect(rowOf(texts, "ภาษีมูลค่าเพิ่ม 10%")).toEqual(["47.79", "42.79", "5.00"])
  expect(rowOf(texts, "รวมทั้งสิ้น")).toEqual(["19,240.69", "17,665.69", "1,575.00"])
  for (const said of ["ภาษีมูลค่าเพิ่ม 7% จาก 1,000.00", "VAT 7% on 1,000.00", "VAT 10% on 50.00"]) expect(texts).toContain(said)
  expect(texts).toContain("ยกเว้นภาษีมูลค่าเพิ่ม (ป.รัษฎากร ม.81(1)(ช)) จาก 450.00")
  expect(texts).not.toContain("ภาษีมูลค่าเพิ่ม")
})

test("where no tax was due it names none, and no tax law", () => {
  const receipt = { ...sampleReceipt(30), taxMinor: 0n, taxes: [] }
  const texts = textsOf(creditNoteDocument(receipt, { ...note, taxMinor: 0n, earlierTaxMinor: 0n }, { copy: true }).content)
  expect(texts.join()).not.toMatch(/ภาษีมูลค่าเพิ่ม|86\/10|VAT/)
  expect(texts).toContain("สำเนา")
})
