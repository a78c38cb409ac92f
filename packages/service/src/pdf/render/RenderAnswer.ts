import type { PdfReason } from "./PdfError.ts"

/** What the render worker sends back for one document. */
export type RenderAnswer =
  | { readonly kind: "rendered"; readonly bytes: Uint8Array }
  | { readonly kind: "failed"; readonly reason: PdfReason; readonly message: string }
