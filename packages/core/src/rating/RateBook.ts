import { Schema } from "effect"
import { jobStates } from "../usage/JobRecord.ts"

/**
 * Every price of one site as a document: versioned cards, the tiers they serve, and dated overrides. It is written by people
 * (JSON or YAML), checked once by `checkRateBook`, and read by `prepareRates`. Not the price of one usage: that is a
 * `ResolvedRate`. A card in force is never edited; a new version with a later date replaces it.
 *
 *   RateBook
 *     cards      what things cost: meters in units of resource, from one date until another
 *     tiers      who belongs to which card, by rules
 *     overrides  who pays something else for a while, and why
 *
 * Prices, factors and quantities are decimal text, dates are local dates of `zone` (from inclusive, until exclusive).
 */
const DecimalText = Schema.String.check(Schema.isPattern(/^-?\d{1,18}(\.\d{1,10})?$/u, { expected: "book-not-decimal" }))

const PercentText = Schema.String.check(Schema.isPattern(/^(100(\.0{1,6})?|\d{1,2}(\.\d{1,6})?)$/u, { expected: "book-not-percent" }))

const DateText = Schema.String.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2}$/u, { expected: "book-not-date" }))

const Name = Schema.String.check(Schema.isPattern(/^[^\s|/@]{1,64}$/u, { expected: "book-not-name" }))

const ResourceName = Schema.String.check(Schema.isPattern(/^[^\s|@]{1,80}$/u, { expected: "book-not-resource" }))

const Text = Schema.String.check(Schema.isPattern(/^(?=.*\S)[\s\S]{1,500}$/u, { expected: "book-not-words" }))

const Count = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000_000 }))

const JobStateName = Schema.Literals(jobStates)

const FormulaText = Schema.String.check(Schema.isPattern(/^[\s\S]{1,4000}$/u, { expected: "book-not-formula" }))

/** From `0` or the end of the band before, up to `upTo` units (null: no end). */
const Band = Schema.Struct({ upTo: Schema.NullOr(DecimalText), price: DecimalText })

/**
 * How the period's quantity becomes money where the price depends on it. `graduated`: each unit at the price of its band;
 * `volume`: all units at the price of the band that the total reaches; `package`: begun packages of `size` units; `included`:
 * the first `quantity` units cost nothing. A meter without a model is flat.
 */
const Model = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("flat") }),
  Schema.Struct({ kind: Schema.Literal("graduated"), bands: Schema.Array(Band).check(Schema.isMinLength(1), Schema.isMaxLength(50)) }),
  Schema.Struct({ kind: Schema.Literal("volume"), bands: Schema.Array(Band).check(Schema.isMinLength(1), Schema.isMaxLength(50)) }),
  Schema.Struct({ kind: Schema.Literal("package"), size: DecimalText }),
  Schema.Struct({ kind: Schema.Literal("included"), quantity: DecimalText }),
])

/**
 * One priced thing. It counts either a `resource` (a name of `Quantities`) in `unit`, or the result of a `formula` in `unit`;
 * with `amountFormula` the formula is the money itself and `unit` is `job`. Graduated and volume meters take their prices
 * from the bands, the others from `price`.
 */
const Meter = Schema.Struct({
  sku: Name,
  title: Schema.optionalKey(Text),
  resource: Schema.optionalKey(ResourceName),
  formula: Schema.optionalKey(FormulaText),
  amountFormula: Schema.optionalKey(FormulaText),
  unit: Schema.String.check(Schema.isPattern(/^\S{1,24}$/u, { expected: "book-not-unit" })),
  price: Schema.optionalKey(DecimalText),
  model: Schema.optionalKey(Model),
  /** Units a period that cost nothing, for each counted group. */
  allowance: Schema.optionalKey(DecimalText),
  /** Amounts a period for each counted group. */
  minimum: Schema.optionalKey(DecimalText),
  cap: Schema.optionalKey(DecimalText),
  /** A code of the card's `tax`; the card's default when absent. */
  tax: Schema.optionalKey(Name),
})

/** Of the alternatives, each a list of skus that are summed, the dearest is charged. Meters in no choice are always charged. */
const Choice = Schema.Struct({
  combine: Schema.Literal("max"),
  of: Schema.Array(Schema.Array(Name).check(Schema.isMinLength(1))).check(Schema.isMinLength(2), Schema.isMaxLength(20)),
})

const Factor = Schema.Struct({ by: Schema.Literals(["qos", "partition", "tier"]), name: Text, factor: DecimalText })

/** What a job blocks without asking: where it holds at least `whenAtLeast` a node, it counts `perNode` of each at least. */
const Imputed = Schema.Struct({
  partition: Schema.NullOr(Text),
  whenAtLeast: Schema.Record(Schema.String, Count),
  perNode: Schema.Record(Schema.String, Count),
})

/** No tax for a reason in law, or tax at a rate of its own (`0`: zero-rated). Neither applies to payers who owe no tax at all. */
const TaxCode = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("exempt"), basis: Schema.Struct({ th: Text, en: Text }) }),
  Schema.Struct({ kind: Schema.Literal("taxable"), ratePercent: PercentText }),
])

const RateCard = Schema.Struct({
  id: Name,
  version: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 })),
  title: Schema.optionalKey(Text),
  /** The tier it prices; null: everyone who has none. */
  tier: Schema.NullOr(Name),
  effectiveFrom: DateText,
  effectiveUntil: Schema.NullOr(DateText),
  /** Language of its formulas. */
  lang: Schema.optionalKey(Schema.Literal(1)),
  basis: Schema.Literals(["allocated", "consumed", "dominant", "slurm-billing"]),
  /** Absent: every state is charged, from the first second. */
  charged: Schema.optionalKey(
    Schema.Struct({
      states: Schema.optionalKey(Schema.Array(JobStateName).check(Schema.isMinLength(1))),
      minimumSeconds: Schema.optionalKey(Count),
    }),
  ),
  /** Decimals of a billable quantity; 6 when absent. */
  quantityDecimals: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 9 }))),
  /** How amounts become minor units: once a receipt and tax code, half away from zero, when absent. */
  rounding: Schema.optionalKey(
    Schema.Struct({
      mode: Schema.Literals(["half-up", "half-even", "up", "down", "floor", "ceiling"]),
      per: Schema.Literals(["receipt", "line"]),
    }),
  ),
  /** How meters are taxed. The code `standard` (the default when absent) follows the payer; others say themselves what they mean. */
  tax: Schema.optionalKey(
    Schema.Struct({ default: Schema.optionalKey(Name), codes: Schema.optionalKey(Schema.Record(Schema.String, TaxCode)) }),
  ),
  meters: Schema.Array(Meter).check(Schema.isMinLength(1), Schema.isMaxLength(100)),
  choices: Schema.optionalKey(Schema.Array(Choice).check(Schema.isMaxLength(20))),
  factors: Schema.optionalKey(Schema.Array(Factor).check(Schema.isMaxLength(200))),
  imputed: Schema.optionalKey(Schema.Array(Imputed).check(Schema.isMaxLength(50))),
  /** Shape of one node by partition (`*`: any other): what `dominant` shares are measured against. */
  nodeShapes: Schema.optionalKey(Schema.Record(Schema.String, Schema.Record(Schema.String, Count))),
  /** GPU types that formulas can name: `a100` gives `gpus_a100` and `gpu_a100_hours`. */
  gpuTypes: Schema.optionalKey(
    Schema.Array(Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_.-]{1,32}$/u, { expected: "book-not-gpu-type" }))),
  ),
  /** Licences that formulas can name: `matlab` gives `licenses_matlab` and `license_matlab_hours`. */
  licenses: Schema.optionalKey(
    Schema.Array(Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_.-]{1,64}$/u, { expected: "book-not-licence" }))),
  ),
  /** Named numbers for the formulas. */
  constants: Schema.optionalKey(Schema.Record(Schema.String, DecimalText)),
  /** Whose usage is counted together where a price depends on a period; payer when absent. */
  countedPer: Schema.optionalKey(Schema.Literals(["payer", "account", "user"])),
  /** Amounts a period over all meters, for each counted group. */
  minimum: Schema.optionalKey(DecimalText),
  cap: Schema.optionalKey(DecimalText),
})

/** Whoever matches every field that is set belongs to the tier; `*` stands for any characters. */
const TierRule = Schema.Struct({
  cluster: Schema.optionalKey(Text),
  account: Schema.optionalKey(Text),
  user: Schema.optionalKey(Text),
  /** The payer's id: the organisation that pays. */
  payer: Schema.optionalKey(Text),
})

const Tier = Schema.Struct({ name: Name, title: Schema.optionalKey(Text), rules: Schema.Array(TierRule).check(Schema.isMaxLength(5_000)) })

/** For one user, one project (account), or one user in one project: another tier, other prices by sku, a factor, for a while. */
const RateOverride = Schema.Struct({
  id: Name,
  cluster: Schema.optionalKey(Text),
  account: Schema.NullOr(Text),
  user: Schema.NullOr(Text),
  effectiveFrom: DateText,
  effectiveUntil: Schema.NullOr(DateText),
  author: Text,
  reason: Text,
  tier: Schema.optionalKey(Name),
  prices: Schema.optionalKey(Schema.Record(Schema.String, DecimalText)),
  factor: Schema.optionalKey(DecimalText),
})

export const RateBook = Schema.Struct({
  format: Schema.Literal(1),
  currency: Schema.Struct({
    code: Schema.String.check(Schema.isPattern(/^[A-Za-z][A-Za-z0-9 -]{0,15}$/u, { expected: "book-not-currency" })),
    exponent: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 6 })),
  }),
  zone: Schema.String,
  cards: Schema.Array(RateCard).check(Schema.isMinLength(1), Schema.isMaxLength(1_000)),
  tiers: Schema.Array(Tier).check(Schema.isMaxLength(100)),
  overrides: Schema.Array(RateOverride).check(Schema.isMaxLength(10_000)),
})

export type RateBook = typeof RateBook.Type
export type RateCard = typeof RateCard.Type
export type Meter = typeof Meter.Type
export type Tier = typeof Tier.Type
export type TierRule = typeof TierRule.Type
export type RateOverride = typeof RateOverride.Type

export const quantityDecimalsDefault = 6
