import { describe, expect, it } from "vitest"
import { sampleBook, usageWith } from "../../fixtures/makeUsage.ts"
import type { JobRecord } from "../usage/JobRecord.ts"
import type { Quantities } from "../usage/Quantities.ts"
import { basisRule } from "./basisQuantities.ts"
import type { RateCard } from "./RateBook.ts"

const hour = 3_600
const start = 1_790_000_000
const cardWith = (over: Partial<RateCard>): RateCard => ({ ...(sampleBook().cards[0] as RateCard), ...over })

/** What the card counts of an hour of the usage, each amount as a quotient that comes out even. */
const countedOf = (card: RateCard, record: Partial<JobRecord>, held: Quantities) => {
  const usage = usageWith({ startSeconds: start, endSeconds: start + hour, ...record })
  const rule = basisRule(card, usage)
  const { quantities, divisor } = rule.apply(held)
  return {
    flags: rule.flags,
    counted: Object.fromEntries(
      Object.entries(quantities).map(([name, amount]) => {
        expect(amount % divisor).toBe(0n)
        return [name, amount / divisor]
      }),
    ),
  }
}

describe("what was allocated or billed by Slurm", () => {
  it.each(["allocated", "slurm-billing"] as const)("%s counts what was held", (basis) => {
    const held = { wall: 60n, cpu: 240n, mem: 61_440n, "gres/gpu:a100": 60n }
    expect(countedOf(cardWith({ basis }), {}, held)).toEqual({ flags: [], counted: held })
  })
})

describe("what was consumed", () => {
  const card = cardWith({ basis: "consumed" })
  const gibibyte = 1_073_741_824
  // half of four cores and three of eight GiB, over an hour
  const measured = {
    consumedCpuMilliseconds: 2 * hour * 1_000,
    consumedMemoryBytesMaximum: 3 * gibibyte,
    allocated: { cpu: 4, mem: 8_192 },
  }

  it("counts the cpu time and memory of the steps, and all else as held", () => {
    const held = { wall: 3_600n, cpu: 14_400n, mem: 29_491_200n, "gres/gpu:a100": 7_200n }
    expect(countedOf(card, measured, held)).toEqual({
      flags: [],
      counted: { wall: 3_600n, cpu: 7_200n, mem: 3_072n * 3_600n, "gres/gpu:a100": 7_200n },
    })
  })

  it("spreads them evenly over the job's time", () => {
    const { counted } = countedOf(card, measured, { wall: 900n, cpu: 3_600n, mem: 7_372_800n })
    expect(counted).toEqual({ wall: 900n, cpu: 1_800n, mem: 3_072n * 900n })
    expect(countedOf(card, measured, {}).counted).toEqual({ cpu: 0n, mem: 0n })
  })

  it.each<[string, Partial<JobRecord>]>([
    ["no cpu time", { ...measured, consumedCpuMilliseconds: null }],
    ["no memory", { ...measured, consumedMemoryBytesMaximum: null }],
    ["no time", { ...measured, endSeconds: start, elapsedSeconds: 0 }],
  ])("counts what was held where the job has %s, and says so", (_, record) => {
    const held = { wall: 3_600n, cpu: 14_400n }
    expect(countedOf(card, record, held)).toEqual({ flags: ["consumption-unknown"], counted: held })
  })
})

describe("what is imputed", () => {
  const gpuCard = cardWith({ imputed: [{ partition: "gpu", whenAtLeast: { "gres/gpu": 4 }, perNode: { cpu: 64, mem: 512_000 } }] })
  const held = { wall: 10n, cpu: 40n, mem: 10_240n, "gres/gpu:a100": 40n }
  const whole = { partition: "gpu", allocated: { cpu: 4, mem: 1_024, node: 1, "gres/gpu": 4, "gres/gpu:a100": 4 } }
  const blocked = { flags: ["imputed"], counted: { ...held, cpu: 640n, mem: 5_120_000n } }
  const notBlocked = { flags: [], counted: held }

  it.each<[string, RateCard, Partial<JobRecord>, typeof blocked | typeof notBlocked]>([
    ["a job that blocks its node", gpuCard, whole, blocked],
    ["a job in another partition", gpuCard, { ...whole, partition: "debug" }, notBlocked],
    ["a job of one GPU less", gpuCard, { ...whole, allocated: { ...whole.allocated, "gres/gpu": 3, "gres/gpu:a100": 3 } }, notBlocked],
    [
      "a job whose GPUs are of two types",
      gpuCard,
      { ...whole, allocated: { ...whole.allocated, "gres/gpu:a100": 1, "gres/gpu:v100": 3 } },
      blocked,
    ],
    ["a job whose GPUs have no type", gpuCard, { ...whole, allocated: { cpu: 4, mem: 1_024, node: 1, "gres/gpu": 4 } }, blocked],
    [
      "a rule of any partition",
      cardWith({ imputed: [{ partition: null, whenAtLeast: { "gres/gpu": 4 }, perNode: { cpu: 64, mem: 512_000 } }] }),
      { ...whole, partition: "debug" },
      blocked,
    ],
    [
      "a rule of which one condition is not met",
      cardWith({ imputed: [{ partition: null, whenAtLeast: { "gres/gpu": 4, cpu: 5 }, perNode: { cpu: 64 } }] }),
      whole,
      notBlocked,
    ],
    [
      "a job that asked for all that it blocks",
      cardWith({ imputed: [{ partition: null, whenAtLeast: { "gres/gpu": 4 }, perNode: { cpu: 4, mem: 1_000 } }] }),
      whole,
      notBlocked,
    ],
    [
      "two rules, the larger of each resource",
      cardWith({
        imputed: [
          { partition: null, whenAtLeast: { "gres/gpu": 4 }, perNode: { cpu: 64, mem: 100_000 } },
          { partition: null, whenAtLeast: { "gres/gpu": 2 }, perNode: { cpu: 32, mem: 512_000 } },
        ],
      }),
      whole,
      blocked,
    ],
  ])("of %s", (_, card, record, expected) => {
    expect(countedOf(card, record, held)).toEqual(expected)
  })

  it("asks and adds for each node, also what the job did not hold at all", () => {
    const card = cardWith({ imputed: [{ partition: null, whenAtLeast: { cpu: 8 }, perNode: { "license/full": 1, cpu: 16 } }] })
    const two = { allocated: { cpu: 16, node: 2 } }
    expect(countedOf(card, two, { wall: 5n, cpu: 80n })).toEqual({
      flags: ["imputed"],
      counted: { wall: 5n, cpu: 160n, "license/full": 10n },
    })
    expect(countedOf(card, { allocated: { cpu: 15, node: 2 } }, { wall: 5n, cpu: 75n }).flags).toEqual([])
    expect(countedOf(card, { allocated: { cpu: 8 } }, { wall: 5n, cpu: 40n }).counted).toEqual({ wall: 5n, cpu: 80n, "license/full": 5n })
    expect(countedOf(card, two, { cpu: 80n }).counted).toEqual({ cpu: 80n, "license/full": 0n })
  })

  it("comes before the rest of the basis, and its flag first", () => {
    const card = cardWith({ basis: "consumed", imputed: [{ partition: null, whenAtLeast: { cpu: 1 }, perNode: { node: 3 } }] })
    const { flags, counted } = countedOf(card, { allocated: { cpu: 4, node: 1 } }, { wall: 2n, node: 2n })
    expect(flags).toEqual(["imputed", "consumption-unknown"])
    expect(counted.node).toBe(6n)
  })
})

describe("the dominant share", () => {
  const shapes = { cpu: { cpu: 64, mem: 256_000 }, "*": { cpu: 32, mem: 128_000, "gres/gpu": 4 } }
  const card = cardWith({ basis: "dominant", nodeShapes: shapes })

  it.each<[string, Partial<JobRecord>, Quantities, Record<string, bigint>]>([
    [
      "cores",
      { allocated: { cpu: 32, mem: 64_000, node: 1 } },
      { wall: 2n, cpu: 64n, mem: 128_000n },
      { wall: 2n, cpu: 64n, mem: 256_000n, node: 1n },
    ],
    [
      "memory",
      { allocated: { cpu: 2, mem: 128_000, node: 1 } },
      { wall: 2n, cpu: 4n, mem: 256_000n },
      { wall: 2n, cpu: 64n, mem: 256_000n, node: 1n },
    ],
    [
      "GPUs of a type, in a partition without a shape of its own",
      { partition: "gpu", allocated: { cpu: 4, mem: 1_000, node: 1, "gres/gpu": 2, "gres/gpu:a100": 2 } },
      { wall: 2n, cpu: 8n, mem: 2_000n, "gres/gpu:a100": 4n, "license/x": 2n },
      { wall: 2n, cpu: 32n, mem: 128_000n, "gres/gpu": 4n, "license/x": 2n, node: 1n },
    ],
  ])("of %s is charged for every resource of the node", (_, record, held, counted) => {
    expect(countedOf(card, record, held)).toEqual({ flags: [], counted })
  })

  it("of two equal shares takes the first by name", () => {
    const tied = cardWith({ basis: "dominant", nodeShapes: { "*": { mem: 100, cpu: 10 } } })
    const usage = usageWith({ allocated: { cpu: 5, mem: 50, node: 1 } })
    expect(basisRule(tied, usage).apply({ cpu: 5n, mem: 50n }).divisor).toBe(10n)
  })

  it.each<[string, Partial<RateCard>]>([
    ["a partition without a shape", { nodeShapes: { gpu: { cpu: 8 } } }],
    ["a card without shapes", {}],
    ["a shape without resources", { nodeShapes: { cpu: {} } }],
  ])("of %s is what was held, and says so", (_, over) => {
    const { nodeShapes: __, ...none } = cardWith({ basis: "dominant" })
    expect(countedOf({ ...none, ...over }, {}, { cpu: 7n })).toEqual({ flags: ["node-shape-unknown"], counted: { cpu: 7n } })
  })
})
