import { type SeededRandom, weighted } from "./SeededRandom.ts"

export const coresPerNode = 64
const memoryMebibytesPerNode = 512 * 1_024

/** What a job asks for and gets; a campaign and an array keep one shape for all their jobs. */
export interface JobShape {
  readonly partition: "cpu" | "gpu" | "himem" | "debug"
  readonly qos: "normal" | "high" | "long" | "scav" | "gratis"
  readonly requestedCores: number
  readonly allocatedCores: number
  readonly nodes: number
  readonly requestedMemoryMebibytes: number
  readonly allocatedMemoryMebibytes: number
  readonly gpus: number
  /** null: asked for without a type, and the site does not track types. */
  readonly gpuType: "a100" | "h100" | "l40s" | null
  readonly timeLimitMinutes: number
}

const drawCores = weighted([
  [1, 40],
  [2, 10],
  [4, 18],
  [8, 12],
  [16, 8],
  [32, 6],
  [64, 4],
  [128, 2],
] as const)
const drawGpus = weighted([
  [1, 75],
  [2, 10],
  [4, 10],
  [8, 5],
] as const)
const drawGpuType = weighted([
  ["a100", 70],
  ["h100", 15],
  ["l40s", 15],
] as const)
const drawQos = weighted([
  ["normal", 78],
  ["high", 6],
  ["long", 7],
  ["scav", 7],
  ["gratis", 2],
] as const)
const drawLimitMinutes = weighted([
  [60, 20],
  [240, 15],
  [720, 15],
  [1_440, 35],
  [4_320, 10],
  [10_080, 5],
] as const)
const memoryPerCoreMebibytes = [1_024, 2_048, 4_096, 8_192] as const
const gpuShare = 0.18
const typedGpuShare = 0.6
const wholeMemoryShare = 0.03
const exclusiveShare = 0.04
const weightlessShare = 0.035
const gpusPerNode = 8

export const drawShape = (random: SeededRandom): JobShape => {
  const requestedCores = drawCores(random)
  const gpus = random.chance(gpuShare) ? drawGpus(random) : 0
  const nodes = Math.max(1, Math.ceil(requestedCores / coresPerNode), Math.ceil(gpus / gpusPerNode))
  const isExclusive = random.chance(exclusiveShare)
  const asksWholeMemory = random.chance(wholeMemoryShare)
  const perCore = random.pick(memoryPerCoreMebibytes)
  const nodeMemory = nodes * memoryMebibytesPerNode
  const requestedMemoryMebibytes = asksWholeMemory ? 0 : Math.min(requestedCores * perCore, nodeMemory)
  const isWeightless = gpus === 0 && random.chance(weightlessShare)
  return {
    partition: isWeightless ? "debug" : gpus > 0 ? "gpu" : perCore === 8_192 && requestedCores >= 16 ? "himem" : "cpu",
    qos: drawQos(random),
    requestedCores,
    allocatedCores: isExclusive ? nodes * coresPerNode : requestedCores,
    nodes,
    requestedMemoryMebibytes,
    allocatedMemoryMebibytes: asksWholeMemory ? nodeMemory : requestedMemoryMebibytes,
    gpus,
    gpuType: gpus > 0 && random.chance(typedGpuShare) ? drawGpuType(random) : null,
    timeLimitMinutes: drawLimitMinutes(random),
  }
}

const gpuWeight = 8

/** Floor of the partition's weighted sum; 0 in a partition without weights, and then Slurm writes no `billing` at all. */
const billingOf = (shape: JobShape, cores: number): number => (shape.partition === "debug" ? 0 : cores + shape.gpus * gpuWeight)

/** The TRES string as sacct writes it with --noconvert: names in alphabetical order, memory in MiB. */
export const tresText = (shape: JobShape, cores: number, memoryMebibytes: number): string => {
  const billing = billingOf(shape, cores)
  return [
    ...(billing === 0 ? [] : [`billing=${billing}`]),
    `cpu=${cores}`,
    ...(shape.gpuType === null ? [] : [`gres/gpu:${shape.gpuType}=${shape.gpus}`]),
    ...(shape.gpus === 0 ? [] : [`gres/gpu=${shape.gpus}`]),
    ...(memoryMebibytes === 0 ? [] : [`mem=${memoryMebibytes}M`]),
    `node=${shape.nodes}`,
  ].join(",")
}
