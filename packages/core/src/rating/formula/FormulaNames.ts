import { type Dimension, dimensionOfUnit } from "./Dimension.ts"

/** What a name in a formula stands for. */
export type FormulaName =
  /** A count that stays the same while the job runs (cores, GiB), or an amount that grows evenly with time (hours, core-hours). */
  | {
      readonly kind: "amount"
      readonly dimension: Dimension
      readonly grows: boolean
      readonly positive: boolean
      readonly meaning: string
    }
  /** A number that the card names; it takes the dimension it is used in. */
  | { readonly kind: "constant"; readonly value: string; readonly meaning: string }
  /** A word to compare with `==` and `!=`. */
  | { readonly kind: "word"; readonly meaning: string }

export type FormulaNames = ReadonlyMap<string, FormulaName>

const count = (unit: string, meaning: string, positive = false): FormulaName => ({
  kind: "amount",
  dimension: dimensionOfUnit(unit),
  grows: false,
  positive,
  meaning,
})

const growing = (unit: string, meaning: string): FormulaName => ({
  kind: "amount",
  dimension: dimensionOfUnit(unit),
  grows: true,
  positive: false,
  meaning,
})

const word = (meaning: string): FormulaName => ({ kind: "word", meaning })

/** The names that every card's formulas know. */
export const usageNames: ReadonlyMap<string, FormulaName> = new Map([
  ["cpus", count("core", "cores held")],
  ["cores", count("core", "cores held, the same as cpus")],
  ["gpus", count("GPU", "GPUs held, of every type")],
  ["nodes", count("node", "nodes held")],
  ["mem_mib", count("MiB", "memory held in MiB")],
  ["mem_gib", count("GiB", "memory held in GiB (1 024 MiB)")],
  ["mem_gb", count("GB", "memory held in GB (10^9 bytes)")],
  ["seconds", growing("s", "seconds the job ran")],
  ["minutes", growing("min", "minutes the job ran")],
  ["hours", growing("h", "hours the job ran")],
  ["days", growing("day", "days the job ran")],
  ["cpu_hours", growing("core-h", "core-hours, suspended time left out")],
  ["core_hours", growing("core-h", "core-hours, the same as cpu_hours")],
  ["gpu_hours", growing("GPU-h", "GPU-hours of every type")],
  ["node_hours", growing("node-h", "node-hours")],
  ["mem_gib_hours", growing("GiB-h", "GiB-hours of memory")],
  ["mem_gb_hours", growing("GB-h", "GB-hours of memory")],
  ["billing_hours", growing("billing-h", "hours of Slurm's recorded billing value")],
  ["kwh", growing("kWh", "energy in kWh")],
  ["qos", word("the job's QOS")],
  ["partition", word("the job's partition")],
  ["state", word("how the job ended")],
  ["account", word("the job's account")],
  ["user", word("who ran it")],
  ["cluster", word("where it ran")],
])

/** A resource that a card gives formulas by name: its GPU types and licences. */
export interface NamedResource {
  readonly resource: string
  /** What is held, and what grows with time. */
  readonly count: string
  readonly hours: string
  readonly kind: "GPU" | "license"
  /** As the card writes it. */
  readonly named: string
}

interface NamingCard {
  readonly gpuTypes?: readonly string[]
  readonly licenses?: readonly string[]
}

/** `a100-sxm4` is `gpus_a100_sxm4`: a point or a hyphen is no part of a name. */
const namePart = (text: string): string => text.replaceAll(/[.-]/g, "_")

export const namedResources = ({ gpuTypes = [], licenses = [] }: NamingCard): readonly NamedResource[] => [
  ...gpuTypes.map(
    (named): NamedResource => ({
      resource: `gres/gpu:${named}`,
      count: `gpus_${namePart(named)}`,
      hours: `gpu_${namePart(named)}_hours`,
      kind: "GPU",
      named,
    }),
  ),
  ...licenses.map(
    (named): NamedResource => ({
      resource: `license/${named}`,
      count: `licenses_${namePart(named)}`,
      hours: `license_${namePart(named)}_hours`,
      kind: "license",
      named,
    }),
  ),
]

const meaningOf = {
  GPU: { count: "GPUs of type", hours: "GPU-hours of type" },
  license: { count: "licences of", hours: "licence-hours of" },
} as const

/** The names of one card: those of every card, its GPU types (`gpus_a100`, `gpu_a100_hours`), its licences and its constants. */
export const cardNames = (card: NamingCard & { readonly constants?: Readonly<Record<string, string>> }): FormulaNames => {
  const names = new Map(usageNames)
  for (const { count: held, hours, kind, named } of namedResources(card)) {
    names.set(held, count(kind, `${meaningOf[kind].count} ${named} held`))
    names.set(hours, growing(`${kind}-h`, `${meaningOf[kind].hours} ${named}`))
  }
  for (const [name, value] of Object.entries(card.constants ?? {}))
    names.set(name, { kind: "constant", value, meaning: "a constant of the card" })
  return names
}
