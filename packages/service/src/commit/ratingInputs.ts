import type { CanonicalValue } from "@hpc-billing/core"
import { Effect } from "effect"
import { BillingStore, type LedgerHead } from "../store/index.ts"

const bookKinds = ["site", "rate-book", "payer-book", "readings"] as const

/** The place in the audit log of the last event of the action; "0" before the first. */
export const lastSequenceOf = Effect.fnUntraced(function* (tenant: string, action: string, subject?: string) {
  const store = yield* BillingStore
  const { rows } = yield* store.listAudit(tenant, { action, ...(subject === undefined ? {} : { subject }) }, { cursor: null, limit: 1 })
  return String(rows[0]?.sequence ?? 0n)
})

/**
 * A few values that change whenever a month would be rated otherwise from the same records: the versions of the books and readings,
 * the place of the last act that issued or voided a receipt, and which months are closed.
 */
export const ratingInputs = Effect.fnUntraced(function* (tenant: string, head: LedgerHead) {
  return {
    versions: bookKinds.map((kind) => head.documentVersion(kind)),
    issued: yield* lastSequenceOf(tenant, "receipt.issue"),
    voided: yield* lastSequenceOf(tenant, "receipt.void"),
    closed: [...head.periods.values()].flatMap(({ month, status }) =>
      status.kind === "closed" ? [`${month} ${status.closedAtSeconds} ${status.journalSha256}`] : [],
    ),
  } satisfies CanonicalValue
})
