import { createHash } from "node:crypto"
import type { JobRecord, Month } from "@hpc-billing/core"
import { addMonths, jobKey, monthOf, monthWindow, normalise, preparePayers, resolvePayer } from "@hpc-billing/core"
import { sacctDecoder } from "@hpc-billing/slurm-adapter"
import { Result } from "effect"
import { describe, expect, test } from "vitest"
import { generatedPayers } from "./generatedPayers.ts"
import { type GenerateOptions, generatedColumns, generateSacct } from "./generateSacct.ts"
import { generatedUsers } from "./people.ts"

const zone = "Asia/Bangkok"
const cluster = "generated-demo"
const months: readonly Month[] = Array.from({ length: 13 }, (_, index) => addMonths("2025-10", index))
const year: GenerateOptions = { seed: 1, months, jobs: 20_000, cluster }
const textOf = (options: GenerateOptions): string => [...generateSacct(options)].join("")

const decode = (text: string): { records: JobRecord[]; rejections: number; steps: number } => {
  const decoder = sacctDecoder({ source: "generated" })
  const decoded = [...decoder.push(Buffer.from(text, "utf8")), ...decoder.end()]
  const { rejectionCount, stepCount } = decoder.counts()
  return { records: decoded.flatMap((one) => (one._tag === "Record" ? [one.record] : [])), rejections: rejectionCount, steps: stepCount }
}

const text = textOf(year)
const { records, rejections } = decode(text)
const share = (of: (record: JobRecord) => boolean): number => records.filter(of).length / records.length
const distinctIds = new Set(records.map((record) => record.jobId)).size

test("the same seed gives the same bytes, another seed others", () => {
  expect(textOf(year)).toBe(text)
  expect(textOf({ ...year, seed: 2 })).not.toBe(text)
  const small = textOf({ seed: 1, months: ["2025-10", "2025-11"], jobs: 1_000, cluster })
  expect(createHash("sha256").update(small).digest("hex")).toBe("2be282f1cdd7057bb2d01628829ad3cb459cbb97aac2ef82531fb1ed0425406a")
})

test("every row decodes, job ids are as many as asked, and keys are distinct", () => {
  expect(rejections).toBe(0)
  expect(distinctIds).toBe(20_000)
  expect(new Set(records.map(jobKey)).size).toBe(records.length)
  expect(text.slice(0, text.indexOf("\n")).split("\u001F")).toEqual([...generatedColumns])
})

test("a year of 20 000 jobs takes less than two seconds of processor time", () => {
  const before = process.cpuUsage()
  textOf({ ...year, seed: 3 })
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000)
})

test("steps fold into their jobs, which stay the same in number", () => {
  const small = { ...year, jobs: 2_000 }
  const withSteps = decode(textOf({ ...small, steps: true }))
  expect(withSteps.rejections).toBe(0)
  expect(new Set(withSteps.records.map((record) => record.jobId)).size).toBe(2_000)
  expect(withSteps.steps).toBeGreaterThan(1_800)
  expect(withSteps.records.filter((record) => record.consumedMemoryBytesMaximum !== null).length).toBe(withSteps.steps)
})

describe("shares are near the distribution", () => {
  test.each<[string, (record: JobRecord) => boolean, least: number, most: number]>([
    ["completed", (record) => record.state === "COMPLETED", 0.7, 0.78],
    ["failed", (record) => record.state === "FAILED", 0.1, 0.14],
    ["cancelled", (record) => record.state === "CANCELLED", 0.07, 0.1],
    ["timed out", (record) => record.state === "TIMEOUT", 0.03, 0.045],
    ["of several days", (record) => record.elapsedSeconds >= 4 * 86_400, 0.004, 0.012],
    ["never started", (record) => record.startSeconds === null, 0.018, 0.032],
    ["preempted or requeued", (record) => record.state === "PREEMPTED" || record.state === "REQUEUED", 0.004, 0.02],
    ["suspended", (record) => record.suspendedSeconds > 0, 0.001, 0.006],
    ["still running", (record) => record.state === "RUNNING", 0.0002, 0.003],
    ["without any run time", (record) => record.startSeconds !== null && record.elapsedSeconds === 0, 0.05, 0.11],
    ["with GPUs", (record) => record.allocated["gres/gpu"] !== undefined, 0.08, 0.3],
    ["names out of the ordinary", (record) => /[|\n"=,\t]|^-x$|é|模|🚀|มีวรรค|xxx/u.test(record.name), 0.002, 0.08],
    ["more than asked", (record) => (record.allocated.cpu ?? 0) > (record.requested.cpu ?? 0), 0.005, 0.09],
  ])("%s", (_, of, least, most) => {
    expect(share(of)).toBeGreaterThan(least)
    expect(share(of)).toBeLessThan(most)
  })
})

test("typed GPUs are contained in the untyped count, and a partition without weights writes no billing", () => {
  for (const { allocated, partition } of records) {
    const typed = Object.entries(allocated).find(([name]) => name.startsWith("gres/gpu:"))
    if (typed !== undefined) expect(allocated["gres/gpu"]).toBe(typed[1])
    if (partition === "debug") expect(allocated.billing).toBeUndefined()
  }
  expect(records.some((record) => record.partition === "debug")).toBe(true)
})

test("every month has jobs, and some run across its end or change in its very second", () => {
  const started = new Map<string, number>()
  for (const record of records)
    started.set(monthOf(record.submitSeconds, zone), (started.get(monthOf(record.submitSeconds, zone)) ?? 0) + 1)
  for (const month of months) {
    expect(started.get(month) ?? 0).toBeGreaterThan(300)
    const { endSeconds } = monthWindow(month, zone)
    const crossing = records.filter((record) => (record.startSeconds ?? endSeconds) < endSeconds && (record.endSeconds ?? 0) > endSeconds)
    expect(crossing.length).toBeGreaterThan(2)
  }
  const ends = new Set(months.map((month) => monthWindow(month, zone).endSeconds))
  expect(records.some((record) => ends.has(record.endSeconds ?? 0) || ends.has(record.startSeconds ?? 0))).toBe(true)
})

test("a few users do most of the work", () => {
  const byUser = new Map<string, number>()
  for (const { user } of records) byUser.set(user, (byUser.get(user) ?? 0) + 1)
  const counts = [...byUser.values()].sort((a, b) => b - a)
  const firstTen = counts.slice(0, 10).reduce((sum, count) => sum + count, 0)
  expect(counts.length).toBeGreaterThan(50)
  expect(firstTen / records.length).toBeGreaterThan(0.4)
})

test("resized and requeued jobs have several rows, arrays and het jobs their names", () => {
  const rows = new Map<string, number>()
  for (const { jobId } of records) rows.set(jobId, (rows.get(jobId) ?? 0) + 1)
  expect([...rows.values()].filter((count) => count > 1).length).toBeGreaterThan(20)
  expect(records.some((record) => record.state === "RESIZING")).toBe(true)
  const tasks = records.filter((record) => record.displayJobId.includes("_"))
  expect(tasks.some((record) => record.displayJobId.startsWith(`${record.jobId}_`))).toBe(true)
  expect(records.some((record) => record.displayJobId.endsWith("+1"))).toBe(true)
})

test("the records normalise to one usage each", () => {
  const { usages } = normalise(records, { asOfSeconds: monthWindow("2026-12", zone).startSeconds })
  expect(usages.length).toBe(records.length)
})

test("every account has its payer at every time, and the logins are distinct", () => {
  const { payers, mappings } = generatedPayers(cluster)
  const prepared = preparePayers(payers, mappings, zone)
  if (Result.isFailure(prepared)) throw new Error(JSON.stringify(prepared.failure))
  for (const record of records) {
    const at = record.startSeconds ?? record.submitSeconds
    const resolved = resolvePayer(prepared.success, record.cluster, record.account, record.user, at)
    expect(resolved.kind).toBe("shares")
  }
  expect(new Set(generatedUsers.map((user) => user.login)).size).toBe(generatedUsers.length)
})

test("a cluster that does not say that it is generated is refused", () => {
  expect(() => textOf({ ...year, cluster: "demo" })).toThrow("generated")
})
