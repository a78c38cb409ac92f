import { canonicalJson } from "@hpc-billing/core"
import type { Account, AccountType, Chart } from "./Chart.ts"

const types: ReadonlySet<string> = new Set<AccountType>(["asset", "contra-asset", "liability", "equity", "revenue", "expense"])

/** The chart of accounts as a file of an export. */
export const chartToJson = (chart: Chart): string =>
  `${canonicalJson({ accounts: chart.accounts.map(({ id, name, nameThai, type, open }) => ({ id, name, nameThai, open, type })) })}\n`

/** Null when the text is not a chart as `chartToJson` writes it. */
export const chartFromJson = (text: string): Chart | null => {
  try {
    const chart: { accounts: Account[] } = JSON.parse(text)
    const complete = chart.accounts.every(
      ({ id, name, nameThai, type, open }) =>
        types.has(type) && typeof open === "boolean" && [id, name, nameThai].every((text) => typeof text === "string"),
    )
    return complete && chartToJson(chart) === text ? chart : null
  } catch {
    return null
  }
}
