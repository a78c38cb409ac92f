import { documentDatesOf, type Entry, entriesOfPayers, receivablesByAge } from "@hpc-billing/ledger"
import { Effect } from "effect"
import { policyOf } from "../site/policyOf.ts"
import type { Site } from "../site/Site.ts"
import { BillingStore, type ReceiptHeader } from "../store/index.ts"

const receiptsAPage = 500

/** The dates of the documents that entries belong to, by receipt id. */
const readDocumentDates = Effect.fnUntraced(function* (tenant: string, entries: readonly Entry[]) {
  const store = yield* BillingStore
  const ids = [...new Set(entries.flatMap(({ source }) => source.receiptId ?? []))]
  const headers: ReceiptHeader[] = []
  for (let from = 0; from < ids.length; from += receiptsAPage) {
    const page = { cursor: null, limit: receiptsAPage }
    headers.push(...(yield* store.listReceipts(tenant, { ids: ids.slice(from, from + receiptsAPage) }, page)).rows)
  }
  return documentDatesOf(headers)
})

/** What may be owed at the end of a day, and the dates from which it ages. */
export const readDebts = Effect.fnUntraced(function* (site: Site, asOfDate: string) {
  const store = yield* BillingStore
  const entries = yield* store.openEntries(site.tenant, policyOf(site).roles.receivable, asOfDate)
  return { entries, documentDates: yield* readDocumentDates(site.tenant, entries) }
})

/**
 * What every receipt still has open in the journal at the end of a day, by the age of its document; of the payers alone, where some are
 * named. Report, month page and dashboard show these figures.
 */
export const loadReceivables = Effect.fn("loadReceivables")(function* (
  site: Site,
  asOfDate: string,
  payerIds: readonly string[] | null = null,
) {
  const { entries, documentDates } = yield* readDebts(site, asOfDate)
  const own = payerIds === null ? entries : entriesOfPayers(entries, new Set(payerIds))
  return receivablesByAge(own, { asOfDate, roles: policyOf(site).roles, documentDates })
})
