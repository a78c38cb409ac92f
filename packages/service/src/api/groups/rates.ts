import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Access, Problems, readErrors, writeErrors } from "../Identity.ts"
import { routes } from "../routes.ts"
import { sentenceFields } from "../sentences.ts"
import { Amount, Change, DateText, Instant, inTenant, Money, Month, Name, Reason, Sha256, writeHeaders } from "../values.ts"

export const MeterView = Schema.Struct({
  sku: Schema.String,
  title: Schema.String,
  unit: Schema.String,
  /** Decimal text; null where bands or a formula make the price. */
  price: Schema.NullOr(Schema.String),
  /** What it counts, or the formula as written. */
  counts: Schema.String,
  model: Schema.String,
  bands: Schema.Array(Schema.Struct({ upTo: Schema.NullOr(Schema.String), price: Schema.String })),
  /** null: taxed as the payer is. */
  tax: Schema.NullOr(Schema.Struct({ code: Schema.String, ratePercent: Schema.String, basis: Schema.String, basisThai: Schema.String })),
}).annotate({ identifier: "Meter" })
export type MeterView = typeof MeterView.Type

export const CardView = Schema.Struct({
  id: Schema.String,
  version: Schema.Int,
  title: Schema.String,
  tier: Schema.NullOr(Schema.String),
  effectiveFrom: Schema.String,
  effectiveUntil: Schema.NullOr(Schema.String),
  /** On the day `on` of the answer. */
  standing: Schema.Literals(["in-force", "coming", "ended"]),
  basis: Schema.Literals(["allocated", "consumed", "dominant", "slurm-billing"]),
  hash: Sha256,
  meters: Schema.Array(MeterView),
}).annotate({ identifier: "RateCard" })
export type CardView = typeof CardView.Type

export const Rates = Schema.Struct({
  version: Schema.Int,
  publishedAt: Instant,
  currency: Schema.String,
  zone: Schema.String,
  today: Schema.String,
  /** The day that `standing` is told for: the one asked for, or today. */
  on: Schema.String,
  cards: Schema.Array(CardView),
}).annotate({ identifier: "Rates" })
export type Rates = typeof Rates.Type

const OverrideView = Schema.Struct({
  id: Schema.String,
  cluster: Schema.NullOr(Schema.String),
  account: Schema.NullOr(Schema.String),
  user: Schema.NullOr(Schema.String),
  effectiveFrom: Schema.String,
  effectiveUntil: Schema.NullOr(Schema.String),
  author: Schema.String,
  reason: Schema.String,
  tier: Schema.NullOr(Schema.String),
  prices: Schema.Record(Schema.String, Schema.String),
  factor: Schema.NullOr(Schema.String),
}).annotate({ identifier: "RateOverride" })
export type OverrideView = typeof OverrideView.Type

export const TiersView = Schema.Struct({
  tiers: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      title: Schema.String,
      rules: Schema.Array(
        Schema.Struct({
          cluster: Schema.NullOr(Schema.String),
          account: Schema.NullOr(Schema.String),
          user: Schema.NullOr(Schema.String),
          payer: Schema.NullOr(Schema.String),
        }),
      ),
    }),
  ),
  overrides: Schema.Array(OverrideView),
}).annotate({ identifier: "Tiers" })
export type TiersView = typeof TiersView.Type

/** One thing wrong in a document: where, and a sentence that says what to do, which begins with the place. */
export const DocumentProblem = Schema.Struct({
  path: Schema.String,
  reason: Schema.String,
  message: Schema.String,
  /** The sentence without its place. */
  ...sentenceFields,
}).annotate({ identifier: "DocumentProblem" })
export type DocumentProblem = typeof DocumentProblem.Type

export const PublishAnswer = Schema.Struct({ kind: Schema.String, version: Schema.Int, sha256: Sha256 }).annotate({
  identifier: "Published",
})
export type PublishAnswer = typeof PublishAnswer.Type

/** `amount = before + use + price + policy`, each in money. */
const PlanFigures = {
  amount: Money,
  /** Against the book in force. */
  change: Change,
  /** The months before under the book in force; the same months where none were asked for. */
  before: Money,
  useEffect: Money,
  priceEffect: Money,
  policyEffect: Money,
}

/** What a candidate would change in real past months, for each payer. */
export const RatePlan = Schema.Struct({
  month: Schema.String,
  toMonth: Schema.String,
  total: Money,
  change: Change,
  before: Money,
  useEffect: Money,
  priceEffect: Money,
  policyEffect: Money,
  /** In the order of their names. */
  tiers: Schema.Array(Schema.Struct({ tier: Schema.String, ...PlanFigures })),
  payers: Schema.Array(Schema.Struct({ payerId: Schema.String, tier: Schema.String, ...PlanFigures })),
  /** Checks that the candidate fails. */
  breaches: Schema.Array(
    Schema.Struct({
      reason: Schema.Literals(["protected-tier", "under-recovery", "over-recovery"]),
      message: Schema.String,
      /** Only with `protected-tier`. */
      payerId: Schema.NullOr(Schema.String),
      tier: Schema.NullOr(Schema.String),
      otherTier: Schema.NullOr(Schema.String),
    }),
  ),
}).annotate({ identifier: "RatePlan" })
export type RatePlan = typeof RatePlan.Type

const Percent = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 9_999 }))
const PriceText = Schema.String.check(Schema.isPattern(/^\d{1,12}(\.\d{1,10})?$/, { expected: "a price such as 0.50" }))

const tiersComparedMaximum = 20

/** A rate book as JSON or YAML, as an editor holds it. */
const Draft = Schema.Struct({ text: Schema.String.check(Schema.isMaxLength(2_000_000)) })

export class RatesGroup extends HttpApiGroup.make("rates")
  .add(
    HttpApiEndpoint.get("current", routes.rates.current.path, {
      params: inTenant,
      /** The day whose prices are asked for; absent: today. */
      query: { on: Schema.optionalKey(DateText) },
      success: Rates,
      error: readErrors,
    }),
    HttpApiEndpoint.get("versions", routes.rates.versions.path, {
      params: inTenant,
      success: Schema.Struct({ versions: Schema.Array(Schema.Struct({ version: Schema.Int, sha256: Sha256, publishedAt: Instant })) }),
      error: readErrors,
    }),
    HttpApiEndpoint.get("document", routes.rates.document.path, {
      params: inTenant,
      query: { version: Schema.optionalKey(Schema.Int) },
      /**
       * The document as text that the editor may change, check and publish. `isWhole` is false where overrides and tier rules of
       * others were left out: such a text must not be published. `sha256` is that of the whole document.
       */
      success: Schema.Struct({ version: Schema.Int, sha256: Sha256, isWhole: Schema.Boolean, text: Schema.String }),
      error: readErrors,
    }),
    HttpApiEndpoint.get("tiers", routes.rates.tiers.path, { params: inTenant, success: TiersView, error: readErrors }),
    HttpApiEndpoint.post("check", routes.rates.check.path, {
      params: inTenant,
      payload: Draft,
      success: Schema.Struct({ problems: Schema.Array(DocumentProblem) }),
      error: readErrors,
    }),
    HttpApiEndpoint.post("plan", routes.rates.plan.path, {
      params: inTenant,
      payload: Schema.Struct({
        text: Draft.fields.text,
        month: Month,
        /** The last of several months; absent: the one month. */
        toMonth: Schema.optionalKey(Month),
        /** Compare the use with as many months before. */
        withBefore: Schema.optionalKey(Schema.Boolean),
        /** No payer of the tier may pay more than it would as one of the others. */
        protectedTiers: Schema.optionalKey(
          Schema.Array(Schema.Struct({ tier: Name, notAbove: Schema.Array(Name).check(Schema.isMaxLength(tiersComparedMaximum)) })).check(
            Schema.isMaxLength(tiersComparedMaximum),
          ),
        ),
        /** What the months cost to provide, and the shares of it in percent that may be recovered. */
        recovery: Schema.optionalKey(Schema.Struct({ cost: Amount, leastPercent: Percent, mostPercent: Percent })),
      }),
      success: Schema.Struct({ plan: Schema.NullOr(RatePlan), problems: Schema.Array(DocumentProblem) }),
      error: readErrors,
    }),
    HttpApiEndpoint.post("publish", routes.rates.publish.path, {
      params: inTenant,
      headers: writeHeaders,
      payload: Draft,
      success: Schema.Struct({ published: Schema.NullOr(PublishAnswer), problems: Schema.Array(DocumentProblem) }),
      error: writeErrors,
    }),
    /** Other prices, a factor or another tier for an account, a user, or a user in an account; the caller is its author. */
    HttpApiEndpoint.post("addOverride", routes.rates.addOverride.path, {
      params: inTenant,
      headers: writeHeaders,
      payload: Schema.Struct({
        cluster: Schema.optionalKey(Name),
        account: Schema.NullOr(Name),
        user: Schema.NullOr(Name),
        effectiveFrom: DateText,
        effectiveUntil: Schema.NullOr(DateText),
        reason: Reason,
        tier: Schema.optionalKey(Name),
        prices: Schema.optionalKey(Schema.Record(Name, PriceText)),
        factor: Schema.optionalKey(PriceText),
      }),
      success: Schema.Struct({ override: Schema.NullOr(OverrideView), problems: Schema.Array(DocumentProblem) }),
      error: writeErrors,
    }),
    /** The override holds until the day before the date; what was priced with it stands. */
    HttpApiEndpoint.post("endOverride", routes.rates.endOverride.path, {
      params: { ...inTenant, overrideId: Name },
      headers: writeHeaders,
      payload: Schema.Struct({ effectiveUntil: DateText }),
      success: Schema.Struct({ override: Schema.NullOr(OverrideView), problems: Schema.Array(DocumentProblem) }),
      error: writeErrors,
    }),
  )
  .middleware(Access)
  .middleware(Problems) {}

/** Plain prices of one tier: a unit of cpu, gpu, memory, each an hour. */
export const Formula = Schema.Struct({
  tier: Schema.String,
  cardId: Schema.String,
  cardVersion: Schema.Int,
  currency: Schema.String,
  effectiveFrom: Schema.String,
  prices: Schema.Record(Schema.String, Schema.String),
}).annotate({ identifier: "Formula" })
export type Formula = typeof Formula.Type

/** The seed system's formulas per tier over the same rate cards: read with an ETag, set from a date on. */
export class FormulasGroup extends HttpApiGroup.make("formulas")
  .add(
    HttpApiEndpoint.get("get", routes.formulas.get.path, {
      params: { ...inTenant, tier: Name },
      headers: { "if-none-match": Schema.optionalKey(Schema.String) },
      success: [HttpApiSchema.WithHeaders(Formula, { etag: Schema.String }), HttpApiSchema.Empty(304)],
      error: readErrors,
    }),
    HttpApiEndpoint.post("set", routes.formulas.set.path, {
      params: { ...inTenant, tier: Name },
      headers: { ...writeHeaders, "if-match": Schema.optionalKey(Schema.String) },
      /** Prices by sku; skus that are left out keep theirs. */
      payload: Schema.Struct({ prices: Schema.Record(Name, PriceText), effectiveFrom: DateText }),
      success: HttpApiSchema.WithHeaders(Formula, { etag: Schema.String }),
      error: writeErrors,
    }),
  )
  .middleware(Access)
  .middleware(Problems) {}
