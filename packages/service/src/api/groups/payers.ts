import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Access, Problems, readErrors, writeErrors } from "../Identity.ts"
import { routes } from "../routes.ts"
import { Sentence } from "../sentences.ts"
import { DataUntil, inTenant, Money, Month, Quantity, writeHeaders } from "../values.ts"
import { DocumentProblem, PublishAnswer } from "./rates.ts"

export const PayerView = Schema.Struct({
  id: Schema.String,
  nameThai: Schema.String,
  nameEnglish: Schema.String,
  addressThai: Schema.String,
  addressEnglish: Schema.String,
  taxId: Schema.String,
  branch: Schema.String,
  tier: Schema.String,
  taxKind: Schema.Literals(["taxable", "exempt", "out-of-scope"]),
  taxText: Schema.String,
  mappings: Schema.Array(
    Schema.Struct({
      cluster: Schema.String,
      account: Schema.String,
      user: Schema.NullOr(Schema.String),
      sharePercent: Schema.String,
      effectiveFrom: Schema.String,
      effectiveUntil: Schema.NullOr(Schema.String),
    }),
  ),
}).annotate({ identifier: "Payer" })
export type PayerView = typeof PayerView.Type

export const AccountView = Schema.Struct({
  cluster: Schema.String,
  account: Schema.String,
  payerId: Schema.NullOr(Schema.String),
  payerNameThai: Schema.NullOr(Schema.String),
  payerNameEnglish: Schema.NullOr(Schema.String),
  tier: Schema.NullOr(Schema.String),
}).annotate({ identifier: "Account" })
export type AccountView = typeof AccountView.Type

/** Usage of accounts that lead to no payer: metered and priced, billed to nobody, with what to do. */
export const Unmapped = Schema.Struct({
  month: Schema.String,
  accounts: Schema.Array(
    Schema.Struct({
      cluster: Schema.String,
      account: Schema.String,
      users: Schema.Array(Schema.String),
      jobs: Schema.Int,
      amount: Schema.NullOr(Money),
      quantities: Schema.Array(Quantity),
      ...Sentence.fields,
    }),
  ),
  dataUntil: DataUntil,
}).annotate({ identifier: "Unmapped" })
export type Unmapped = typeof Unmapped.Type

export class PayersGroup extends HttpApiGroup.make("payers")
  .add(
    HttpApiEndpoint.get("payers", routes.payers.payers.path, {
      params: inTenant,
      success: Schema.Struct({ version: Schema.Int, payers: Schema.Array(PayerView) }),
      error: readErrors,
    }),
    HttpApiEndpoint.get("accounts", routes.payers.accounts.path, {
      params: inTenant,
      success: Schema.Struct({ accounts: Schema.Array(AccountView) }),
      error: readErrors,
    }),
    HttpApiEndpoint.get("unmapped", routes.payers.unmapped.path, {
      params: inTenant,
      query: { month: Month },
      success: Unmapped,
      error: readErrors,
    }),
    HttpApiEndpoint.post("publish", routes.payers.publish.path, {
      params: inTenant,
      headers: writeHeaders,
      payload: Schema.Struct({ text: Schema.String.check(Schema.isMaxLength(2_000_000)) }),
      success: Schema.Struct({ published: Schema.NullOr(PublishAnswer), problems: Schema.Array(DocumentProblem) }),
      error: writeErrors,
    }),
  )
  .middleware(Access)
  .middleware(Problems) {}
