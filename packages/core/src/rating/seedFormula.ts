import type { RateCard } from "./RateBook.ts"

/** The price formula of the system before this one: per tier, so much for an hour of a core, a GPU and a GiB of memory. */
export interface SeedFormula {
  readonly cpu: string
  readonly gpu: string
  readonly mem: string
}

const parts = [
  { field: "cpu", resource: "cpu", unit: "core-h" },
  { field: "gpu", resource: "gres/gpu", unit: "GPU-h" },
  { field: "mem", resource: "mem", unit: "GiB-h" },
] as const

/** The card that prices as the formula does. */
export const cardOfSeedFormula = (
  formula: SeedFormula,
  card: { readonly id: string; readonly version: number; readonly tier: string | null; readonly effectiveFrom: string },
): RateCard => ({
  ...card,
  effectiveUntil: null,
  basis: "allocated",
  meters: parts.map(({ field, resource, unit }) => ({ sku: field, resource, unit, price: formula[field] })),
})

/** The formula that a card amounts to; null when the card says more than three prices can. */
export const seedFormulaOfCard = (card: RateCard): SeedFormula | null => {
  const { id, version, title, tier, effectiveFrom, effectiveUntil, lang, basis, quantityDecimals, rounding, meters, ...more } = card
  const prices = parts.map(({ field, resource, unit }) => {
    const meter = meters.find((candidate) => candidate.resource === resource)
    if (meter === undefined || meter.unit !== unit || meter.price === undefined) return null
    const { sku, title: meterTitle, resource: of, unit: unitName, price, model, ...extra } = meter
    return Object.keys(extra).length > 0 || (model !== undefined && model.kind !== "flat") ? null : { field, price }
  })
  const plain = meters.length === parts.length && basis === "allocated" && Object.keys(more).length === 0
  if (!plain) return null
  const [cpu, gpu, mem] = prices
  return cpu && gpu && mem ? { cpu: cpu.price, gpu: gpu.price, mem: mem.price } : null
}
