import { Effect } from "effect"
import { BillingStore } from "../../store/index.ts"

/** A receipt by its id without its lines, which may be very many; null when there is none. */
export const receiptHeader = Effect.fnUntraced(function* (tenant: string, receiptId: string) {
  const store = yield* BillingStore
  const [, month, payerId] = receiptId.split("/")
  if (month === undefined || payerId === undefined) return null
  const { rows } = yield* store.listReceipts(tenant, { month, payerIds: [payerId] }, { cursor: null, limit: 200 })
  return rows.find(({ id }) => id === receiptId) ?? null
})
