/** What documents print of a party. */
interface Particulars {
  readonly nameThai: string
  readonly nameEnglish: string
  readonly addressThai: string
  readonly addressEnglish: string
  /** 13 digits with check digit; empty when it has none. */
  readonly taxId: string
  /** `00000` is the head office. */
  readonly branch: string
}

/**
 * Who receives the receipt: an organisation, project or person with the particulars that documents print. Its tier chooses
 * the price; its tax treatment the VAT. Not a Slurm account: a dated mapping leads from accounts to payers.
 */
export interface Payer extends Particulars {
  readonly id: string
  readonly tier: string
  readonly taxTreatment: TaxTreatment
}

export type TaxTreatment =
  /** Rate in percent as decimal text, `7` or `7.00`. */
  | { readonly kind: "taxable"; readonly code: string; readonly ratePercent: string }
  | { readonly kind: "exempt"; readonly code: string; readonly basis: string }
  | { readonly kind: "out-of-scope"; readonly code: string; readonly basis: string }

/** A dated rule from usage to its payer. Dates are local dates of the billing zone, from inclusive, until exclusive. */
export interface PayerMapping {
  readonly cluster: string
  readonly account: string
  /** null: every user of the account. */
  readonly user: string | null
  readonly payerId: string
  /** Percent of the usage as decimal text; absent: `100`. The shares of one account (or one user of it) sum to 100 on each day. */
  readonly sharePercent?: string
  readonly effectiveFrom: string
  readonly effectiveUntil: string | null
}

/** Who issues the receipt. */
export interface Issuer extends Particulars {}
