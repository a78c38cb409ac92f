import type { Currency, Receipt } from "@hpc-billing/core"
import { type Entry, receiptPosition } from "@hpc-billing/ledger"
import { Effect } from "effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../../api/Api.ts"
import type { Billed, BillingPreview } from "../../api/groups/receipts.ts"
import { Caller } from "../../api/Identity.ts"
import { say } from "../../api/sentences.ts"
import { rowsDefault } from "../../api/values.ts"
import type { Actor } from "../../run/Actor.ts"
import { readBook } from "../../run/Books.ts"
import { billMonth, previewBill } from "../../run/billMonth.ts"
import { readCreditNote } from "../../run/CreditNote.ts"
import { creditReceipt } from "../../run/creditReceipt.ts"
import { readCredits } from "../../run/PrepaidLog.ts"
import { payReceipt } from "../../run/payReceipt.ts"
import { drawnMinorOfAll } from "../../run/planDraws.ts"
import { type PreviewedDraw, previewDraws } from "../../run/previewDraws.ts"
import { printCreditNote } from "../../run/printCreditNote.ts"
import { printReceipt } from "../../run/printReceipt.ts"
import { type RunError, refuse } from "../../run/RunError.ts"
import { entriesOfReceipt } from "../../run/receiptEntries.ts"
import { refundReceipt } from "../../run/refundReceipt.ts"
import { voidReceipt } from "../../run/voidReceipt.ts"
import { writeOffReceipt } from "../../run/writeOffReceipt.ts"
import { policyOf } from "../../site/policyOf.ts"
import { BillingStore } from "../../store/index.ts"
import { reachOf } from "../access.ts"
import { FiguresCache } from "../figures/FiguresCache.ts"
import { receiptHeader } from "../figures/receiptHeader.ts"
import { minorOf } from "../minorOf.ts"
import { once } from "../once.ts"
import { reading, writing } from "../problemOf.ts"
import { receiptBalances } from "../receiptBalances.ts"
import { standingOf, todayIn } from "../tenantView.ts"
import { moneyView } from "../views/money.ts"
import { type CreditNoteText, receiptHeaderView, receiptView } from "../views/receiptView.ts"
import { payersWithin } from "./payers.ts"

interface ReceiptParams {
  readonly tenant: string
  readonly month: string
  readonly payer: string
  readonly sequence: number
}

const idOf = ({ tenant, month, payer, sequence }: ReceiptParams): string => `${tenant}/${month}/${payer}/${sequence}`

const unknownReceipt = refuse("not-found", say("receipt-unknown"))

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

/** The credit notes that the entries of a receipt book, in their order. */
const creditNotesOf = Effect.fnUntraced(function* (tenant: string, posted: readonly Entry[]) {
  const notes: CreditNoteText[] = []
  for (const { id, source } of posted) {
    if (source.kind !== "credit-note") continue
    const note = yield* readBook<CreditNoteText>(tenant, `credit-note/${id.slice(id.lastIndexOf("/") + 1)}`)
    if (note !== null) notes.push(note)
  }
  return notes
})

const viewOf = Effect.fnUntraced(function* (tenant: string, receiptId: string) {
  const { receipt, sha256 } = yield* findReceipt(tenant, receiptId)
  const { identity } = yield* Caller
  const { books, dataUntil } = yield* standingOf(tenant)
  const posted: readonly Entry[] = yield* entriesOfReceipt(tenant, receiptId)
  const { roles } = policyOf(books.site)
  const store = yield* BillingStore
  const isInCredit = receiptPosition(receiptId, posted, roles).receivableMinor < 0n
  const credits = isInCredit ? yield* readCredits(tenant, yield* store.head(tenant), new Set([receipt.payer.id]), receipt.currency) : []
  return receiptView(receipt, {
    credits,
    sha256,
    posted,
    roles,
    creditNotes: yield* creditNotesOf(tenant, posted),
    readsJournal: reachOf(identity, "journalRead").kind === "all",
    mayWrite: reachOf(identity, "receiptWrite").kind === "all",
    dataUntil,
    today: yield* todayIn(books.site.zone),
  })
})

const optionalMinorOf = (text: string | undefined, currency: Currency): Effect.Effect<bigint | null, RunError> =>
  text === undefined ? Effect.succeed(null) : minorOf(text, currency)

/** An act on a receipt, done once; answers how the receipt stands then. */
const actOnReceipt = <A, E, R>(
  params: ReceiptParams,
  key: string,
  body: Readonly<Record<string, string | null>>,
  act: (id: string, actor: Actor, currency: Currency) => Effect.Effect<A, E, R>,
) =>
  writing(
    Effect.gen(function* () {
      const { tenant } = params
      const { currency } = yield* standingOf(tenant)
      const id = idOf(params)
      yield* once(
        { tenant, key, body: { ...body, id } },
        (actor) => Effect.asVoid(act(id, actor, currency)),
        () => Effect.void,
      )
      return yield* viewOf(tenant, id)
    }),
  )

const previewOf = Effect.fnUntraced(function* (tenant: string, month: string, payerId: string | null) {
  const { currency, dataUntil } = yield* standingOf(tenant)
  const { rated, receipts } = yield* previewBill(tenant, month, payerId === null ? {} : { payerId })
  const draws = yield* previewDraws(tenant, receipts)
  const drawsOf = (receiptId: string): readonly PreviewedDraw[] => draws.get(receiptId) ?? []
  const leftOut = [
    { reason: "unmapped", count: rated.counts.unmappedUsages + rated.counts.lateUnmappedUsages, ...say("left-out-unmapped") },
    { reason: "running", count: rated.counts.provisionalUsages, ...say("left-out-running") },
    { reason: "zero", count: rated.counts.zeroUsages, ...say("left-out-zero") },
    { reason: "pending", count: rated.counts.pendingUsages, ...say("left-out-pending") },
  ]
  const sum = (of: (receipt: Receipt) => bigint): bigint => receipts.reduce((total, receipt) => total + of(receipt), 0n)
  return {
    month,
    receipts: receipts.map(({ id, payer, netMinor, taxMinor, grossMinor, lines }) => ({
      payerId: payer.id,
      payerNameThai: payer.nameThai,
      payerNameEnglish: payer.nameEnglish,
      net: moneyView(netMinor, currency),
      tax: moneyView(taxMinor, currency),
      gross: moneyView(grossMinor, currency),
      prepaid: moneyView(drawnMinorOfAll(drawsOf(id)), currency),
      due: moneyView(grossMinor - drawnMinorOfAll(drawsOf(id)), currency),
      draws: drawsOf(id).map(({ project, drawnMinor }) => ({ project, amount: moneyView(drawnMinor, currency) })),
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

/** Who asks, as the audit log names who printed what was not printed yet. */
const reader = Effect.map(Caller, ({ identity, requestId }): Actor => ({ name: identity.name, requestId }))

/** The PDF of a credit note on a receipt within the caller's reach. */
const creditNotePdf = Effect.fnUntraced(function* (tenant: string, number: string) {
  const note = yield* readCreditNote(tenant, number)
  if (note === null || !(yield* ownPayers(tenant)).has(note.payer.id)) return yield* refuse("not-found", say("credit-note-unknown"))
  return pdfResponse(yield* printCreditNote(tenant, number, yield* reader))
})

const pdfResponse = ({ name, bytes }: { readonly name: string; readonly bytes: Uint8Array }) =>
  HttpServerResponse.uint8Array(bytes, {
    contentType: "application/pdf",
    headers: { "content-disposition": `attachment; filename="${name}"` },
  })

export const creditNotesHandlers = HttpApiBuilder.group(
  Api,
  "creditNotes",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({ pdf: ({ params: { tenant, number } }) => reading(creditNotePdf(tenant, number)) })
  }),
)

export const receiptsHandlers = HttpApiBuilder.group(
  Api,
  "receipts",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      list: ({ params: { tenant }, query: { month, payerId, status, cursor, limit } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            const { zone, dataUntil } = yield* standingOf(tenant)
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
            const today = yield* todayIn(zone)
            const balances = yield* receiptBalances(tenant)
            return {
              rows: page.rows.map((header) => receiptHeaderView(header, balances.owedMinor(header), today)),
              next: page.next,
              dataUntil,
            }
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
            return pdfResponse(yield* printReceipt(params.tenant, receipt, yield* reader))
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
        actOnReceipt(
          params,
          headers["idempotency-key"],
          { route: "receipts.pay", received: received ?? null, withheld: withheld ?? null },
          Effect.fnUntraced(function* (id, actor, currency) {
            const payment = {
              receivedMinor: yield* optionalMinorOf(received, currency),
              withheldMinor: (yield* optionalMinorOf(withheld, currency)) ?? 0n,
            }
            yield* payReceipt(params.tenant, id, payment, actor)
          }),
        ),

      void: ({ params, headers, payload: { reason } }) =>
        actOnReceipt(params, headers["idempotency-key"], { route: "receipts.void", reason }, (id, actor) =>
          voidReceipt(params.tenant, id, reason, actor),
        ),

      credit: ({ params, headers, payload: { net, reason } }) =>
        actOnReceipt(
          params,
          headers["idempotency-key"],
          { route: "receipts.credit", net: net ?? null, reason },
          Effect.fnUntraced(function* (id, actor, currency) {
            yield* creditReceipt(params.tenant, id, { netMinor: yield* optionalMinorOf(net, currency), reason }, actor)
          }),
        ),

      refund: ({ params, headers, payload: { amount, to } }) =>
        actOnReceipt(
          params,
          headers["idempotency-key"],
          { route: "receipts.refund", amount: amount ?? null, ...(to === undefined ? {} : { to }) },
          Effect.fnUntraced(function* (id, actor, currency) {
            const amountMinor = yield* optionalMinorOf(amount, currency)
            yield* refundReceipt(params.tenant, id, { amountMinor, to: to ?? "as-paid" }, actor)
          }),
        ),

      writeOff: ({ params, headers, payload: { reason } }) =>
        actOnReceipt(params, headers["idempotency-key"], { route: "receipts.writeOff", reason }, (id, actor) =>
          writeOffReceipt(params.tenant, id, reason, actor),
        ),
    })
  }),
)
