import type { FateCounts } from "../../run/fate/countFates.ts"
import type { Fate } from "../../run/fate/Fate.ts"
import type { MonthFates } from "../../run/fate/fatesOfMonth.ts"
import { nameOf, sayFate } from "../../run/fate/sayFate.ts"
import { table } from "./table.ts"

export const fateText = (
  { month, status }: Pick<MonthFates, "month" | "status">,
  counts: FateCounts,
  rows: readonly Fate[],
  next: string | null,
): string => {
  const summary = `${month} (${status}), jobs, readings and period amounts: ${counts.billed} billed, ${counts.zero} at zero with a reason, ${counts.unmapped} without a payer, ${counts.provisional} running or pending, ${counts.unbilled} left to bill; ${counts.breaches} ${counts.breaches === 1 ? "breach" : "breaches"}`
  const lines = rows.map((fate) => [fate.kind, nameOf(fate), fate.account, fate.user, sayFate(month, fate).text])
  const header = ["fate", "of", "account", "user", ""]
  return [
    summary,
    ...(rows.length === 0 ? [] : [table([header, ...lines], [false, false, false, false, false])]),
    ...(next === null ? [] : [`More with: --cursor ${next}`]),
  ].join("\n")
}
