import { expect, test } from "vitest"
import { linesPerPage } from "./annex.ts"
import { receiptDocument } from "./receiptDocument.ts"
import { sampleLineWith, sampleReceipt } from "./sampleReceipt.ts"

/** Every text of a document in reading order. */
const textsOf = (node: unknown): readonly string[] => {
  if (typeof node === "string") return [node]
  if (Array.isArray(node)) return node.flatMap(textsOf)
  if (typeof node !== "object" || node === null) return []
  const { text, stack, columns, table } = node as Record<string, unknown>
  return [text, stack, columns, (table as { body?: unknown } | undefined)?.body].flatMap(textsOf)
}

const minorOf = (printed: string): bigint => BigInt(printed.replace("\u2212", "-").replaceAll(/[,.]/g, ""))

/** The amounts in the rows whose label starts so. */
const amountsAfter = (texts: readonly string[], label: string): readonly bigint[] =>
  texts.flatMap((text, index) => (text.startsWith(label) ? [minorOf(texts.slice(index + 1).find((other) => other !== "") ?? "")] : []))

test("each page brings forward what the page before carried, and the last carries the net total", () => {
  const receipt = sampleReceipt(3 * linesPerPage + 5)
  const texts = textsOf(receiptDocument(receipt).content)
  const carried = amountsAfter(texts, "ยอดยกไป")
  const subtotals = amountsAfter(texts, "รวมหน้านี้")
  expect(amountsAfter(texts, "ยอดยกมา")).toEqual(carried)
  expect(subtotals).toHaveLength(4)
  expect(carried).toEqual([0, 1, 2].map((page) => subtotals.slice(0, page + 1).reduce((sum, part) => sum + part, 0n)))
  expect(amountsAfter(texts, "รวมก่อนภาษี")).toEqual([receipt.netMinor])
})

test("the document is plain data: it survives a copy, and the same receipt gives the same document", () => {
  const document = receiptDocument(sampleReceipt(60))
  expect(structuredClone(document)).toEqual(document)
  expect(receiptDocument(sampleReceipt(60))).toEqual(document)
})

test("the face follows the status", () => {
  const texts = (status: "draft" | "issued" | "paid" | "void"): readonly string[] =>
    textsOf(receiptDocument(sampleReceipt(3, status)).content)
  expect(texts("draft")).not.toContain("ต้นฉบับ")
  expect(texts("draft")).toContain("ยังไม่ออกเลขที่")
  expect(texts("issued")).toContain("ใบแจ้งหนี้")
  expect(texts("issued")).not.toContain("ชำระเมื่อ")
  expect(texts("paid")).toContain("ใบเสร็จรับเงิน/ใบกำกับภาษี")
  expect(texts("paid")).toContain("หัก ณ ที่จ่าย")
  expect(texts("void")).toContain("ออกซ้ำกับฉบับก่อนหน้า")
})

test("a copy says so, and a given name of a service is printed", () => {
  const document = receiptDocument(sampleReceipt(3), { copy: true, skuNames: { cpu: { thai: "คอร์-ชั่วโมง", english: "Core hours" } } })
  expect(textsOf(document.content)).toEqual(expect.arrayContaining(["สำเนา", "คอร์-ชั่วโมง", "Core hours"]))
  expect(textsOf(document.content)).not.toContain("ต้นฉบับ")
})

test("many prices fold into one row of the summary, whose amounts still sum to the net total", () => {
  const lines = Array.from({ length: 25 }, (_, index) => sampleLineWith(index, { id: `price-${index}`, sku: `gpu-t${index}` }))
  const receipt = sampleReceipt(0, "issued", lines)
  const texts = textsOf(receiptDocument(receipt).content)
  expect(texts).toContain("รายการอื่นอีก 16 รายการ")
})

test("tax that is not due names its basis", () => {
  const receipt = sampleReceipt(1)
  const exempt = {
    ...receipt,
    payer: { ...receipt.payer, taxTreatment: { kind: "exempt", code: "EX", basis: "s.81(1)(f)" } as const },
    taxes: [{ code: "EX", ratePercent: "0", basis: "s.81(1)(f)", netMinor: receipt.netMinor, taxMinor: 0n }],
  }
  const texts = textsOf(receiptDocument(exempt).content)
  expect(texts).toContain("ยกเว้นภาษีมูลค่าเพิ่ม")
  expect(texts).toContain("  VAT exempt (s.81(1)(f))")
  expect(texts).toContain("ใบเสร็จรับเงิน")
})

test("several taxes are printed each with what it is on, and its basis in both languages", () => {
  const receipt = sampleReceipt(1)
  const taxes = [
    { code: "VAT7", ratePercent: "7", basis: "", netMinor: 123_456n, taxMinor: 8_642n },
    { code: "education", ratePercent: "0", basis: "s.81(1)(g)", basisThai: "ม.81(1)(ช)", netMinor: 500n, taxMinor: 0n },
  ]
  const texts = textsOf(receiptDocument({ ...receipt, taxes }).content)
  expect(texts).toEqual(
    expect.arrayContaining([
      "ภาษีมูลค่าเพิ่ม 7% จาก 1,234.56",
      "VAT 7% on 1,234.56",
      "ยกเว้นภาษีมูลค่าเพิ่ม (ม.81(1)(ช)) จาก 5.00",
      "VAT exempt (s.81(1)(g)) on 5.00",
    ]),
  )
  expect(texts).toContain("ใบเสร็จรับเงิน/ใบกำกับภาษี")
  const [, exempt] = taxes
  expect(textsOf(receiptDocument({ ...receipt, taxes: exempt === undefined ? [] : [exempt] }).content)).toContain("ใบเสร็จรับเงิน")
})

test("a receipt without lines is one page that says so", () => {
  expect(textsOf(receiptDocument(sampleReceipt(0, "issued")).content)).toContain("ไม่มีรายการที่คิดค่าใช้จ่ายในงวดนี้")
})

test("a line that costs nothing says why in Thai, and one without a card leaves the footer alone", () => {
  const rate = { cardId: "", cardVersion: 0, cardHash: "", tier: "", overrideId: null, basis: "allocated" } as const
  const zero = sampleLineWith(0, { kind: "zero", zeroReason: "never-started", billedMinor: 0n, rate })
  const document = receiptDocument(sampleReceipt(0, "issued", [zero]))
  expect(textsOf(document.content)).toContain("งานไม่เคยเริ่มทำงาน")
  expect(document.runningFoot.lines).toEqual(["Example University · High-Performance Computing Centre"])
})

test("without the annex the lines are attached all the same", () => {
  const document = receiptDocument(sampleReceipt(5), { annex: false })
  expect(textsOf(document.content)).not.toContain("รายละเอียดการใช้งาน")
  expect(document.attachments[0]?.text.trimEnd().split("\r\n")).toHaveLength(6)
})
