import { expect, it } from "vitest"
import { efficiency } from "./efficiency.ts"
import type { JobRecord } from "./JobRecord.ts"
import type { Usage } from "./Usage.ts"

const usage = (record: Partial<JobRecord>, perSecond: Usage["perSecond"]): Usage => ({
  id: "c/1/0",
  record: { elapsedSeconds: 80, consumedCpuMilliseconds: null, consumedMemoryBytesMaximum: null, ...record } as JobRecord,
  startSeconds: 0,
  endSeconds: 100,
  perSecond,
  suspension: { kind: "unplaced", seconds: 20 },
  energyJoules: null,
  provisional: false,
  flags: [],
})

it("sets what was used against what was held, suspended time left out of cpu", () => {
  const used = usage({ consumedCpuMilliseconds: 120_000, consumedMemoryBytesMaximum: 512 * 1_048_576 }, { cpu: 2n, mem: 1_024n })
  expect(efficiency(used)).toEqual({ cpuPermille: 750, memoryPermille: 500 })
})

it("says null where nothing was measured or nothing was held", () => {
  expect(efficiency(usage({}, { cpu: 2n, mem: 1_024n }))).toEqual({ cpuPermille: null, memoryPermille: null })
  expect(efficiency(usage({ consumedCpuMilliseconds: 1, consumedMemoryBytesMaximum: 1 }, {}))).toEqual({
    cpuPermille: null,
    memoryPermille: null,
  })
})
