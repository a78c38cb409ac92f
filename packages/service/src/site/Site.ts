import { type Issuer, isZone } from "@hpc-billing/core"
import { type AccountRoles, checkPolicy, defaultRoles } from "@hpc-billing/ledger"
import { Effect, Schema } from "effect"
import { decodeStructured } from "./decodeStructured.ts"
import { policyOf, type SitePolicy } from "./policyOf.ts"
import type { StructuredFile } from "./readStructuredFile.ts"
import type { SiteError } from "./SiteError.ts"

/**
 * Whose books these are: the tenant that leads every key, the billing zone that bounds its months, and the issuer that its
 * documents print. Read from `site.yaml`.
 */
export interface Site extends SitePolicy {
  /** Lower-case letters, digits, `-` and `_`. */
  readonly tenant: string
  /** IANA zone in which months begin and end. */
  readonly zone: string
  /** Slurm clusters whose records are billed here. */
  readonly clusters: readonly string[]
  readonly issuer: Issuer
  /** Begins document numbers: `R` gives R2026-000001. */
  readonly receiptSeries: string
  /** What a node can draw, in watts: a job record with more energy than its nodes could use is rejected. 10 000 when absent. */
  readonly maximumWattsPerNode?: number
  /** Loss expected on what is still owed, by days since issue, as a part of 1; the last has no end. Absent: none is booked. */
  readonly expectedLosses?: readonly { readonly untilDays: number | null; readonly rate: string }[]
  /** Systems whose columns the general ledger is exported in too, with what they need to know. */
  readonly exports?: {
    readonly oracle?: { readonly ledgerId: string; readonly source: string; readonly category: string; readonly createdBy: string }
    readonly dynamics365?: { readonly journalName: string }
    readonly businessCentral?: { readonly template: string; readonly batch: string }
    readonly xero?: { readonly taxRate: string }
  }
}

const Text = Schema.NonEmptyString
const roleNames = Object.keys(defaultRoles) as readonly (keyof AccountRoles)[]

const SiteSchema = Schema.Struct({
  tenant: Schema.String.check(Schema.isPattern(/^[a-z0-9][a-z0-9_-]{0,62}$/)),
  zone: Schema.String.check(Schema.makeFilter((zone) => isZone(zone) || `"${zone}" is not an IANA time zone such as Asia/Bangkok`)),
  clusters: Schema.Array(Schema.NonEmptyString),
  issuer: Schema.Struct({
    nameThai: Schema.String,
    nameEnglish: Schema.String,
    addressThai: Schema.String,
    addressEnglish: Schema.String,
    taxId: Schema.String.check(Schema.isPattern(/^(\d{13})?$/)),
    branch: Schema.String.check(Schema.isPattern(/^(\d{5})?$/)),
  }),
  receiptSeries: Schema.String.check(Schema.isPattern(/^[A-Z]{1,4}$/)),
  taxPoint: Schema.Literals(["at-payment", "at-issue"]),
  chartOfAccounts: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        id: Text,
        name: Text,
        nameThai: Text,
        type: Schema.Literals(["asset", "contra-asset", "liability", "equity", "revenue", "expense"]),
        open: Schema.optionalKey(Schema.Boolean),
      }),
    ),
  ),
  accountRoles: Schema.optionalKey(
    Schema.Struct(
      Object.fromEntries(roleNames.map((role) => [role, Schema.optionalKey(Text)])) as Record<
        keyof AccountRoles,
        Schema.optionalKey<Schema.String>
      >,
    ),
  ),
  maximumWattsPerNode: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0, { expected: "whole watts such as 10000" }))),
  expectedLosses: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        untilDays: Schema.NullOr(Schema.Int.check(Schema.isGreaterThan(0))).annotate({
          message: "write a whole number of days such as 30, or null for the last",
        }),
        rate: Schema.String.check(Schema.isPattern(/^(0(\.\d{1,6})?|1)$/, { expected: "a part of 1 such as 0.05" })),
      }),
    ).check(
      Schema.makeFilter(
        (losses) =>
          losses.every(({ untilDays }, index) =>
            index === losses.length - 1 ? untilDays === null : untilDays !== null && untilDays > (losses[index - 1]?.untilDays ?? 0),
          ) || "days must rise from rate to rate, and the last rate must have untilDays: null",
      ),
    ),
  ),
  exports: Schema.optionalKey(
    Schema.Struct({
      oracle: Schema.optionalKey(Schema.Struct({ ledgerId: Text, source: Text, category: Text, createdBy: Text })),
      dynamics365: Schema.optionalKey(Schema.Struct({ journalName: Text })),
      businessCentral: Schema.optionalKey(Schema.Struct({ template: Text, batch: Text })),
      xero: Schema.optionalKey(Schema.Struct({ taxRate: Text })),
    }),
  ),
}).check(Schema.makeFilter((site) => checkPolicy(policyOf(site)).join("; ") || true))

export const decodeSite = (file: StructuredFile): Effect.Effect<Site, SiteError> => Effect.suspend(() => decodeStructured(SiteSchema, file))
