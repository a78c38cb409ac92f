import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Access, Problems, readErrors, writeErrors } from "../Identity.ts"
import { routes } from "../routes.ts"
import { Sentence } from "../sentences.ts"
import { Amount, DataUntil, Instant, inTenant, Money, Month, Name, pageOf, pageQuery, Reason, Sha256, writeHeaders } from "../values.ts"

export const ReceiptHeaderView = Schema.Struct({
  /** `tenant/month/payer/sequence`. */
  id: Schema.String,
  month: Schema.String,
  payerId: Schema.String,
  sequence: Schema.Int,
  payerNameThai: Schema.String,
  payerNameEnglish: Schema.String,
  status: Schema.Literals(["draft", "issued", "paid", "void"]),
  /** null on a draft. */
  number: Schema.NullOr(Schema.String),
  issuedAt: Schema.NullOr(Instant),
  paidAt: Schema.NullOr(Instant),
  voidedAt: Schema.NullOr(Instant),
  voidReason: Schema.NullOr(Schema.String),
  net: Money,
  tax: Money,
  gross: Money,
  /** Still to be received, less what credit notes took back and what was written off: zero unless issued. */
  due: Money,
  /** Whole days since issue; null unless issued and unpaid. */
  ageDays: Schema.NullOr(Schema.Int),
  lineCount: Schema.Int,
}).annotate({ identifier: "ReceiptHeader" })
export type ReceiptHeaderView = typeof ReceiptHeaderView.Type

const Party = Schema.Struct({
  nameThai: Schema.String,
  nameEnglish: Schema.String,
  addressThai: Schema.String,
  addressEnglish: Schema.String,
  taxId: Schema.String,
  branch: Schema.String,
})

export const ReceiptView = Schema.Struct({
  ...ReceiptHeaderView.fields,
  zone: Schema.String,
  windowStart: Instant,
  windowEnd: Instant,
  issuer: Party,
  payer: Party,
  tier: Schema.String,
  /** One for each tax code of its lines. */
  taxes: Schema.Array(
    Schema.Struct({
      code: Schema.String,
      ratePercent: Schema.String,
      /** Legal basis where no tax is due; empty on a taxable supply. */
      basis: Schema.String,
      basisThai: Schema.String,
      net: Money,
      tax: Money,
    }),
  ),
  /** Received so far, in part or in full; null while nothing is. */
  paid: Schema.NullOr(Money),
  withheld: Schema.NullOr(Money),
  /** What the payer still owes by the journal, below zero what stands to be paid back; null until its issue is posted. */
  balance: Schema.NullOr(Money),
  credited: Money,
  refunded: Money,
  /** Given up and not recovered since. */
  writtenOff: Money,
  /** What no credit note has taken back yet. */
  creditable: Schema.Struct({ net: Money, tax: Money }),
  /** Where a refund of all that the receipt stands in credit goes: out from the bank, and back to what was paid ahead; null when it is not in credit. */
  refundable: Schema.NullOr(
    Schema.Struct({ bank: Money, credits: Schema.Array(Schema.Struct({ project: Schema.String, amount: Money })) }),
  ),
  creditNotes: Schema.Array(
    Schema.Struct({ number: Schema.String, date: Schema.String, net: Money, tax: Money, gross: Money, reason: Schema.String }),
  ),
  /** Of the issued document's bytes; null on a draft. */
  sha256: Schema.NullOr(Sha256),
  /** The receipt's lines by resource. */
  bySku: Schema.Array(
    Schema.Struct({ sku: Schema.String, unit: Schema.String, quantity: Schema.String, billed: Money, lines: Schema.Int }),
  ),
  byUser: Schema.Array(Schema.Struct({ user: Schema.String, account: Schema.String, billed: Money, lines: Schema.Int })),
  /** What recomputing the document from itself found; empty when it is true. */
  findings: Schema.Array(Schema.String),
  /** Posted entries that book it; empty for who may not read the journal. */
  entryIds: Schema.Array(Schema.String),
  /** What the caller may do with it now. */
  actions: Schema.Array(Schema.Literals(["issue", "pay", "void", "credit", "refund", "write-off", "pdf"])),
  dataUntil: DataUntil,
}).annotate({ identifier: "Receipt" })
export type ReceiptView = typeof ReceiptView.Type

/** The drafts of a month: what issuing it would bill, and what it would leave out. Nothing is written. */
export const BillingPreview = Schema.Struct({
  month: Schema.String,
  receipts: Schema.Array(
    Schema.Struct({
      payerId: Schema.String,
      payerNameThai: Schema.String,
      payerNameEnglish: Schema.String,
      net: Money,
      tax: Money,
      gross: Money,
      /** What issuing it would draw from the prepaid credit of its payer, and what would stay open. */
      prepaid: Money,
      due: Money,
      draws: Schema.Array(Schema.Struct({ project: Schema.String, amount: Money })),
      lineCount: Schema.Int,
    }),
  ),
  net: Money,
  gross: Money,
  leftOut: Schema.Array(Schema.Struct({ reason: Schema.String, count: Schema.Int, ...Sentence.fields })),
  dataUntil: DataUntil,
}).annotate({ identifier: "BillingPreview" })
export type BillingPreview = typeof BillingPreview.Type

export const Billed = Schema.Struct({
  month: Schema.String,
  receipts: Schema.Array(
    Schema.Struct({ id: Schema.String, payerId: Schema.String, status: Schema.String, number: Schema.NullOr(Schema.String), gross: Money }),
  ),
}).annotate({ identifier: "Billed" })
export type Billed = typeof Billed.Type

const receiptParams = { ...inTenant, month: Month, payer: Name, sequence: Schema.Int }

export class CreditNotesGroup extends HttpApiGroup.make("creditNotes")
  .add(
    /** In Thai and English, as its receipt is printed. */
    HttpApiEndpoint.get("pdf", routes.creditNotes.pdf.path, {
      params: { ...inTenant, number: Name },
      success: Schema.Uint8Array.pipe(HttpApiSchema.asUint8Array({ contentType: "application/pdf" })),
      error: readErrors,
    }),
  )
  .middleware(Access)
  .middleware(Problems) {}

/** A month's work, for every payer or for one. */
const MonthCommand = Schema.Struct({ month: Month, payerId: Schema.optionalKey(Name) })

export class ReceiptsGroup extends HttpApiGroup.make("receipts")
  .add(
    HttpApiEndpoint.get("list", routes.receipts.list.path, {
      params: inTenant,
      query: {
        month: Schema.optionalKey(Month),
        payerId: Schema.optionalKey(Name),
        status: Schema.optionalKey(Schema.Literals(["draft", "issued", "paid", "void"])),
        ...pageQuery,
      },
      success: pageOf(ReceiptHeaderView),
      error: readErrors,
    }),
    HttpApiEndpoint.get("get", routes.receipts.get.path, { params: receiptParams, success: ReceiptView, error: readErrors }),
    HttpApiEndpoint.get("byNumber", routes.receipts.byNumber.path, {
      params: { ...inTenant, number: Name },
      success: ReceiptView,
      error: readErrors,
    }),
    /** In Thai and English: the invoice of an issued receipt, the tax receipt of a paid one, a draft with its mark. */
    HttpApiEndpoint.get("pdf", routes.receipts.pdf.path, {
      params: receiptParams,
      success: Schema.Uint8Array.pipe(HttpApiSchema.asUint8Array({ contentType: "application/pdf" })),
      error: readErrors,
    }),
    HttpApiEndpoint.get("preview", routes.receipts.preview.path, {
      params: inTenant,
      query: MonthCommand.fields,
      success: BillingPreview,
      error: readErrors,
    }),
    HttpApiEndpoint.post("issue", routes.receipts.issue.path, {
      params: inTenant,
      headers: writeHeaders,
      payload: MonthCommand,
      success: Billed,
      error: writeErrors,
    }),
    HttpApiEndpoint.post("pay", routes.receipts.pay.path, {
      params: receiptParams,
      headers: writeHeaders,
      /** Money received and tax withheld at source, as typed; absent: all that is open, nothing withheld. Less than that is a payment in part. */
      payload: Schema.Struct({ received: Schema.optionalKey(Amount), withheld: Schema.optionalKey(Amount) }),
      success: ReceiptView,
      error: writeErrors,
    }),
    HttpApiEndpoint.post("void", routes.receipts.void.path, {
      params: receiptParams,
      headers: writeHeaders,
      payload: Schema.Struct({ reason: Reason }),
      success: ReceiptView,
      error: writeErrors,
    }),
    /** A credit note with a number of its own; its tax follows the net amount. */
    HttpApiEndpoint.post("credit", routes.receipts.credit.path, {
      params: receiptParams,
      headers: writeHeaders,
      /** Net amount as typed; absent: all that no credit note has taken back. */
      payload: Schema.Struct({ net: Schema.optionalKey(Amount), reason: Reason }),
      success: ReceiptView,
      error: writeErrors,
    }),
    HttpApiEndpoint.post("refund", routes.receipts.refund.path, {
      params: receiptParams,
      headers: writeHeaders,
      /**
       * `amount` absent: all that the receipt stands in credit. `as-paid`, when absent: what was drawn from prepaid credit goes back
       * to it, in its share; `bank`: all is paid out.
       */
      payload: Schema.Struct({ amount: Schema.optionalKey(Amount), to: Schema.optionalKey(Schema.Literals(["as-paid", "bank"])) }),
      success: ReceiptView,
      error: writeErrors,
    }),
    /** Gives up what is still owed. */
    HttpApiEndpoint.post("writeOff", routes.receipts.writeOff.path, {
      params: receiptParams,
      headers: writeHeaders,
      payload: Schema.Struct({ reason: Reason }),
      success: ReceiptView,
      error: writeErrors,
    }),
  )
  .middleware(Access)
  .middleware(Problems) {}
