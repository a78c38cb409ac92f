import { canonicalJson, localDate, type Receipt, type ReceiptStatus, receiptToJson, voidReceipt } from "@hpc-billing/core"
import { type AuditEvent, auditText, decodeEvent } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { BillingStore, type Page, type ReceiptHeader } from "../store/index.ts"
import { asIssued } from "./asIssued.ts"
import { settle } from "./payReceipt.ts"
import { entriesOfReceipt } from "./receiptEntries.ts"
import type { Find } from "./StoreFinding.ts"

const receiptsAPage = 200

/** Every issued receipt with its lines against its issued document, and its status against what the audit log says was done with it. */
export const verifyReceipts = Effect.fnUntraced(function* (tenant: string, find: Find) {
  const store = yield* BillingStore
  let cursor: string | null = null
  let receipts = 0
  do {
    const page: Page<ReceiptHeader> = yield* store.listReceipts(tenant, {}, { cursor, limit: receiptsAPage })
    const events = yield* eventsBySubject(
      tenant,
      page.rows.map(({ id }) => id),
    )
    for (const header of page.rows) {
      if (header.status.kind === "draft") continue
      receipts += 1
      yield* checkIssued(tenant, header.id, find)
      yield* checkStatus(tenant, header, events.get(header.id) ?? [], find)
    }
    cursor = page.next
  } while (cursor !== null)
  return receipts
})

const eventsBySubject = Effect.fnUntraced(function* (tenant: string, subjects: readonly string[]) {
  const store = yield* BillingStore
  const events = (yield* store.eventsOf(tenant, subjects)).flatMap(({ payload }) => decodeEvent(payload) ?? [])
  return Map.groupBy(events, ({ subject }) => subject)
})

/** That the bytes are those whose digest the audit log has is told by the comparison of rows with the log. */
const checkIssued = Effect.fnUntraced(function* (tenant: string, id: string, find: Find) {
  const store = yield* BillingStore
  const stored = yield* store.receipt(tenant, id)
  if (stored === null) return
  const issued = stored.issuedBytes === null ? "" : new TextDecoder().decode(stored.issuedBytes)
  const said = Result.try(() => canonicalJson(receiptToJson(asIssued(stored.receipt))))
  if (Result.isFailure(said) || said.success !== issued) {
    find(`receipt ${id}`, "its row or one of its line rows does not say what its issued document says")
  }
})

interface Standing {
  readonly status: ReceiptStatus
  /** Its instant is that of the audit record; releases before did not tell it. */
  readonly isTimed: boolean
}

/** How a receipt stands after what was done with it, by the rules that did it. */
const standingOf = (header: ReceiptHeader, events: readonly AuditEvent[]): Standing => {
  const receipt: Receipt = asIssued({ ...header, lines: [] })
  let standing: Standing = { status: receipt.status, isTimed: true }
  let [receivedMinor, withheldMinor, creditedMinor] = [0n, 0n, 0n]
  for (const { action, detail } of events) {
    const atSeconds = Number(detail.atSeconds ?? 0)
    const isTimed = detail.atSeconds !== undefined
    if (action === "receipt.void") {
      const voided = voidReceipt(receipt, { reason: detail.reason ?? "", voidedAtSeconds: atSeconds })
      if (Result.isSuccess(voided)) standing = { status: voided.success.status, isTimed }
    }
    if (action === "receipt.pay" || action === "receipt.pay-part") {
      receivedMinor += BigInt(detail.receivedMinor ?? 0)
      withheldMinor += BigInt(detail.withheldMinor ?? 0)
    } else if (action === "receipt.credit") creditedMinor += BigInt(detail.netMinor ?? 0) + BigInt(detail.taxMinor ?? 0)
    else continue
    const settled = standing.status.kind === "issued" ? settle(receipt, atSeconds, { receivedMinor, withheldMinor, creditedMinor }) : null
    if (settled !== null) standing = { status: settled.status, isTimed }
  }
  return standing
}

const instantOf = (status: ReceiptStatus): number | null =>
  status.kind === "paid" ? status.paidAtSeconds : status.kind === "void" ? status.voidedAtSeconds : null

/** The status as told, with the instant of the stored one where none is told, and its whole reason where the log cut it short. */
const completed = ({ status, isTimed }: Standing, stored: ReceiptStatus): ReceiptStatus => {
  const untimed = isTimed ? null : instantOf(stored)
  if (status.kind === "paid") return untimed === null ? status : { ...status, paidAtSeconds: untimed }
  if (status.kind !== "void") return status
  const isCut = stored.kind === "void" && auditText(stored.reason) === status.reason
  return { ...status, ...(untimed === null ? {} : { voidedAtSeconds: untimed }), ...(isCut ? { reason: stored.reason } : {}) }
}

const textsOf = (status: ReceiptStatus): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(status).map(([name, value]) => [name, String(value)]))

const checkStatus = Effect.fnUntraced(function* (tenant: string, header: ReceiptHeader, events: readonly AuditEvent[], find: Find) {
  const { id, status, zone } = header
  const standing = standingOf(header, events)
  const [told, stored] = [textsOf(completed(standing, status)), textsOf(status)]
  const names = [...new Set([...Object.keys(told), ...Object.keys(stored)])].filter((name) => told[name] !== stored[name])
  if (names.length > 0) {
    const difference = names.map((name) => `${name} ${stored[name] ?? "absent"}, the audit log ${told[name] ?? "absent"}`).join("; ")
    return find(`receipt ${id}`, `its status says ${difference}`)
  }
  const atSeconds = instantOf(status)
  if (standing.isTimed || atSeconds === null) return
  // the day is that of the entries by which it was booked
  const kinds = status.kind === "void" ? ["void"] : ["payment", "credit-note"]
  const entries = yield* entriesOfReceipt(tenant, id)
  const booked = entries.flatMap(({ source, effectiveDate }) => (kinds.includes(source.kind) ? [effectiveDate] : []))
  const day = localDate(atSeconds, zone)
  if (booked.length > 0 && !booked.includes(day))
    find(`receipt ${id}`, `its status says ${status.kind} on ${day}, a day on which nothing of it is booked`)
})
