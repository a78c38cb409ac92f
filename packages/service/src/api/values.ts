import { Schema } from "effect"

/** Values that every group shares. All are plain JSON: what a handler answers is what the browser reads. */

/** A month has no more days than it has: 31 February is March to a machine. */
const isCalendarDate = (date: string): boolean => {
  const at = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date)
}

export const text = (pattern: RegExp, expected: string) => Schema.String.check(Schema.isPattern(pattern, { expected }))

export const Money = Schema.Struct({
  /** Minor units as an integer in text, `411764`. */
  amountMinor: Schema.String,
  currency: Schema.String,
  exponent: Schema.Int,
  /** For the eye: `4,117.64`. */
  text: Schema.String,
  /** For a chart's axis or a spreadsheet: `4117.64`. */
  decimal: Schema.String,
}).annotate({ identifier: "Money" })
export type Money = typeof Money.Type

/** Receipts that are issued and not in the journal yet. */
export const NotPosted = Schema.Struct({ amount: Money, count: Schema.Int }).annotate({ identifier: "NotPosted" })

/** A figure against the same of another month. */
export const Change = Schema.Struct({
  before: Money,
  difference: Money,
  /** `+12.3 %`; null when there was nothing before. */
  percentText: Schema.NullOr(Schema.String),
  direction: Schema.Literals(["up", "down", "same"]),
}).annotate({ identifier: "Change" })
export type Change = typeof Change.Type

/** An exact quantity in its unit: `91.503000 GPU-h`. */
export const Quantity = Schema.Struct({ decimal: Schema.String, unit: Schema.String, text: Schema.String }).annotate({
  identifier: "Quantity",
})
export type Quantity = typeof Quantity.Type

/** Until when the figures know the world. */
export const DataUntil = Schema.Struct({
  /** ISO 8601 instant of the latest ingest; null when nothing has been read yet. */
  instant: Schema.NullOr(Schema.String),
  /** The same in the billing zone: `2026-10-31 23:59`. */
  local: Schema.NullOr(Schema.String),
  zone: Schema.String,
  /** The latest ingest is more than a day old. */
  late: Schema.Boolean,
}).annotate({ identifier: "DataUntil" })
export type DataUntil = typeof DataUntil.Type

export const Instant = Schema.String.annotate({ description: "ISO 8601 instant, 2026-10-31T17:00:00Z" })
export const Sha256 = Schema.String.annotate({ description: "SHA-256 in hex" })

export const Month = text(/^2[01]\d{2}-(0[1-9]|1[0-2])$/, "a month such as 2026-10")
const Tenant = text(/^[a-z0-9][a-z0-9_-]{0,62}$/, "the name of a tenant")
/** What Slurm names: clusters, accounts, users, partitions. */
export const Name = text(/^[^\p{Cc}/|]{1,128}$/u, "a name of 1 to 128 characters without / and |")
export const Identifier = text(/^\P{Cc}{1,400}$/u, "an identifier of 1 to 400 characters")
/** A plain amount as people write it. */
export const Amount = text(/^\d{1,15}(\.\d{1,6})?$/, "an amount such as 4117.64")
export const Reason = text(/^(?=.*\S)\P{Cc}{1,500}$/u, "a reason of 1 to 500 characters")
export const DateText = text(/^2[01]\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, "a date such as 2026-10-31").check(
  Schema.makeFilter((date) => isCalendarDate(date), { expected: "a date of the calendar" }),
)
const CursorText = text(/^[A-Za-z0-9_.~=-]{1,1024}$/, "the cursor of the page before")

export const rowsDefault = 50
export const rowsMaximum = 200
export const monthsMaximum = 25

/** `cursor` is `next` of the page before; its text means nothing to the reader. */
export const pageQuery = {
  cursor: Schema.optionalKey(CursorText),
  limit: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: rowsMaximum }))),
}

export const pageOf = <Row extends Schema.Top>(row: Row) =>
  Schema.Struct({ rows: Schema.Array(row), next: Schema.NullOr(Schema.String), dataUntil: DataUntil })

/** The same key and body are done once and answered the same. */
export const writeHeaders = {
  "idempotency-key": text(/^[\x21-\x7e]{1,200}$/, "a key of 1 to 200 visible ASCII characters, new for every act"),
}

export const inTenant = { tenant: Tenant }
