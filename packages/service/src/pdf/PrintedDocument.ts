import type { Content } from "pdfmake/interfaces.js"

/**
 * A document ready to be rendered, as plain data: it can be copied to a worker, compared and stored. Content nodes are
 * pdfmake's, table layouts by the names of `tableLayouts`; running heads stand apart because their page numbers come last.
 */
export interface PrintedDocument {
  readonly title: string
  readonly author: string
  readonly subject: string
  /** BCP 47, `th-TH`. */
  readonly language: string
  /** The only time in the file; the bytes depend on it. */
  readonly createdAtSeconds: number
  /** Across every page; null when none. */
  readonly watermark: string | null
  /** From the second page on. */
  readonly runningHead: { readonly left: string; readonly right: string }
  readonly runningFoot: { readonly lines: readonly string[]; readonly pageWord: string }
  readonly attachments: readonly Attachment[]
  readonly content: readonly Content[]
}

export interface Attachment {
  readonly name: string
  readonly mimeType: string
  readonly description: string
  readonly text: string
}

/** How wide a one-line text may be; what is longer is cut and ends in an ellipsis. */
export interface Fit {
  readonly widthPoints: number
  readonly fontSizePoints: number
}

/** A text that stays on one line and inside its column. */
export const fittedText = (text: string, fit: Fit, style: object = {}): Content =>
  ({ ...style, text, noWrap: true, fitLine: fit }) as Content
