import { formatMinor } from "../money/Currency.ts"
import type { Plan, PlannedPayer } from "./planChange.ts"

const rowsMaximum = 200

/** A plan as Markdown for the discussion of a changed card: a table by payer, the largest change first, and what it breaches. */
export const planMarkdown = (plan: Plan): string => {
  const amount = (minor: bigint): string => formatMinor(minor, { code: plan.currency, exponent: plan.exponent })
  const change = (minor: bigint): string => (minor > 0n ? `+${amount(minor)}` : amount(minor))
  const size = (row: PlannedPayer): bigint => {
    const difference = row.plannedMinor - row.currentMinor
    return difference < 0n ? -difference : difference
  }
  const rows = [...plan.payers].sort((left, right) =>
    size(left) === size(right) ? (left.payerId < right.payerId ? -1 : 1) : size(left) < size(right) ? 1 : -1,
  )
  const cells = (name: string, tier: string, row: Plan["total"]): string =>
    `| ${name.replaceAll("|", "\\|")} | ${tier} | ${amount(row.beforeMinor)} | ${change(row.useEffectMinor)} | ${amount(row.currentMinor)} | ${change(row.priceEffectMinor)} | ${change(row.policyEffectMinor)} | ${amount(row.plannedMinor)} | ${change(row.plannedMinor - row.currentMinor)} |`
  return [
    `## Planned rates, ${plan.currency}`,
    "",
    "| payer | tier | before | use | now | price | policy | planned | change |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows.slice(0, rowsMaximum).map((row) => cells(row.payerId, row.tier, row)),
    ...(rows.length > rowsMaximum ? [`| ${rows.length - rowsMaximum} more payers | | | | | | | | |`] : []),
    cells("**total**", "", plan.total),
    "",
    ...(plan.breaches.length === 0
      ? ["No check is breached."]
      : ["### Breached", "", ...plan.breaches.map(({ message }) => `- ${message}`)]),
    "",
  ].join("\n")
}
