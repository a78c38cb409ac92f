import type { BilledLine, Month, RatedLine, Usage } from "@hpc-billing/core"

/**
 * What usages are rated at in a month, beside what stands for them on receipts that are not void. Both are complete for each usage that
 * they name, and for the period as a whole where one of them names it.
 */
export interface MonthCharges {
  readonly month: Month
  readonly rated: readonly RatedLine[]
  readonly standing: readonly BilledLine[]
  /** Usages of the month that have no line yet: they have not begun. */
  readonly pending: readonly Usage[]
  /** Usages that receipts charge, and that no stored record or reading tells of. */
  readonly unread: ReadonlySet<string>
}
