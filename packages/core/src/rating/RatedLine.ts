import type { Decimal } from "../money/Decimal.ts"
import type { TaxRule } from "./TaxRule.ts"

/**
 * One priced amount: a slice of one usage under one price, a usage that is not charged with its reason, a difference to a
 * closed period, or an amount of the whole period (minimum, allowance). `quantity x unitPrice = amount`, exactly.
 */
export interface RatedLine {
  /** Stable over runs: built from what it prices, never from its place in a list. */
  readonly id: string
  readonly kind: "usage" | "zero" | "correction" | "period"
  readonly usageId: string | null
  readonly payerId: string
  readonly cluster: string
  readonly account: string
  readonly user: string
  readonly jobId: string
  readonly jobName: string
  readonly partition: string
  readonly qos: string
  readonly state: string
  readonly window: { readonly startSeconds: number; readonly endSeconds: number }
  /** The meter's stock-keeping unit, `cpu`, `gpu-a100`. */
  readonly sku: string
  /** Billable quantity in `unit` (core-h, GPU-h, GiB-h), at the scale that the card states. */
  readonly quantity: Decimal
  readonly unit: string
  readonly unitPrice: Decimal
  readonly amount: Decimal
  readonly currency: string
  readonly rate: RateReference
  /** What the card says of its tax; absent: taxed as the payer is. */
  readonly tax?: TaxRule
  /** Why it costs nothing; null on a line that is charged. */
  readonly zeroReason: string | null
  /** On a correction: what it corrects. */
  readonly corrects: CorrectionReference | null
  /** Still running: shown, never billed. */
  readonly provisional: boolean
  readonly flags: readonly string[]
}

/** Which price it was, and why that one. */
export interface RateReference {
  readonly cardId: string
  readonly cardVersion: number
  /** SHA-256 (hex) of the card's canonical form. */
  readonly cardHash: string
  readonly tier: string
  /** Id of the override that won over the tier; null when none. */
  readonly overrideId: string | null
  readonly basis: "allocated" | "consumed" | "dominant" | "slurm-billing"
}

export interface CorrectionReference {
  readonly month: string
  /** The line of the closed period; null when the usage had none there (it came late). */
  readonly lineId: string | null
  readonly receiptNumber: string | null
}
