import { readFileSync } from "node:fs"
import { type JobRecord, priceJob } from "@hpc-billing/core"
import { expect, it } from "vitest"

const job: JobRecord = {
  cluster: "ci",
  jobId: "500004",
  submitSeconds: 1_793_440_000,
  displayJobId: "500004",
  name: "train",
  user: "dave",
  account: "physics",
  partition: "gpu",
  qos: "normal",
  reservation: "",
  wckey: "",
  state: "COMPLETED",
  eligibleSeconds: 1_793_440_000,
  startSeconds: 1_793_440_000,
  endSeconds: 1_793_445_400,
  elapsedSeconds: 5_400,
  suspendedSeconds: 0,
  suspendedWindows: null,
  requested: {},
  allocated: { cpu: 4, mem: 16_384, node: 1, billing: 4, "gres/gpu": 1, "gres/gpu:a100": 1 },
  nodeList: "n1",
  exitCode: "0:0",
  derivedExitCode: "0:0",
  timeLimitSeconds: 7_200,
  energyJoules: null,
  consumedCpuMilliseconds: null,
  consumedMemoryBytesMaximum: null,
}

it("prices one job", () => {
  const book = JSON.parse(readFileSync(new URL("../fixtures/sample-rate-book.json", import.meta.url), "utf8"))

  const price = priceJob(job, book, "MU")

  // 1.5 hours of 4 cores at 1, one A100 at 12.50 and 16 GiB at 0.50: 6 + 18.75 + 12
  if (!price.priced) throw new Error(price.problems.map((problem) => problem.message).join("\n"))
  expect(`${price.amount} ${price.currency}`).toBe("36.75 THB")
  expect(price.lines.map((line) => line.sku)).toEqual(["cpu", "gpu-a100", "mem"])
})
