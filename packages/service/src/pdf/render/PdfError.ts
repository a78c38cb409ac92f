import { Data } from "effect"

export type PdfReason =
  /** The document asks for a URL or a local file; it may only use the fonts that come with the service. */
  | "access-refused"
  /** The layout engine refused the document: a programmer's error in the document. */
  | "layout-failed"
  | "timed-out"
  /** The worker ended (out of memory, killed); the next document gets a new one. */
  | "worker-failed"

/** A document that could not be rendered. `timed-out` and `worker-failed` may be tried again. */
export class PdfError extends Data.TaggedError("PdfError")<{
  readonly reason: PdfReason
  readonly title: string
  readonly message: string
}> {
  get mayRetry(): boolean {
    return this.reason === "timed-out" || this.reason === "worker-failed"
  }
}
