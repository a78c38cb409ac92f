import { type Receipt, type ReceiptLine, zeroReasonText } from "@hpc-billing/core"
import type { Content, TableCell } from "pdfmake/interfaces.js"
import { type Bilingual, say, sayBoth } from "./catalogue/say.ts"
import { linesFileName } from "./linesCsv.ts"
import { figure, head } from "./nodes.ts"
import { fittedText } from "./PrintedDocument.ts"
import { palette } from "./palette.ts"
import { printedMinute } from "./printedDate.ts"
import { printedCount, printedMinor, printedPrice, printedQuantity } from "./printedNumber.ts"

export const linesPerPage = 48
export const linesPrintedMaximum = 2_000
const fontSizePoints = 8
const columnCount = 8
const widths = [22, 50, 78, 50, 66, 88, 36, 58]
const fitWidths = { job: 50, jobName: 78, user: 50, quantity: 88, quantityAndRate: 132 } as const

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

/** By time, then by job: how people look for their jobs. */
const inReadingOrder = (lines: readonly ReceiptLine[]): readonly ReceiptLine[] =>
  [...lines].sort(
    (a, b) =>
      a.window.startSeconds - b.window.startSeconds ||
      compareText(a.jobId, b.jobId) ||
      compareText(a.sku, b.sku) ||
      compareText(a.id, b.id),
  )

/** The job's name, before it what a correction corrects. */
const nameOf = (line: ReceiptLine): string => {
  if (line.corrects !== null) return `${say("en", "lines.correction", { month: line.corrects.month })} · ${line.jobName}`
  return line.jobName === "" ? line.sku : line.jobName
}

const reasonOf = (line: ReceiptLine): string => {
  const known = (zeroReasonText as Readonly<Record<string, { readonly th: string }>>)[line.zeroReason ?? ""]
  return known?.th ?? line.zeroReason ?? say("th", "lines.zero")
}

/** Quantity and rate; on a line that costs nothing the reason stands in their place. */
const priceCells = (line: ReceiptLine, receipt: Receipt): TableCell[] =>
  line.kind === "zero"
    ? [
        {
          ...(fitted(reasonOf(line), fitWidths.quantityAndRate, { color: palette.grey, alignment: "right" }) as object),
          colSpan: 2,
        } as TableCell,
        "",
      ]
    : [
        fitted(`${printedQuantity(line.quantity)} ${line.unit}`, fitWidths.quantity, { alignment: "right" }),
        figure(printedPrice(line.unitPrice, receipt.currency)),
      ]

const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, " ")

const fitted = (text: string, widthPoints: number, style: object): Content =>
  fittedText(oneLine(text), { widthPoints, fontSizePoints }, style)

const lineCells = (line: ReceiptLine, number: number, receipt: Receipt): TableCell[] => {
  const muted = line.kind === "zero" ? { color: palette.grey } : {}
  return [
    figure(String(number), { color: palette.grey }),
    fitted(line.jobId, fitWidths.job, muted),
    fitted(nameOf(line), fitWidths.jobName, muted),
    fitted(line.user, fitWidths.user, muted),
    { text: printedMinute(line.window.startSeconds, receipt.zone), noWrap: true, ...muted },
    ...priceCells(line, receipt),
    figure(printedMinor(line.billedMinor, receipt.currency), muted),
  ]
}

const headRow = (receipt: Receipt): TableCell[] => {
  const start = sayBoth("lines.start")
  const amount = sayBoth("lines.amount")
  return [
    head(sayBoth("lines.number"), "right"),
    head(sayBoth("lines.job")),
    head(sayBoth("lines.jobName")),
    head(sayBoth("lines.user")),
    head({ thai: start.thai, english: `${start.english} (${receipt.zone})` }),
    head(sayBoth("lines.quantity"), "right"),
    head(sayBoth("lines.rate"), "right"),
    head({ thai: amount.thai, english: `${amount.english} (${receipt.currency.code})` }, "right"),
  ]
}

const sumRow = (label: Bilingual, amountMinor: bigint, receipt: Receipt, style: object): TableCell[] => [
  { text: `${label.thai}  ${label.english}`, colSpan: columnCount - 1, alignment: "right", ...style },
  ...Array.from({ length: columnCount - 2 }, () => ""),
  figure(printedMinor(amountMinor, receipt.currency), style),
]

const sumOf = (lines: readonly ReceiptLine[]): bigint => lines.reduce((sum, line) => sum + line.billedMinor, 0n)

const shaded = { fillColor: palette.tint } as const

/** How many pages the details of so many lines take. */
export const annexPages = (lineCount: number): number => Math.ceil(Math.min(lineCount, linesPrintedMaximum) / linesPerPage)

/**
 * The line details, `linesPerPage` a page, each page with the sum brought forward, its own and the one carried forward. Past
 * `linesPrintedMaximum` the rest is one row; all of them are in the attached file.
 */
export const annex = (receipt: Receipt): Content[] => {
  const lines = inReadingOrder(receipt.lines)
  const printed = lines.slice(0, linesPrintedMaximum)
  const rest = lines.slice(linesPrintedMaximum)
  const title = sayBoth("lines.title")
  const pages: Content[] = []
  let carriedMinor = 0n
  for (let first = 0; first < printed.length; first += linesPerPage) {
    const part = printed.slice(first, first + linesPerPage)
    const isLast = first + linesPerPage >= printed.length
    const body: TableCell[][] = [headRow(receipt)]
    if (first > 0) body.push(sumRow(sayBoth("lines.broughtForward"), carriedMinor, receipt, { color: palette.grey }))
    part.forEach((line, index) => {
      body.push(lineCells(line, first + index + 1, receipt))
    })
    body.push(sumRow(sayBoth("lines.pageSubtotal"), sumOf(part), receipt, shaded))
    carriedMinor += sumOf(part)
    if (isLast && rest.length > 0) {
      body.push(
        sumRow(sayBoth("lines.notPrinted", { count: printedCount(rest.length), file: linesFileName }), sumOf(rest), receipt, shaded),
      )
      carriedMinor += sumOf(rest)
    }
    body.push(sumRow(sayBoth(isLast ? "lines.total" : "lines.carriedForward"), carriedMinor, receipt, { ...shaded, bold: true }))
    pages.push({
      fontSize: fontSizePoints,
      layout: "tightHairlines",
      table: { headerRows: 1, dontBreakRows: true, widths, body },
      ...(first === 0 ? {} : { pageBreak: "before" }),
    })
  }
  if (pages.length === 0) return []
  return [
    {
      pageBreak: "before",
      margin: [0, 0, 0, 6],
      text: [
        { text: title.thai, bold: true, fontSize: 12, color: palette.accent },
        { text: `  ${title.english}`, color: palette.grey },
      ],
    },
    ...pages,
  ]
}
