import { Effect } from "effect"
import { makeThread } from "../../threads/makeThread.ts"
import type { PrintedDocument } from "../PrintedDocument.ts"
import { PdfError, type PdfReason } from "./PdfError.ts"
import type { RenderAnswer } from "./RenderAnswer.ts"

const renderTimeLimitSeconds = 180

const ask = makeThread<PrintedDocument, RenderAnswer>({
  file: new URL(import.meta.url.endsWith(".ts") ? "./renderWorker.ts" : "./renderWorker.js", import.meta.url),
  timeLimitSeconds: renderTimeLimitSeconds,
  heapMebibytesMaximum: 2_048,
})

const sentences: Record<PdfReason, (detail: string) => string> = {
  "access-refused": (detail) => `It asks for something outside the document (${detail}). Put the content into the document itself.`,
  "layout-failed": (detail) => `The layout engine refused it: ${detail}`,
  "timed-out": () => `It was not ready after ${renderTimeLimitSeconds} s. Try again, or print fewer lines.`,
  "worker-failed": (detail) => `The render worker ended: ${detail}. Try again; if it happens again, give the service more memory.`,
}

const pdfError = (document: PrintedDocument, reason: PdfReason, detail: string): PdfError =>
  new PdfError({ reason, title: document.title, message: `"${document.title}" was not rendered. ${sentences[reason](detail)}` })

/**
 * The bytes of a document, laid out in a worker thread so that a long document blocks nothing else; the same document gives the
 * same bytes. Documents wait for one another. Interrupting it ends the worker.
 */
export const renderPdf = (document: PrintedDocument): Effect.Effect<Uint8Array, PdfError> =>
  ask(document).pipe(
    Effect.mapError(({ reason, detail }) => pdfError(document, reason === "timed-out" ? "timed-out" : "worker-failed", detail)),
    Effect.flatMap((answer) =>
      answer.kind === "rendered" ? Effect.succeed(answer.bytes) : Effect.fail(pdfError(document, answer.reason, answer.message)),
    ),
  )
