import { expect, it } from "vitest"
import { slurmBilling } from "./slurmBilling.ts"

const tres = { cpu: 8, mem: 32_768, node: 2, "gres/gpu": 2, "license/matlab": 3, "bb/datawarp": 2_048 }

it.each([
  ["CPU=1.5", "sum", 12],
  ["cpu=1,mem=0.25G", "sum", 16],
  ["cpu=1, Mem=0.25g ,GRES/gpu=4", "sum", 24],
  ["mem=1024P", "sum", 0],
  ["mem=0.001", "sum", 32],
  ["mem=1K", "sum", 32_768],
  ["bb/datawarp=1G", "sum", 2],
  ["gres/gpu=1K", "sum", 0],
  ["cpu=0.3,node=0.6", "sum", 3],
  ["cpu=1,mem=0.5G,gres/gpu=5,license/matlab=2", "MAX_TRES", 22],
  ["cpu=1,mem=0.5G,gres/gpu=9,license/matlab=2", "MAX_TRES", 24],
  ["cpu=1,mem=0.5G,gres/gpu=5,license/matlab=2", "MAX_TRES_GRES", 32],
  ["node=20", "MAX_TRES_GRES", 40],
  ["gres/shard=7", "sum", 0],
  ["cpu", "sum", null],
  ["cpu=", "sum", null],
  ["cpu=1,", "sum", null],
  ["cpu=1X", "sum", null],
  ["cpu=-1", "sum", null],
  ["=1", "sum", null],
  ["", "sum", null],
] as const)("of the weights %s in the mode %s is %s", (weights, mode, billing) => {
  expect(slurmBilling(weights, tres, mode)).toBe(billing)
})

it("reads the names of resources whatever their case", () => {
  expect(slurmBilling("gres/gpu=3", { "gres/GPU": 2 }, "sum")).toBe(6)
})
