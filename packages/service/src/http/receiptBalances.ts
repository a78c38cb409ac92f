import { type ReceiptPosition, receiptPosition } from "@hpc-billing/ledger"
import { Effect } from "effect"
import { entriesOfReceipt } from "../run/receiptEntries.ts"
import { policyOf } from "../site/policyOf.ts"
import { BillingStore, type ReceiptHeader } from "../store/index.ts"
import { standingOf } from "./tenantView.ts"

type Balanced = Pick<ReceiptHeader, "id" | "status" | "grossMinor">

/** Of receipts by their headers, in minor units. */
export interface ReceiptBalances {
  /** Still to be received; zero unless issued. */
  readonly owedMinor: (receipt: Balanced) => bigint
  /** Received and withheld, less what was paid back. */
  readonly receivedMinor: (receipt: Balanced) => bigint
}

/** Acts after which a receipt is neither owed nor paid in full. */
const changingActions = ["receipt.pay-part", "receipt.credit", "receipt.write-off"]

/** What receipts are owed: all when issued, nothing when paid, and what the journal says of the few that something else happened to. */
export const receiptBalances = Effect.fn("receiptBalances")(function* (tenant: string) {
  const store = yield* BillingStore
  const { books } = yield* standingOf(tenant)
  const { roles } = policyOf(books.site)
  const changed = new Set<string>()
  for (const action of changingActions) {
    let cursor: string | null = null
    do {
      const page: { readonly rows: readonly { readonly projection: { readonly subject: string } | null }[]; readonly next: string | null } =
        yield* store.listAudit(tenant, { action }, { cursor, limit: 1_000 })
      for (const { projection } of page.rows) if (projection !== null) changed.add(projection.subject)
      cursor = page.next
    } while (cursor !== null)
  }
  const positions = new Map<string, ReceiptPosition>()
  for (const id of changed) positions.set(id, receiptPosition(id, yield* entriesOfReceipt(tenant, id), roles))
  return {
    owedMinor: ({ id, status, grossMinor }) => (status.kind !== "issued" ? 0n : owedOf(positions.get(id)?.receivableMinor ?? grossMinor)),
    receivedMinor: ({ id, status, grossMinor }) => {
      const position = positions.get(id)
      if (position !== undefined) return position.receivedMinor + position.withheldMinor - position.refundedMinor
      return status.kind === "paid" ? grossMinor : 0n
    },
  } satisfies ReceiptBalances
})

/** A receivable below zero is owed to the payer, not by it. */
export const owedOf = (receivableMinor: bigint): bigint => (receivableMinor > 0n ? receivableMinor : 0n)
