import { spawn } from "node:child_process"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { decodeSacctChunks } from "@hpc-billing/slurm-adapter"
import { emptySums, type GeneratedSums, generateSacct } from "../bench/generateSacct.ts"

/**
 * Ten million generated lines, written by a process of its own into a pipe and read from it: the sums are the generator's, and the
 * reader's memory does not grow.
 */
const lines = 10_000_000
const growthMegabytesMaximum = 8
const peakMegabytesMaximum = 300

setFlagsFromString("--expose-gc")
const collectGarbage: () => void = runInNewContext("gc")

const inUseMegabytes = (): number => {
  // buffers that the first finds dead are gone after the second
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return Math.round((heapUsed + external) / 1e6)
}

const generate = async (): Promise<void> => {
  const sums = emptySums()
  for (const chunk of generateSacct({ seed: 11, lines, steps: 1 }, sums))
    if (!process.stdout.write(chunk)) await new Promise<void>((resolve) => process.stdout.once("drain", resolve))
  process.stderr.write(summary(sums))
}

const summary = ({ records, elapsedSeconds, suspendedSeconds, tres }: GeneratedSums): string =>
  [records, elapsedSeconds, suspendedSeconds, ...[...tres].toSorted().map((pair) => pair.join("="))].join(" ")

const read = async (): Promise<void> => {
  const generator = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), "generate"], {
    stdio: ["ignore", "pipe", "pipe"],
  })
  const theirs = text(generator.stderr)
  const sums = emptySums()
  const tres = new Map<string, number>()
  const inUse: number[] = []
  for await (const batch of decodeSacctChunks(generator.stdout, { source: "generated" })) {
    for (const item of batch) {
      if (item._tag === "Rejection") throw new Error(`line ${item.rejection.lineNumber}: ${item.rejection.field}: ${item.rejection.reason}`)
      const { elapsedSeconds, suspendedSeconds, allocated } = item.record
      sums.records++
      sums.elapsedSeconds += elapsedSeconds
      sums.suspendedSeconds += suspendedSeconds
      for (const name in allocated) tres.set(name, (tres.get(name) ?? 0) + (allocated[name] as number))
    }
    if (sums.records < (inUse.length + 1) * (lines / 20)) continue
    inUse.push(inUseMegabytes())
    console.log(`${sums.records} records, ${inUse.at(-1)} MB in use`)
  }
  for (const [name, count] of tres) sums.tres.set(name, BigInt(count))
  const wanted = await theirs
  if (summary(sums) !== wanted) throw new Error(`the sums differ:\n${summary(sums)}\n${wanted}`)
  const growth = inUseMegabytes() - (inUse[0] as number)
  const peak = Math.round((process.resourceUsage().maxRSS * 1_024) / 1e6)
  if (growth > growthMegabytesMaximum) throw new Error(`memory in use grew by ${growth} MB`)
  if (peak > peakMegabytesMaximum) throw new Error(`the peak of ${peak} MB is above ${peakMegabytesMaximum} MB`)
  console.log(
    `${lines} lines to ${sums.records} records through a pipe, every sum as generated, the reader's peak ${peak} MB, of which ${inUse.at(-1)} MB in use, ${growth} MB more than after half a million records`,
  )
}

await (process.argv[2] === "generate" ? generate() : read())
