import { type Currency, parseDecimal, type Receipt, rescaleExact } from "@hpc-billing/core"
import { Effect } from "effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../../api/Api.ts"
import type { Billed, BillingPreview } from "../../api/groups/receipts.ts"
import { Caller } from "../../api/Identity.ts"
import { rowsDefault } from "../../api/values.ts"
import { receiptDocument } from "../../pdf/receiptDocument.ts"
import { renderPdf } from "../../pdf/render/renderPdf.ts"
import { billMonth } from "../../run/billMonth.ts"
import { payReceipt } from "../../run/payReceipt.ts"
import { type RunError, refuse } from "../../run/RunError.ts"
import { entriesOfReceipt } from "../../run/receiptEntries.ts"
import { voidReceipt } from "../../run/voidReceipt.ts"
import { receiptFileName, receiptSubject } from "../../run/writeDocuments.ts"
import { BillingStore } from "../../store/index.ts"
import { reachOf } from "../access.ts"
import { FiguresCache } from "../figures/FiguresCache.ts"
import { receiptHeader } from "../figures/receiptHeader.ts"
import { once } from "../once.ts"
import { reading, writing } from "../problemOf.ts"
import { nowSeconds, standingOf } from "../tenantView.ts"
import { moneyView } from "../views/money.ts"
import { receiptHeaderView, receiptView } from "../views/receiptView.ts"
import { payersWithin } from "./payers.ts"

interface ReceiptParams {
  readonly tenant: string
  readonly month: string
  readonly payer: string
  readonly sequence: number
}

const idOf = ({ tenant, month, payer, sequence }: ReceiptParams): string => `${tenant}/${month}/${payer}/${sequence}`

const unknownReceipt = refuse("not-found", "There is no such receipt, or it is not yours.")

const ownPayers = Effect.fnUntraced(function* (tenant: string) {
  const { books } = yield* standingOf(tenant)
  return payersWithin(books, reachOf((yield* Caller).identity, "receiptRead"))
})

/** A stored receipt or a draft as the next billing would make it, when it is within the caller's reach. */
const findReceipt = Effect.fnUntraced(function* (tenant: string, receiptId: string) {
  const store = yield* BillingStore
  const cache = yield* FiguresCache
  const [, month = "", payerId = ""] = receiptId.split("/")
  if (!(yield* ownPayers(tenant)).has(payerId)) return yield* unknownReceipt
  if ((yield* receiptHeader(tenant, receiptId)) !== null) {
    const stored = yield* store.receipt(tenant, receiptId)
    if (stored !== null) return { receipt: stored.receipt, sha256: stored.issuedSha256 }
  }
  const { drafts } = yield* cache.month(tenant, month)
  const draft = drafts.find(({ id }) => id === receiptId)
  return draft === undefined ? yield* unknownReceipt : { receipt: draft, sha256: null }
})

const viewOf = Effect.fnUntraced(function* (tenant: string, receiptId: string) {
  const { receipt, sha256 } = yield* findReceipt(tenant, receiptId)
  const { identity } = yield* Caller
  const { dataUntil } = yield* standingOf(tenant)
  const readsJournal = reachOf(identity, "journalRead").kind === "all"
  return receiptView(receipt, {
    sha256,
    entryIds: readsJournal ? (yield* entriesOfReceipt(tenant, receiptId)).map(({ id }) => id) : [],
    mayWrite: reachOf(identity, "receiptWrite").kind === "all",
    dataUntil,
    nowSeconds: yield* nowSeconds,
  })
})

/** Minor units of an amount as typed; refused when it has more decimals than the currency. */
const minorOf = (text: string, currency: Currency): Effect.Effect<bigint, RunError> =>
  Effect.try({
    try: () => rescaleExact(parseDecimal(text) as NonNullable<ReturnType<typeof parseDecimal>>, currency.exponent).units,
    catch: () => refuse("receipt-refused", `${text} has more decimals than ${currency.code} has: write at most ${currency.exponent}.`),
  })

const fileNameOf = ({ id, status }: Receipt): string => {
  if (status.kind === "draft") return `draft-${receiptFileName(id)}.pdf`
  const suffix = status.kind === "issued" ? "" : `-${status.kind}`
  return `${receiptFileName(status.number)}${suffix}.pdf`
}

/** The document of what the receipt is now: rendered once and kept, unless it is a draft. */
const documentOf = Effect.fnUntraced(function* (tenant: string, receipt: Receipt) {
  const store = yield* BillingStore
  const subject = receiptSubject(receipt.id)
  const name = fileNameOf(receipt)
  const kept = receipt.status.kind === "draft" ? null : yield* store.file(tenant, subject, name)
  if (kept !== null) return { name, bytes: kept.bytes }
  const bytes = yield* renderPdf(receiptDocument(receipt))
  if (receipt.status.kind !== "draft") yield* store.attachFile(tenant, { subject, name, mediaType: "application/pdf", bytes })
  return { name, bytes }
})

const previewOf = Effect.fnUntraced(function* (tenant: string, month: string, payerId: string | null) {
  const { currency, dataUntil } = yield* standingOf(tenant)
  const { rated, receipts } = yield* billMonth(
    tenant,
    month,
    { name: "", requestId: "" },
    { dryRun: true, ...(payerId === null ? {} : { payerId }) },
  )
  const leftOut = [
    {
      reason: "unmapped",
      count: rated.counts.unmappedUsages,
      sentence: "Jobs whose account leads to no payer: map the account in the payer book.",
    },
    { reason: "running", count: rated.counts.provisionalUsages, sentence: "Jobs that still run: they are billed once they have ended." },
    { reason: "zero", count: rated.counts.zeroUsages, sentence: "Jobs that cost nothing: they stand on the receipt with their reason." },
    { reason: "pending", count: rated.counts.pendingUsages, sentence: "Jobs that have not started." },
  ]
  const sum = (of: (receipt: Receipt) => bigint): bigint => receipts.reduce((total, receipt) => total + of(receipt), 0n)
  return {
    month,
    receipts: receipts.map(({ payer, netMinor, taxMinor, grossMinor, lines }) => ({
      payerId: payer.id,
      payerNameThai: payer.nameThai,
      payerNameEnglish: payer.nameEnglish,
      net: moneyView(netMinor, currency),
      tax: moneyView(taxMinor, currency),
      gross: moneyView(grossMinor, currency),
      lineCount: lines.length,
    })),
    net: moneyView(
      sum(({ netMinor }) => netMinor),
      currency,
    ),
    gross: moneyView(
      sum(({ grossMinor }) => grossMinor),
      currency,
    ),
    leftOut: leftOut.filter(({ count }) => count > 0),
    dataUntil,
  } satisfies BillingPreview
})

type Shown = Pick<Receipt, "id" | "payer" | "status" | "grossMinor" | "currency">

const billedView = (month: string, receipts: readonly Shown[]): Billed => ({
  month,
  receipts: receipts.map(({ id, payer, status, grossMinor, currency }) => ({
    id,
    payerId: payer.id,
    status: status.kind,
    number: status.kind === "draft" ? null : status.number,
    gross: moneyView(grossMinor, currency),
  })),
})

export const receiptsHandlers = HttpApiBuilder.group(
  Api,
  "receipts",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      list: ({ params: { tenant }, query: { month, payerId, status, cursor, limit } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            const { dataUntil } = yield* standingOf(tenant)
            const reach = reachOf((yield* Caller).identity, "receiptRead")
            const own = yield* ownPayers(tenant)
            const isAll = reach.kind === "all"
            const payerIds = payerId === undefined ? (isAll ? null : [...own]) : isAll || own.has(payerId) ? [payerId] : []
            const page = yield* store.listReceipts(
              tenant,
              {
                ...(month === undefined ? {} : { month }),
                ...(status === undefined ? {} : { status }),
                ...(payerIds === null ? {} : { payerIds }),
              },
              { cursor: cursor ?? null, limit: limit ?? rowsDefault },
            )
            const now = yield* nowSeconds
            return { rows: page.rows.map((header) => receiptHeaderView(header, now)), next: page.next, dataUntil }
          }),
        ),

      get: ({ params }) => reading(viewOf(params.tenant, idOf(params))),

      byNumber: ({ params: { tenant, number } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            const stored = yield* store.receiptByNumber(tenant, number)
            return stored === null ? yield* unknownReceipt : yield* viewOf(tenant, stored.receipt.id)
          }),
        ),

      pdf: ({ params }) =>
        reading(
          Effect.gen(function* () {
            const { receipt } = yield* findReceipt(params.tenant, idOf(params))
            const { name, bytes } = yield* documentOf(params.tenant, receipt)
            return HttpServerResponse.uint8Array(bytes, {
              contentType: "application/pdf",
              headers: { "content-disposition": `attachment; filename="${name}"` },
            })
          }),
        ),

      preview: ({ params: { tenant }, query: { month, payerId } }) => reading(previewOf(tenant, month, payerId ?? null)),

      issue: ({ params: { tenant }, headers, payload: { month, payerId } }) =>
        writing(
          once(
            { tenant, key: headers["idempotency-key"], body: { route: "receipts.issue", month, payerId: payerId ?? null } },
            (actor) =>
              Effect.map(
                billMonth(tenant, month, actor, { dryRun: false, ...(payerId === undefined ? {} : { payerId }) }),
                ({ receipts }) => billedView(month, receipts),
              ),
            (answer) =>
              Effect.gen(function* () {
                const headers = yield* Effect.forEach(answer as readonly string[], (id) => receiptHeader(tenant, id))
                return billedView(
                  month,
                  headers.filter((header) => header !== null),
                )
              }),
          ),
        ),

      pay: ({ params, headers, payload: { received, withheld } }) =>
        writing(
          Effect.gen(function* () {
            const { tenant } = params
            const { currency } = yield* standingOf(tenant)
            const payment = {
              receivedMinor: received === undefined ? null : yield* minorOf(received, currency),
              withheldMinor: withheld === undefined ? 0n : yield* minorOf(withheld, currency),
            }
            const id = idOf(params)
            yield* once(
              {
                tenant,
                key: headers["idempotency-key"],
                body: { route: "receipts.pay", id, received: received ?? null, withheld: withheld ?? null },
              },
              (actor) => Effect.asVoid(payReceipt(tenant, id, payment, actor)),
              () => Effect.void,
            )
            return yield* viewOf(tenant, id)
          }),
        ),

      void: ({ params, headers, payload: { reason } }) =>
        writing(
          Effect.gen(function* () {
            const { tenant } = params
            const id = idOf(params)
            yield* once(
              { tenant, key: headers["idempotency-key"], body: { route: "receipts.void", id, reason } },
              (actor) => Effect.asVoid(voidReceipt(tenant, id, reason, actor)),
              () => Effect.void,
            )
            return yield* viewOf(tenant, id)
          }),
        ),
    })
  }),
)
