import type { TresCounts } from "../usage/JobRecord.ts"

export type SlurmBillingMode = "sum" | "MAX_TRES" | "MAX_TRES_GRES"

const unitExponents: Readonly<Record<string, number>> = { K: 1, M: 2, G: 3, T: 4, P: 5 }

const weightText = /^([^=]+)=(\d+(?:\.\d+)?)([KMGTP])?$/i

const baseExponent = (name: string): number => (name === "mem" ? 2 : name.startsWith("bb/") || name.startsWith("fs/") ? 2 : 0)

/**
 * Slurm's own billing value from its `TRESBillingWeights`, in doubles and truncated, as Slurm computes it: a check on the value that
 * Slurm recorded, never the source of an amount. null when the weights cannot be read.
 */
export const slurmBilling = (weights: string, tres: TresCounts, mode: SlurmBillingMode): number | null => {
  const counts = new Map(Object.entries(tres).map(([name, count]) => [name.toLowerCase(), count]))
  let sum = 0
  let ofNode = 0
  let ofOthers = 0
  for (const part of weights.split(",")) {
    const match = weightText.exec(part.trim())
    if (match === null) return null
    const name = (match[1] as string).toLowerCase()
    const exponent = match[3] === undefined ? baseExponent(name) : (unitExponents[match[3].toUpperCase()] as number)
    const weight = Number(match[2]) / 1024 ** Math.max(0, exponent - baseExponent(name))
    const value = (counts.get(name) ?? 0) * weight
    sum += value
    const isOfNode = name === "cpu" || name === "mem" || name === "node" || (mode === "MAX_TRES" && name.startsWith("gres/"))
    if (isOfNode) ofNode = Math.max(ofNode, value)
    else ofOthers += value
  }
  return Math.trunc(mode === "sum" ? sum : ofNode + ofOthers)
}
