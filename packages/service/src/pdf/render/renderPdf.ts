import { Worker } from "node:worker_threads"
import { Duration, Effect, Semaphore } from "effect"
import type { PrintedDocument } from "../PrintedDocument.ts"
import { PdfError, type PdfReason } from "./PdfError.ts"
import type { RenderAnswer } from "./RenderAnswer.ts"

const renderTimeLimitSeconds = 180
const workerHeapMebibytesMaximum = 2_048

/** The worker beside this file: TypeScript when run from source, JavaScript when built. */
const workerFile = new URL(import.meta.url.endsWith(".ts") ? "./renderWorker.ts" : "./renderWorker.js", import.meta.url)

let idleWorker: Worker | null = null

const takeWorker = (): Worker => {
  const worker =
    idleWorker ?? new Worker(workerFile, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: workerHeapMebibytesMaximum } })
  idleWorker = null
  worker.removeAllListeners()
  worker.ref()
  return worker
}

/** For the next document; it does not hold the process, and is forgotten when it ends. */
const keepWorker = (worker: Worker): void => {
  const forget = (): void => {
    if (idleWorker === worker) idleWorker = null
  }
  worker.once("error", forget)
  worker.once("exit", forget)
  worker.unref()
  idleWorker = worker
}

const sentences: Record<PdfReason, (detail: string) => string> = {
  "access-refused": (detail) => `It asks for something outside the document (${detail}). Put the content into the document itself.`,
  "layout-failed": (detail) => `The layout engine refused it: ${detail}`,
  "timed-out": () => `It was not ready after ${renderTimeLimitSeconds} s. Try again, or print fewer lines.`,
  "worker-failed": (detail) => `The render worker ended: ${detail}. Try again; if it happens again, give the service more memory.`,
}

const pdfError = (document: PrintedDocument, reason: PdfReason, detail: string): PdfError =>
  new PdfError({ reason, title: document.title, message: `"${document.title}" was not rendered. ${sentences[reason](detail)}` })

const renderOne = (document: PrintedDocument): Effect.Effect<Uint8Array, PdfError> =>
  Effect.callback<Uint8Array, PdfError>((resume) => {
    const worker = takeWorker()
    const finish = (effect: Effect.Effect<Uint8Array, PdfError>): void => {
      worker.removeAllListeners()
      resume(effect)
    }
    worker.once("message", (answer: RenderAnswer) => {
      finish(answer.kind === "rendered" ? Effect.succeed(answer.bytes) : Effect.fail(pdfError(document, answer.reason, answer.message)))
      keepWorker(worker)
    })
    worker.once("error", (error) => finish(Effect.fail(pdfError(document, "worker-failed", error.message))))
    worker.once("exit", (code) => finish(Effect.fail(pdfError(document, "worker-failed", `exit code ${code}`))))
    worker.postMessage(document)
    return Effect.promise(async () => {
      worker.removeAllListeners()
      await worker.terminate()
    })
  })

const oneAtATime = Semaphore.makeUnsafe(1)

/**
 * The bytes of a document, laid out in a worker thread so that a long document blocks nothing else; the same document gives the
 * same bytes. Documents wait for one another. Interrupting it ends the worker.
 */
export const renderPdf = (document: PrintedDocument): Effect.Effect<Uint8Array, PdfError> =>
  oneAtATime.withPermits(1)(
    renderOne(document).pipe(
      Effect.timeoutOrElse({
        duration: Duration.seconds(renderTimeLimitSeconds),
        orElse: () => Effect.fail(pdfError(document, "timed-out", "")),
      }),
    ),
  )
