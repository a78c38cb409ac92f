import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Access, Problems, readErrors, writeErrors } from "../Identity.ts"
import { routes } from "../routes.ts"
import { Amount, DataUntil, Instant, inTenant, Money, Name, pageOf, pageQuery, text, writeHeaders } from "../values.ts"

/** What a project paid ahead: settled is topped up and come back less charged, held is set aside for jobs, available the rest. */
export const PrepaidAccountView = Schema.Struct({
  project: Schema.String,
  payerId: Schema.String,
  payerNameThai: Schema.String,
  payerNameEnglish: Schema.String,
  settled: Money,
  held: Money,
  available: Money,
  openHolds: Schema.Int,
}).annotate({ identifier: "PrepaidAccount" })
export type PrepaidAccountView = typeof PrepaidAccountView.Type

export const PrepaidView = Schema.Struct({
  ...PrepaidAccountView.fields,
  /** Those that are open. */
  holds: Schema.Array(Schema.Struct({ id: Schema.String, amount: Money, open: Money, expiresAt: Instant })),
  /** What the caller may do with it now. */
  actions: Schema.Array(Schema.Literals(["top-up", "hold", "release"])),
  dataUntil: DataUntil,
}).annotate({ identifier: "Prepaid" })
export type PrepaidView = typeof PrepaidView.Type

/** One change of a project's credit, and how it stood then. */
export const PrepaidChangeView = Schema.Struct({
  kind: Schema.Literals(["top-up", "hold", "release", "expiry", "charge", "refund"]),
  /** Of the top-up or hold, as it was given; the id of the receipt of a charge or refund. */
  reference: Schema.String,
  receiptNumber: Schema.NullOr(Schema.String),
  at: Schema.NullOr(Instant),
  amount: Money,
  settled: Money,
  held: Money,
  available: Money,
}).annotate({ identifier: "PrepaidChange" })
export type PrepaidChangeView = typeof PrepaidChangeView.Type

const Project = text(/^[\p{L}\p{M}\p{N}._-]{1,64}$/u, "a project of letters, digits, dot, dash or underscore, at most 64")
/** The same again changes nothing. */
const ActId = text(/^[^\p{Cc}]{1,200}$/u, "a bank reference or the name of a job, at most 200 characters")
const ofProject = { ...inTenant, project: Project }
const hoursMaximum = 8_784

export class PrepaidGroup extends HttpApiGroup.make("prepaid")
  .add(
    HttpApiEndpoint.get("list", routes.prepaid.list.path, {
      params: inTenant,
      query: { payerId: Schema.optionalKey(Name), ...pageQuery },
      success: pageOf(PrepaidAccountView),
      error: readErrors,
    }),
    HttpApiEndpoint.get("get", routes.prepaid.get.path, { params: ofProject, success: PrepaidView, error: readErrors }),
    /** Newest first. */
    HttpApiEndpoint.get("history", routes.prepaid.history.path, {
      params: ofProject,
      query: pageQuery,
      success: pageOf(PrepaidChangeView),
      error: readErrors,
    }),
    /** Takes money paid ahead, and books it in the same commit. */
    HttpApiEndpoint.post("topUp", routes.prepaid.topUp.path, {
      params: ofProject,
      headers: writeHeaders,
      payload: Schema.Struct({ id: ActId, payerId: Name, amount: Amount }),
      success: PrepaidView,
      error: writeErrors,
    }),
    /** Sets an amount aside for a job; refused when the credit does not cover it. It ends by itself after `hours`, 168 when absent. */
    HttpApiEndpoint.post("hold", routes.prepaid.hold.path, {
      params: ofProject,
      headers: writeHeaders,
      payload: Schema.Struct({
        id: ActId,
        amount: Amount,
        hours: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: hoursMaximum }))),
      }),
      success: PrepaidView,
      error: writeErrors,
    }),
    /** Ends a hold and gives back what is left of it. */
    HttpApiEndpoint.post("release", routes.prepaid.release.path, {
      params: ofProject,
      headers: writeHeaders,
      payload: Schema.Struct({ id: ActId }),
      success: PrepaidView,
      error: writeErrors,
    }),
  )
  .middleware(Access)
  .middleware(Problems) {}
