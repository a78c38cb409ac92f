import type { JobRecord } from "./JobRecord.ts"
import type { Quantities } from "./Quantities.ts"

/**
 * One attempt of one job's allocation, ready to be cut and priced: identity, interval and the resources it held.
 * A job record read twice is one usage; a requeued attempt is a usage of its own.
 */
export interface Usage {
  /** `jobKey` of its record. */
  readonly id: string
  readonly record: JobRecord
  /** `[start, end)`; equal when it never ran. A running usage ends at the instant it was asked as of. */
  readonly startSeconds: number
  readonly endSeconds: number
  /** Amount per second while it runs, by resource name of `Quantities` (without `energy`). */
  readonly perSecond: Readonly<Record<string, bigint>>
  /** Gaps in which cpu time does not count (memory, nodes and GPUs go on); `unplaced`: only their sum is known. */
  readonly suspension: Suspension
  readonly energyJoules: bigint | null
  /** Still running: its lines are shown as provisional and never invoiced. */
  readonly provisional: boolean
  readonly flags: readonly UsageFlag[]
}

export type Suspension =
  | { readonly kind: "none" }
  | { readonly kind: "windows"; readonly windows: readonly { readonly startSeconds: number; readonly endSeconds: number }[] }
  | { readonly kind: "unplaced"; readonly seconds: number }

export type UsageFlag =
  /** Suspended across a cut with unknown windows: not cut, but placed whole where it ends. */
  | "suspension-unplaced"
  /** Start moved to the end of the resized segment before it (Slurm up to 23.02 repeats the first start). */
  | "resize-clipped"
  /** No TRES string: cores and nodes taken from the record's counts. */
  | "allocation-from-counts"
  | "energy-unknown"
  /** Stands as running, but far beyond its time limit: Slurm's database never learned of its end. */
  | "probably-runaway"

/** The part of a usage between two cuts. The slices of a usage sum to it, resource by resource. */
export interface Slice {
  readonly usage: Usage
  readonly startSeconds: number
  readonly endSeconds: number
  /** From the start of the usage to the start of this slice. */
  readonly before: Quantities
  readonly quantities: Quantities
}
