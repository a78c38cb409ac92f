import { describe, expect, it } from "vitest"
import type { JobRecord } from "./JobRecord.ts"
import { preferRecord } from "./preferRecord.ts"

const ended: JobRecord = {
  cluster: "reef",
  jobId: "77",
  submitSeconds: 5_000,
  displayJobId: "77",
  name: "tide",
  user: "ines",
  account: "ocean",
  partition: "long",
  qos: "normal",
  reservation: "",
  wckey: "",
  state: "COMPLETED",
  eligibleSeconds: 5_000,
  startSeconds: 5_100,
  endSeconds: 8_700,
  elapsedSeconds: 3_600,
  suspendedSeconds: 0,
  suspendedWindows: null,
  requested: { cpu: 8 },
  allocated: { cpu: 8, mem: 4_096, node: 1 },
  nodeList: "r3",
  exitCode: "0:0",
  derivedExitCode: "0:0",
  timeLimitSeconds: 7_200,
  energyJoules: null,
  consumedCpuMilliseconds: null,
  consumedMemoryBytesMaximum: null,
}
const running: JobRecord = { ...ended, state: "RUNNING", endSeconds: null, elapsedSeconds: 900 }
const measured = { energyJoules: 12_000n, consumedCpuMilliseconds: 450_000, consumedMemoryBytesMaximum: 2_000_000 }
const suspended = { suspendedSeconds: 60, suspendedWindows: [{ startSeconds: 6_000, endSeconds: 6_060 }] }

describe("preferRecord", () => {
  it.each<[string, JobRecord, JobRecord, JobRecord]>([
    ["an ended record read after a running one", running, ended, ended],
    ["an ended record read before a running one", ended, running, ended],
    ["of two ended ones the later", ended, { ...ended, account: "coast" }, { ...ended, account: "coast" }],
    ["of two running ones the later", running, { ...running, elapsedSeconds: 1_800 }, { ...running, elapsedSeconds: 1_800 }],
    // half an hour's energy is not that of the whole job
    ["nothing of a running record in an ended one, read after it", { ...running, ...measured }, ended, ended],
    ["nothing of a running record in an ended one, read before it", ended, { ...running, ...measured, ...suspended }, ended],
    ["nothing of a record with another end", { ...ended, ...measured, endSeconds: 8_701 }, ended, ended],
    ["what only the earlier of two ended ones measured", { ...ended, ...measured }, ended, { ...ended, ...measured }],
    ["what only the earlier of two running ones measured", { ...running, ...measured }, running, { ...running, ...measured }],
    [
      "the later measure where both have one",
      { ...ended, ...measured },
      { ...ended, energyJoules: 7n },
      { ...ended, ...measured, energyJoules: 7n },
    ],
    [
      "when it was suspended, where only the earlier knows",
      { ...ended, ...suspended },
      { ...ended, suspendedSeconds: 60 },
      { ...ended, ...suspended },
    ],
    ["no windows that do not sum to its suspension", { ...ended, ...suspended }, ended, ended],
    [
      "no windows of a record with another end",
      { ...ended, ...suspended, endSeconds: 9_000 },
      { ...ended, suspendedSeconds: 60 },
      { ...ended, suspendedSeconds: 60 },
    ],
  ])("takes %s", (_, known, read, expected) => {
    expect(preferRecord(known, read)).toEqual(expected)
  })

  it.each(["energyJoules", "consumedCpuMilliseconds", "consumedMemoryBytesMaximum"] as const)("keeps %s alone", (field) => {
    expect(preferRecord({ ...ended, [field]: measured[field] }, ended)).toEqual({ ...ended, [field]: measured[field] })
    expect(preferRecord({ ...ended, [field]: field === "energyJoules" ? 0n : 0 }, ended)[field]).toEqual(field === "energyJoules" ? 0n : 0)
  })

  it("is the record itself where nothing is gained", () => {
    const read = { ...ended }
    expect(preferRecord({ ...ended, account: "coast" }, read)).toBe(read)
    expect(preferRecord(read, running)).toBe(read)
  })
})
