import { Effect } from "effect"
import type { Actor } from "./Actor.ts"
import { asIssued } from "./asIssued.ts"
import { receiptsOf } from "./journalMonth.ts"
import { printReceipt } from "./printReceipt.ts"

/** Prints every issued receipt of a month that has no PDF yet, and what became of it since, and keeps the bytes: each is rendered once. */
export const writeDocuments = Effect.fn("writeDocuments")(function* (
  tenant: string,
  month: string,
  actor: Actor,
  options: { readonly annex?: boolean; readonly onProgress?: (done: number, of: number) => void } = {},
) {
  const { annex = true, onProgress = () => {} } = options
  const receipts = yield* receiptsOf(tenant, month)
  let written = 0
  for (const [index, receipt] of receipts.entries()) {
    onProgress(index, receipts.length)
    const { status } = receipt
    if (status.kind === "draft") continue
    for (const face of status.kind === "issued" ? [receipt] : [asIssued(receipt), receipt]) {
      const { isNew } = yield* printReceipt(tenant, face, actor, { annex })
      if (isNew) written += 1
    }
  }
  onProgress(receipts.length, receipts.length)
  return { written }
})
