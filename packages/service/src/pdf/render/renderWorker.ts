import { createRequire } from "node:module"
import { parentPort } from "node:worker_threads"
import * as fontkit from "fontkit"
import pdfmake from "pdfmake"
import type { Column, Content, TDocumentDefinitions } from "pdfmake/interfaces.js"
import type { PrintedDocument } from "../PrintedDocument.ts"
import { palette } from "../palette.ts"
import { shapeThai } from "../thai/shapeThai.ts"
import { type FontAdvance, prepareContent } from "./prepareContent.ts"
import type { RenderAnswer } from "./RenderAnswer.ts"
import { sarabunFiles } from "./Sarabun.ts"
import { tableLayouts } from "./tableLayouts.ts"

/** The engine's own text breaker: an internal file, which is why the engine's version is pinned exactly. */
interface TextBreakerModule {
  readonly default: { readonly prototype: { getBreaks(texts: unknown, styles: unknown): { text: string }[] } }
}

const breaker = (createRequire(import.meta.url)("pdfmake/js/TextBreaker.js") as TextBreakerModule).default.prototype
const getBreaks = breaker.getBreaks
breaker.getBreaks = function shapedBreaks(texts, styles) {
  const words = getBreaks.call(this, texts, styles)
  for (const word of words) word.text = shapeThai(word.text)
  return words
}

const fontFiles: readonly string[] = Object.values(sarabunFiles)
const accessDenied = "denied by resource access policy"
pdfmake.setFonts({ Sarabun: { ...sarabunFiles } })
pdfmake.setTableLayouts(tableLayouts)
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((path) => fontFiles.includes(path))

const sarabun = fontkit.openSync(sarabunFiles.normal) as fontkit.Font
const advances = new Map<number, number | null>()
const advance: FontAdvance = (codePoint) => {
  let known = advances.get(codePoint)
  if (known === undefined) {
    known = sarabun.hasGlyphForCodePoint(codePoint) ? sarabun.glyphForCodePoint(codePoint).advanceWidth / sarabun.unitsPerEm : null
    advances.set(codePoint, known)
  }
  return known
}

const marginPoints = { side: 42, top: 46, bottom: 52 } as const
const small = { fontSize: 8, color: palette.grey } as const

const headOf =
  ({ runningHead }: PrintedDocument) =>
  (page: number): Content | undefined =>
    page === 1
      ? undefined
      : {
          margin: [marginPoints.side, 22, marginPoints.side, 0],
          columns: prepareContent(
            [
              { ...small, text: runningHead.left },
              { ...small, text: runningHead.right, alignment: "right" },
            ],
            advance,
          ),
        }

const footOf =
  ({ runningFoot }: PrintedDocument) =>
  (page: number, pages: number): Content => ({
    margin: [marginPoints.side, 10, marginPoints.side, 0],
    columns: prepareContent<Column>(
      [
        { width: "*", stack: runningFoot.lines.map((text) => ({ text })), fontSize: 6.5, color: palette.grey },
        { width: 90, ...small, text: `${runningFoot.pageWord} ${page} / ${pages}`, alignment: "right" },
      ],
      advance,
    ),
  })

const definitionOf = (document: PrintedDocument): TDocumentDefinitions => {
  const created = new Date(document.createdAtSeconds * 1000)
  return {
    version: "1.7",
    pageSize: "A4",
    pageMargins: [marginPoints.side, marginPoints.top, marginPoints.side, marginPoints.bottom],
    language: document.language,
    displayTitle: true,
    info: {
      title: document.title,
      author: document.author,
      subject: document.subject,
      creator: "hpc-billing",
      producer: "hpc-billing",
      creationDate: created,
      modDate: created,
    },
    defaultStyle: { font: "Sarabun", fontSize: 9.5, color: palette.ink, lineHeight: 1 },
    ...(document.watermark === null
      ? {}
      : { watermark: { text: shapeThai(document.watermark), color: palette.grey, opacity: 0.1, bold: true, angle: -45 } }),
    files: Object.fromEntries(
      document.attachments.map(({ name, mimeType, description, text }) => [
        name,
        {
          name,
          description,
          type: mimeType,
          relationship: "Data",
          src: `data:${mimeType};base64,${Buffer.from(text, "utf8").toString("base64")}`,
          creationDate: created,
          modifiedDate: created,
        },
      ]),
    ),
    header: headOf(document),
    footer: footOf(document),
    content: prepareContent(document.content, advance),
  }
}

const answerTo = async (document: PrintedDocument): Promise<RenderAnswer> => {
  try {
    const bytes = new Uint8Array(await pdfmake.createPdf(definitionOf(document)).getBuffer())
    return { kind: "rendered", bytes }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    return { kind: "failed", reason: message.includes(accessDenied) ? "access-refused" : "layout-failed", message }
  }
}

parentPort?.on("message", async (document: PrintedDocument) => {
  const answer = await answerTo(document)
  parentPort?.postMessage(answer, answer.kind === "rendered" ? [answer.bytes.buffer as ArrayBuffer] : [])
})
