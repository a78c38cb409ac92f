import { readFileSync } from "node:fs"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { sacctDecoder } from "../sacct/sacctDecoder.ts"
import { type BillingMode, parseBillingWeights, partitionBilling, slurmBilling } from "./slurmBilling.ts"

const fixture = (path: string): Buffer => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url))

it.each(["22.05-debian/settled", "24.05-energy-extern/live", "25.11/live"])("gives what Slurm recorded for every job of %s", (folder) => {
  const { mode, weights } = Result.getOrThrow(partitionBilling(fixture(`${folder}/slurm.conf`).toString("utf8")))
  const decoder = sacctDecoder({ source: folder })
  const decoded = [...decoder.push(fixture(`${folder}/sacct/all.epoch.noconvert.us.txt`)), ...decoder.end()]
  let checked = 0
  for (const item of decoded) {
    if (item._tag !== "Record" || Object.keys(item.record.allocated).length === 0) continue
    const { allocated, partition, displayJobId } = item.record
    expect(`${displayJobId}: ${slurmBilling(allocated, weights.get(partition) ?? null, mode)}`).toBe(
      `${displayJobId}: ${allocated.billing ?? 0}`,
    )
    checked++
  }
  expect(checked).toBeGreaterThan(50)
})

describe("the three modes", () => {
  const weights = Result.getOrThrow(parseBillingWeights("CPU=1.0,Mem=0.25G,GRES/gpu=8.0,license/matlab=3"))
  const allocated = { cpu: 4, mem: 40_960, node: 1, "gres/gpu": 2, "license/matlab": 1 }
  it.each<[BillingMode, number]>([
    ["SUM", 4 + 10 + 16 + 3],
    ["MAX_TRES", 16 + 3],
    ["MAX_TRES_GRES", 10 + 16 + 3],
  ])("%s", (mode, billing) => {
    expect(slurmBilling(allocated, weights, mode)).toBe(billing)
  })

  it("are read from slurm.conf", () => {
    const conf = (flags: string): string => `PriorityFlags=${flags}\nPartitionName=a TRESBillingWeights=CPU=2 State=UP\nPartitionName=b\n`
    const read = Result.getOrThrow(partitionBilling(conf("SMALL_RELATIVE_TO_TIME,MAX_TRES")))
    expect(read.mode).toBe("MAX_TRES")
    expect(read.weights.get("a")?.get("cpu")).toBe(2)
    expect(read.weights.get("b")).toBe(null)
    expect(Result.getOrThrow(partitionBilling(conf("MAX_TRES_GRES"))).mode).toBe("MAX_TRES_GRES")
  })
})

it.each([
  [{ cpu: 1, mem: 1024 }, "CPU=1.0,Mem=0.25G", 1],
  [{ cpu: 1, mem: 1024, "gres/gpu": 1, "gres/gpu:a100": 1 }, "CPU=1.0,Mem=0.25G,GRES/gpu=8.0,GRES/gpu:a100=4.0", 13],
  [{ cpu: 2, mem: 100 }, "CPU=0,Mem=0", 0],
  [{ cpu: 3 }, "", 0],
])("cuts to a whole number: %j with %s", (allocated, weights, billing) => {
  expect(slurmBilling(allocated, Result.getOrThrow(parseBillingWeights(weights)))).toBe(billing)
})

it("counts cores where a partition has no weights", () => {
  expect(slurmBilling({ cpu: 7, mem: 1 }, null)).toBe(7)
})

it("refuses a weight that is none", () => {
  expect(partitionBilling('PartitionName=a TRESBillingWeights="CPU=one"')).toEqual(
    Result.fail('partition a: "CPU=one" is no weight such as CPU=1.0 or Mem=0.25G'),
  )
})
