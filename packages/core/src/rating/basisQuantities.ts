import type { Quantities } from "../usage/Quantities.ts"
import type { Usage } from "../usage/Usage.ts"
import type { RateCard } from "./RateBook.ts"

/** What the card's basis counts of a usage: integers over one divisor, so that nothing is rounded before the quantity is. */
export interface BasisQuantities {
  readonly quantities: Quantities
  readonly divisor: bigint
}

export type BasisFlag = "imputed" | "consumption-unknown" | "node-shape-unknown"

/** Turns what a usage held (from its start) into what the card counts, with the same divisor for every part of that usage. */
export interface BasisRule {
  readonly flags: readonly BasisFlag[]
  readonly apply: (held: Quantities) => BasisQuantities
}

const identity: BasisRule = { flags: [], apply: (quantities) => ({ quantities, divisor: 1n }) }

const isGpu = (resource: string): boolean => resource === "gres/gpu" || resource.startsWith("gres/gpu:")

/** The amount of a resource; `gres/gpu` stands for GPUs of every type. */
const totalOf = (amounts: Quantities, resource: string): bigint => {
  if (resource !== "gres/gpu") return amounts[resource] ?? 0n
  let total = 0n
  for (const name in amounts) if (isGpu(name)) total += amounts[name] as bigint
  return total
}

/**
 * The card's basis for one usage. `allocated` and `slurm-billing` count what was held; `consumed` counts the cpu time and peak memory
 * that the job's steps reported, spread evenly over its time; `dominant` counts, of every resource of a node, the share that
 * the job's largest share blocks. Imputed resources (what a job blocks without asking) are added to what was held.
 */
export const basisRule = (card: RateCard, usage: Usage): BasisRule => {
  const imputed = imputedRule(card, usage)
  const base = card.basis === "consumed" ? consumedRule(usage) : card.basis === "dominant" ? dominantRule(card, usage) : identity
  if (imputed === identity) return base
  return { flags: [...imputed.flags, ...base.flags], apply: (held) => base.apply(imputed.apply(held).quantities) }
}

const imputedRule = (card: RateCard, usage: Usage): BasisRule => {
  const nodes = usage.perSecond.node ?? 1n
  const missing: Record<string, bigint> = {}
  for (const rule of card.imputed ?? []) {
    if (rule.partition !== null && rule.partition !== usage.record.partition) continue
    const blocks = Object.entries(rule.whenAtLeast).every(
      ([resource, count]) => totalOf(usage.perSecond, resource) >= BigInt(count) * nodes,
    )
    if (!blocks) continue
    for (const [resource, count] of Object.entries(rule.perNode)) {
      const lacking = BigInt(count) * nodes - totalOf(usage.perSecond, resource)
      if (lacking > (missing[resource] ?? 0n)) missing[resource] = lacking
    }
  }
  if (Object.keys(missing).length === 0) return identity
  return {
    flags: ["imputed"],
    apply: (held) => {
      const quantities: Record<string, bigint> = { ...held }
      const wallSeconds = held.wall ?? 0n
      for (const resource in missing) quantities[resource] = (quantities[resource] ?? 0n) + (missing[resource] as bigint) * wallSeconds
      return { quantities, divisor: 1n }
    },
  }
}

const bytesPerMebibyte = 1_048_576n

const consumedRule = (usage: Usage): BasisRule => {
  const { consumedCpuMilliseconds, consumedMemoryBytesMaximum } = usage.record
  const wallSeconds = BigInt(usage.endSeconds - usage.startSeconds)
  if (consumedCpuMilliseconds === null || consumedMemoryBytesMaximum === null || wallSeconds === 0n) {
    return { ...identity, flags: ["consumption-unknown"] }
  }
  const divisor = 1_000n * bytesPerMebibyte * wallSeconds
  const scale = divisor
  return {
    flags: [],
    apply: (held) => {
      const quantities: Record<string, bigint> = {}
      for (const name in held) quantities[name] = (held[name] as bigint) * scale
      const elapsedSeconds = held.wall ?? 0n
      quantities.cpu = BigInt(consumedCpuMilliseconds) * elapsedSeconds * bytesPerMebibyte
      quantities.mem = BigInt(consumedMemoryBytesMaximum) * elapsedSeconds * 1_000n * wallSeconds
      return { quantities, divisor }
    },
  }
}

const dominantRule = (card: RateCard, usage: Usage): BasisRule => {
  const shape = card.nodeShapes?.[usage.record.partition] ?? card.nodeShapes?.["*"]
  if (shape === undefined) return { ...identity, flags: ["node-shape-unknown"] }
  let dominant = ""
  for (const resource of Object.keys(shape).sort()) {
    const isLarger =
      dominant === "" ||
      totalOf(usage.perSecond, resource) * BigInt(shape[dominant] as number) >
        totalOf(usage.perSecond, dominant) * BigInt(shape[resource] as number)
    if (isLarger) dominant = resource
  }
  if (dominant === "") return { ...identity, flags: ["node-shape-unknown"] }
  const divisor = BigInt(shape[dominant] as number)
  return {
    flags: [],
    apply: (held) => {
      const blocked = totalOf(held, dominant)
      const quantities: Record<string, bigint> = {}
      for (const name in held) if (!isGpu(name)) quantities[name] = (held[name] as bigint) * divisor
      for (const name in shape) quantities[name] = blocked * BigInt(shape[name] as number)
      quantities.node = blocked
      return { quantities, divisor }
    },
  }
}
