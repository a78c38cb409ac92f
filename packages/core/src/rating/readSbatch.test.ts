import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { mappingWith, payersOf, payerWith, ratesOf, sampleBook } from "../../fixtures/makeUsage.ts"
import { formatDecimal } from "../money/Decimal.ts"
import { estimateJob } from "./estimateJob.ts"
import { type PlannedJob, readSbatch } from "./readSbatch.ts"

const defaults = { partition: "cpu", qos: "normal", account: "physics", memMebibytesPerCpu: 1_024, seconds: 3_600 }

const script = `#!/bin/bash
#SBATCH --job-name="train model"
#SBATCH -N 2 --ntasks-per-node=4   # two nodes
#SBATCH --cpus-per-task 8
#SBATCH --gres=gpu:a100:2
#SBATCH --mem=64G
#SBATCH -t 1-12:30:00
#SBATCH -p gpu
module load cuda
#SBATCH --time=1
srun train
`

describe("readSbatch", () => {
  it.each<readonly [command: string, script: string, job: Partial<PlannedJob>]>([
    ["", script, { nodes: 2, cpus: 64, memMebibytes: 131_072, gpus: { a100: 4 }, seconds: 131_400, partition: "gpu", name: "train model" }],
    ["sbatch --time=30 -p cpu job.sh --nodes=99", script, { seconds: 1_800, partition: "cpu", nodes: 2 }],
    ["sbatch -n4 -c 2 job.sh", "", { cpus: 8, memMebibytes: 8_192, seconds: 3_600, nodes: 1 }],
    ["--gpus=3 --cpus-per-gpu=4 --mem-per-gpu=10G", "", { gpus: { "": 3 }, cpus: 12, memMebibytes: 30_720 }],
    ["--gpus-per-node=v100:1 -N3", "", { gpus: { v100: 3 }, cpus: 3 }],
    ["--gpus-per-task=1 --ntasks=5", "", { gpus: { "": 5 } }],
    ["--gres=gpu", "", { gpus: { "": 1 } }],
    ["--gres=craynetwork:1", "", { gpus: {} }],
    ["--exclusive -N 4", "", { nodes: 4 }],
    ["--mem-per-cpu=500 -n 2", "", { memMebibytes: 1_000 }],
    ["-t 90", "", { seconds: 5_400 }],
    ["-t 1:30", "", { seconds: 90 }],
    ["-t 2:00:00", "", { seconds: 7_200 }],
    ["-t 2-6", "", { seconds: 194_400 }],
    ["-a 0-9%2", "", { arrayTasks: 10 }],
    ["-a 1,3,10-20:5", "", { arrayTasks: 5 }],
    ["-A 'เคมี' -q high", "", { account: "เคมี", qos: "high" }],
  ])("%s", (command, text, job) => {
    expect(Result.getOrThrow(readSbatch(command, text, defaults))).toMatchObject(job)
  })

  it.each([
    ["--mem=900000000T -N 900000", /--mem makes .*, more than any cluster has/],
    ["-n 9999999 -c 9999999 --mem-per-cpu=4G", /--mem makes .*, more than any cluster has/],
    ["--time=forever", /--time=forever cannot be read: write a time/],
    ["--mem=lots", /write a size such as 16G/],
    ["--nodess=2", /did you mean --nodes\?/],
    ["-N 0", /number of nodes/],
    ["--gpus=a100:x", /a type and a number/],
    ["--array=9-1", /task numbers/],
  ])("%s is refused", (command, message) => {
    const read = readSbatch(command, "", defaults)
    expect(Result.isFailure(read) ? read.failure.map((problem) => problem.message).join() : "").toMatch(message)
  })
})

it("estimateJob prices what the job asks for, by the rules that will bill it", () => {
  const payers = payersOf([payerWith("physics-faculty", "MU")], [mappingWith()])
  const planned = Result.getOrThrow(readSbatch("sbatch -n 4 --mem=8G --gres=gpu:a100:1 -t 2:00:00 -a 1-3", "", defaults))
  const startSeconds = Date.parse("2026-10-05T00:00:00+07:00") / 1000
  const estimate = estimateJob(planned, { cluster: "ci", user: "dave", startSeconds }, { rates: ratesOf(sampleBook()), payers })
  // 2 h of 4 cores at 1, one A100 at 12.50, 8 GiB at 0.50
  expect([formatDecimal(estimate.perTask), formatDecimal(estimate.total), estimate.currency]).toEqual(["41", "123", "THB"])
})
