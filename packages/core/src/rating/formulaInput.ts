import type { Quantities } from "../usage/Quantities.ts"
import type { Usage } from "../usage/Usage.ts"
import type { FormulaInput, FormulaSlot } from "./formula/compileFormula.ts"
import { namedResources } from "./formula/FormulaNames.ts"
import { type FormulaValues, ratioOfText } from "./formula/interpretFormula.ts"
import { type Ratio, ratio } from "./formula/Ratio.ts"
import type { RateCard } from "./RateBook.ts"

const words = ["qos", "partition", "state", "account", "user", "cluster"] as const

/** 1 MiB is 2 048 / 1 953 125 GB: 2^20 over 10^9 in lowest terms. */
const gigabyteNumerator = 2_048n
const gigabyteDenominator = 1_953_125n

interface AmountSlot {
  readonly names: readonly string[]
  readonly denominator: bigint
  /** From what is held each second, or from what was held so far. */
  readonly of: (perSecond: Quantities, held: Quantities) => bigint
}

const of = (amounts: Quantities, resource: string): bigint => amounts[resource] ?? 0n

const gpusOf = (amounts: Quantities): bigint => {
  let total = 0n
  for (const name in amounts) if (name === "gres/gpu" || name.startsWith("gres/gpu:")) total += amounts[name] as bigint
  return total
}

const usageSlots: readonly AmountSlot[] = [
  { names: ["cpus", "cores"], denominator: 1n, of: (perSecond) => of(perSecond, "cpu") },
  { names: ["gpus"], denominator: 1n, of: (perSecond) => gpusOf(perSecond) },
  { names: ["nodes"], denominator: 1n, of: (perSecond) => of(perSecond, "node") },
  { names: ["mem_mib"], denominator: 1n, of: (perSecond) => of(perSecond, "mem") },
  { names: ["mem_gib"], denominator: 1_024n, of: (perSecond) => of(perSecond, "mem") },
  { names: ["mem_gb"], denominator: gigabyteDenominator, of: (perSecond) => of(perSecond, "mem") * gigabyteNumerator },
  { names: ["seconds"], denominator: 1n, of: (_, held) => of(held, "wall") },
  { names: ["minutes"], denominator: 60n, of: (_, held) => of(held, "wall") },
  { names: ["hours"], denominator: 3_600n, of: (_, held) => of(held, "wall") },
  { names: ["days"], denominator: 86_400n, of: (_, held) => of(held, "wall") },
  { names: ["cpu_hours", "core_hours"], denominator: 3_600n, of: (_, held) => of(held, "cpu") },
  { names: ["gpu_hours"], denominator: 3_600n, of: (_, held) => gpusOf(held) },
  { names: ["node_hours"], denominator: 3_600n, of: (_, held) => of(held, "node") },
  { names: ["mem_gib_hours"], denominator: 3_686_400n, of: (_, held) => of(held, "mem") },
  { names: ["mem_gb_hours"], denominator: gigabyteDenominator * 3_600n, of: (_, held) => of(held, "mem") * gigabyteNumerator },
  { names: ["billing_hours"], denominator: 3_600n, of: (_, held) => of(held, "billing") },
  { names: ["kwh"], denominator: 3_600_000n, of: (_, held) => of(held, "energy") },
]

const amountSlots = (card: RateCard): readonly AmountSlot[] => [
  ...usageSlots,
  ...namedResources(card).flatMap(({ resource, count, hours }): AmountSlot[] => [
    { names: [count], denominator: 1n, of: (perSecond) => of(perSecond, resource) },
    { names: [hours], denominator: 3_600n, of: (_, held) => of(held, resource) },
  ]),
]

/** Where the formulas of a card find their names in what `formulaInput` gives. */
export const formulaSlots = (card: RateCard): ReadonlyMap<string, FormulaSlot> =>
  new Map<string, FormulaSlot>([
    ...amountSlots(card).flatMap(({ names, denominator }, index) =>
      names.map((name): readonly [string, FormulaSlot] => [name, { kind: "amount", index, denominator }]),
    ),
    ...words.map((name, index): readonly [string, FormulaSlot] => [name, { kind: "word", index }]),
    ...Object.entries(card.constants ?? {}).map(([name, value]): readonly [string, FormulaSlot] => [name, { kind: "constant", value }]),
  ])

/** What the compiled formulas of a card read of one usage, for what it held so far. */
export const formulaInput = (card: RateCard, usage: Usage, perSecond: Quantities, held: Quantities): FormulaInput => ({
  amounts: amountSlots(card).map((slot) => slot.of(perSecond, held)),
  words: words.map((name) => usage.record[name]),
})

/** The same for the interpreter, by name. */
export const formulaValues = (card: RateCard, usage: Usage, perSecond: Quantities, held: Quantities): FormulaValues =>
  new Map<string, Ratio | string>([
    ...amountSlots(card).flatMap((slot) => slot.names.map((name) => [name, ratio(slot.of(perSecond, held), slot.denominator)] as const)),
    ...words.map((name) => [name, usage.record[name]] as const),
    ...Object.entries(card.constants ?? {}).map(([name, value]) => [name, ratioOfText(value)] as const),
  ])
