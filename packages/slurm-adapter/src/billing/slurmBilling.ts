import type { TresCounts } from "@hpc-billing/core"
import { Result } from "effect"

/** How Slurm puts weighted TRES together (`PriorityFlags`): their sum; the largest of a node's plus the rest; the same with GRES summed apart. */
export type BillingMode = "SUM" | "MAX_TRES" | "MAX_TRES_GRES"

/** Weight of one unit (of one MiB of memory) by lower-case TRES name. */
export type BillingWeights = ReadonlyMap<string, number>

/**
 * The `billing` TRES that Slurm records for an allocation, to check a record against its partition: 0 stands for no `billing` at all. Computed in
 * doubles and cut to a whole number, as Slurm does. No weights: the cores.
 */
export const slurmBilling = (allocated: TresCounts, weights: BillingWeights | null, mode: BillingMode = "SUM"): number => {
  if (weights === null) return allocated.cpu ?? 0
  let largest = 0
  let gres = 0
  let others = 0
  for (const tres of Object.keys(allocated).sort(byTresOrder)) {
    const weight = weights.get(tres.toLowerCase()) ?? 0
    if (tres === "billing" || weight === 0) continue
    const weighted = (allocated[tres] as number) * weight
    const ofNode = tres === "cpu" || tres === "mem" || tres === "node" || tres.startsWith("gres/")
    if (mode === "SUM" || !ofNode) others += weighted
    else if (mode === "MAX_TRES_GRES" && tres.startsWith("gres/")) gres += weighted
    else largest = Math.max(largest, weighted)
  }
  return Math.trunc(largest + gres + others)
}

const order = ["cpu", "mem", "energy", "node"]

/** Doubles do not add up alike in every order: Slurm's is that of its TRES ids. */
const byTresOrder = (left: string, right: string): number => {
  const [a, b] = [order.indexOf(left), order.indexOf(right)]
  if (a !== b) return (a < 0 ? order.length : a) - (b < 0 ? order.length : b)
  return left < right ? -1 : 1
}

/** `CPU=1.0,Mem=0.25G,GRES/gpu=2.0` as in `TRESBillingWeights`; the failure says which part is wrong. */
export const parseBillingWeights = (text: string): Result.Result<BillingWeights, string> => {
  const weights = new Map<string, number>()
  for (const part of text.split(",").filter((each) => each.trim() !== "")) {
    const match = /^\s*([\w/:.-]+)=(\d+(?:\.\d*)?|\.\d+)([KMGTP]?)\s*$/i.exec(part)
    if (match === null) return Result.fail(`"${part}" is no weight such as CPU=1.0 or Mem=0.25G`)
    const [, name = "", number = "", unit = ""] = match
    weights.set(name.toLowerCase(), Number(number) / unitOf(name.toLowerCase(), unit.toUpperCase()))
  }
  return Result.succeed(weights)
}

/** Memory is counted in MiB, all else in ones. */
const unitOf = (name: string, unit: string): number => {
  if (unit === "") return 1
  const power = "KMGTP".indexOf(unit) + 1
  return 1024 ** (name === "mem" || name.startsWith("bb/") ? power - 2 : power)
}

/** Weights and mode of each partition of a slurm.conf; null where a partition has none. */
export interface PartitionBilling {
  readonly mode: BillingMode
  readonly weights: ReadonlyMap<string, BillingWeights | null>
}

export const partitionBilling = (slurmConf: string): Result.Result<PartitionBilling, string> => {
  const weights = new Map<string, BillingWeights | null>()
  let mode: BillingMode = "SUM"
  for (const line of slurmConf.split("\n")) {
    const flags = /^\s*PriorityFlags\s*=\s*(\S+)/i.exec(line)?.[1]?.toUpperCase().split(",")
    if (flags !== undefined) mode = flags.includes("MAX_TRES_GRES") ? "MAX_TRES_GRES" : flags.includes("MAX_TRES") ? "MAX_TRES" : "SUM"
    const name = /^\s*PartitionName\s*=\s*(\S+)/i.exec(line)?.[1]
    if (name === undefined) continue
    const text = /\bTRESBillingWeights\s*=\s*(?:"([^"]*)"|(\S+))/i.exec(line)
    if (text === null) {
      weights.set(name, null)
      continue
    }
    const parsed = parseBillingWeights(text[1] ?? text[2] ?? "")
    if (Result.isFailure(parsed)) return Result.fail(`partition ${name}: ${parsed.failure}`)
    weights.set(name, parsed.success)
  }
  return Result.succeed({ mode, weights })
}
