import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import type { Receipt } from "@hpc-billing/core"
import { Effect } from "effect"
import type { Content } from "pdfmake/interfaces.js"
import { expect, test } from "vitest"
import { readPdf } from "../../testing/readPdf.ts"
import { annexPages, linesPerPage, linesPrintedMaximum } from "../annex.ts"
import { receiptDocument } from "../receiptDocument.ts"
import { sampleLineWith, sampleReceipt } from "../sampleReceipt.ts"
import { shapeThai } from "../thai/shapeThai.ts"
import { renderPdf } from "./renderPdf.ts"

const render = (receipt: Receipt): Promise<Uint8Array> =>
  Effect.runPromise(renderPdf(receiptDocument(receipt, { verifyUrl: "https://billing.example.ac.th/verify/1", seal: "4f1d".repeat(16) })))

/** Words are drawn one by one: spaces and line ends are not part of what is compared. */
const squeezed = (text: string): string => shapeThai(text).normalize("NFKC").replace(/\s+/g, "")

test("the printed text holds the payer, the totals and every Thai letter, and no glyph is missing", async () => {
  const receipt = sampleReceipt(60)
  const read = readPdf(await render(receipt))
  const text = squeezed(read.text)
  for (const expected of [
    receipt.payer.nameThai,
    receipt.payer.nameEnglish,
    receipt.issuer.nameThai,
    "ใบเสร็จรับเงิน/ใบกำกับภาษี",
    "HPC-2569-06-000127",
    "1 กรกฎาคม 2569",
    "1–30 มิถุนายน 2569",
    "0 9900 00000 02 9",
    "ทดสอบโมเดลน้ำท่วม",
    "ยอดยกมา",
    "ยอดยกไป",
  ]) {
    expect(text).toContain(squeezed(expected))
  }
  const baht = (minor: bigint): string =>
    `${(minor / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ",")}.${(minor % 100n).toString().padStart(2, "0")}`
  for (const minor of [receipt.netMinor, receipt.taxMinor, receipt.grossMinor]) expect(text).toContain(baht(minor))
  expect(read.glyphs.size).toBeGreaterThan(60)
  expect(read.glyphs).not.toContain(0)
})

test("names that the font cannot write leave no empty box", async () => {
  const strange = sampleLineWith(0, { id: "strange", jobName: "模型训练 🚀\u0007", user: "ผู้ใช้\u200B" })
  const read = readPdf(await render(sampleReceipt(0, "issued", [strange])))
  expect(read.glyphs).not.toContain(0)
  expect(squeezed(read.text)).toContain("????")
})

test("the same receipt gives the same bytes, and another one others", async () => {
  const first = await render(sampleReceipt(50))
  expect(Buffer.from(await render(sampleReceipt(50))).equals(first)).toBe(true)
  expect(Buffer.from(await render(sampleReceipt(51))).equals(first)).toBe(false)
})

test.each([0, 1, linesPerPage, linesPerPage + 1, 200, linesPrintedMaximum + 1])(
  "%d lines take the pages that the formula says",
  async (count) => {
    const read = readPdf(await render(sampleReceipt(count)))
    expect(read.pages).toBe(1 + annexPages(count))
  },
)

test("many prices, a code to verify and what was withheld still leave the signatures on the first page", async () => {
  const lines = Array.from({ length: 30 }, (_, index) => sampleLineWith(index, { id: `price-${index}`, sku: `gpu-type-${index}` }))
  const read = readPdf(await render(sampleReceipt(0, "paid", lines)))
  expect(read.pages).toBe(1 + annexPages(30))
})

test("past the printed lines the rest is one row, the total is whole and the file holds them all", async () => {
  const receipt = sampleReceipt(linesPrintedMaximum + 500)
  const read = readPdf(await render(receipt))
  expect(squeezed(read.text)).toContain(squeezed("Further lines: 500, in the attached lines.csv"))
  expect(read.files[0]?.trimEnd().split("\r\n")).toHaveLength(1 + linesPrintedMaximum + 500)
})

test.each([
  ["draft", "DRAFT"],
  ["void", "VOID"],
] as const)("a %s is marked so on every page", async (status, mark) => {
  const read = readPdf(await render(sampleReceipt(10, status)))
  expect(read.text.match(new RegExp(mark, "g"))?.length).toBeGreaterThanOrEqual(2)
})

test.each<[string, Content]>([
  ["a URL", { image: "http://127.0.0.1:9/logo.png" }],
  ["a local file", { image: "/etc/hostname" }],
])("%s in a document is refused", async (_, content) => {
  const document = { ...receiptDocument(sampleReceipt(1)), content: [content] }
  const error = await Effect.runPromise(Effect.flip(renderPdf(document)))
  expect(error.reason).toBe("access-refused")
  expect(error.mayRetry).toBe(false)
})

test("a document that cannot be laid out is an error with its title, and the next one is rendered", async () => {
  const document = { ...receiptDocument(sampleReceipt(1)), content: [{ qr: "x".repeat(5_000) }] }
  const error = await Effect.runPromise(Effect.flip(renderPdf(document)))
  expect(error.reason).toBe("layout-failed")
  expect(error.message).toContain("HPC-2569-06-000127")
  expect((await render(sampleReceipt(1))).byteLength).toBeGreaterThan(10_000)
})

test("documents asked for at once come back each as itself", async () => {
  const together = await Promise.all([1, 2, 3].map((count) => render(sampleReceipt(count))))
  expect(together.map((bytes) => readPdf(bytes).files[0]?.trimEnd().split("\r\n").length)).toEqual([2, 3, 4])
})

test("a rendering that is given up ends, and the next one is rendered", async () => {
  const document = receiptDocument(sampleReceipt(linesPrintedMaximum))
  const given = await Effect.runPromise(renderPdf(document).pipe(Effect.timeoutOption("50 millis")))
  expect(given._tag).toBe("None")
  expect((await render(sampleReceipt(1))).byteLength).toBeGreaterThan(10_000)
})

const pdftotext = "/usr/bin/pdftotext"

test.runIf(existsSync(pdftotext))("another reader finds the payer and the totals", async () => {
  const receipt = sampleReceipt(60)
  const text = squeezed(execFileSync(pdftotext, ["-raw", "-", "-"], { input: await render(receipt), encoding: "utf8" }))
  for (const expected of [receipt.payer.nameThai, receipt.payer.nameEnglish, "43,557.66", "นํ้าท่วม"])
    expect(text).toContain(squeezed(expected))
})
