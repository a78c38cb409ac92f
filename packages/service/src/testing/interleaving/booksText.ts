import { decodeEvent } from "@hpc-billing/ledger"
import { Effect, Stream } from "effect"
import { BillingStore } from "../../store/index.ts"

/**
 * The books of a tenant as a text that two tenants with the same history share: names of the tenant, document numbers, digests and
 * places are masked, and what has no order is sorted.
 */
export const booksText = Effect.fnUntraced(function* (tenant: string) {
  const store = yield* BillingStore
  const head = yield* store.head(tenant)
  const lines: string[] = []
  const add = (kind: string, value: unknown): void => {
    lines.push(
      `${kind} ${mask(
        JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each)),
        tenant,
      )}`,
    )
  }
  for (const { month, status } of head.periods.values()) add("period", { month, status })
  for (const kind of head.documentKinds("")) {
    for (let version = 1; version <= head.documentVersion(kind); version++) {
      const stored = yield* store.document(tenant, kind, version)
      add(`document ${mask(kind, tenant)}/${version}`, stored === null ? null : new TextDecoder().decode(stored.bytes))
    }
  }
  for (const { entry } of yield* Stream.runCollect(store.entries(tenant, {}))) add("entry", entry)
  for (const row of yield* store.balances(tenant, null)) add("balance", row)
  const { rows } = yield* store.listReceipts(tenant, {}, { cursor: null, limit: 1_000 })
  for (const header of rows) add("receipt", header)
  for (const { receiptId, line } of yield* Stream.runCollect(store.lines(tenant, {}))) add("line", { receiptId, line })
  for (const { id, month } of yield* store.exportRuns(tenant, null)) add("export", { id, month })
  for (const record of yield* Stream.runCollect(store.auditRecords(tenant, 1n))) {
    const event = record.kind === "event" ? decodeEvent(record.payload) : null
    if (event !== null) add("event", { ...event, actionId: undefined })
  }
  return lines.sort().join("\n")
})

const mask = (text: string, tenant: string): string =>
  text
    .replaceAll(tenant, "TENANT")
    .replaceAll(/R(CN)?2026-\d{6}/g, "R$1#")
    .replaceAll(/[0-9a-f]{64}/g, "DIGEST")
