/**
 * The unit that a meter counts in, `core-h`, `GiB-h`, `kWh`: what it measures and how base quantities (core-seconds,
 * MiB-seconds, joules) become it: `units = base x numerator / denominator`, integers both.
 */
export interface UsageUnit {
  readonly dimension: UsageDimension
  readonly numerator: bigint
  readonly denominator: bigint
}

export type UsageDimension = "core" | "GPU" | "node" | "memory" | "billing" | "license" | "gres" | "wall" | "energy" | "reading"

const secondsOfTime: Readonly<Record<string, bigint>> = { s: 1n, min: 60n, h: 3_600n, day: 86_400n }

const bytesPerMebibyte = 1_048_576n

/** Of one count of the symbol: its dimension, and counts per base unit as a fraction. */
const symbols: Readonly<Record<string, readonly [UsageDimension, bigint, bigint]>> = {
  core: ["core", 1n, 1n],
  GPU: ["GPU", 1n, 1n],
  node: ["node", 1n, 1n],
  MiB: ["memory", 1n, 1n],
  GiB: ["memory", 1n, 1_024n],
  TiB: ["memory", 1n, 1_048_576n],
  MB: ["memory", bytesPerMebibyte, 1_000_000n],
  GB: ["memory", bytesPerMebibyte, 1_000_000_000n],
  TB: ["memory", bytesPerMebibyte, 1_000_000_000_000n],
  billing: ["billing", 1n, 1n],
  license: ["license", 1n, 1n],
  gres: ["gres", 1n, 1n],
}

const table = new Map<string, UsageUnit>([
  ["J", { dimension: "energy", numerator: 1n, denominator: 1n }],
  ["MJ", { dimension: "energy", numerator: 1n, denominator: 1_000_000n }],
  ["kWh", { dimension: "energy", numerator: 1n, denominator: 3_600_000n }],
])
for (const [time, seconds] of Object.entries(secondsOfTime)) {
  table.set(time, { dimension: "wall", numerator: 1n, denominator: seconds })
  for (const [symbol, [dimension, numerator, denominator]] of Object.entries(symbols)) {
    table.set(`${symbol}-${time}`, { dimension, numerator, denominator: denominator * seconds })
  }
}

export const usageUnit = (text: string): UsageUnit | null => table.get(text) ?? null

export const usageUnitNames = (): readonly string[] => [...table.keys()]

/** The dimension of a resource of `Quantities`; null for a name that no scheduler record can carry. */
export const dimensionOfResource = (resource: string): UsageDimension | null => {
  if (resource === "cpu") return "core"
  if (resource === "mem") return "memory"
  if (resource === "node" || resource === "billing" || resource === "wall" || resource === "energy") return resource
  if (resource === "gres/gpu" || resource.startsWith("gres/gpu:")) return "GPU"
  if (/^gres\/./.test(resource)) return "gres"
  if (/^reading\/./.test(resource)) return "reading"
  return /^license\/./.test(resource) ? "license" : null
}
