import { sacctDecoder } from "@hpc-billing/slurm-adapter"
import { emptySums, generateSacct } from "../bench/generateSacct.ts"

/** Ten million generated lines, straight into the decoder: the sums are the generator's, and memory does not grow. */
const lines = 10_000_000
const growthMegabytesMaximum = 60

const sums = emptySums()
const decoder = sacctDecoder({ source: "generated" })
let records = 0
let elapsedSeconds = 0
let suspendedSeconds = 0
const tres = new Map<string, number>()
const peaks: number[] = []

const take = (decoded: ReturnType<typeof decoder.push>): void => {
  for (const item of decoded) {
    if (item._tag === "Rejection") throw new Error(`line ${item.rejection.lineNumber}: ${item.rejection.field}: ${item.rejection.reason}`)
    records++
    elapsedSeconds += item.record.elapsedSeconds
    suspendedSeconds += item.record.suspendedSeconds
    const { allocated } = item.record
    for (const name in allocated) tres.set(name, (tres.get(name) ?? 0) + (allocated[name] as number))
  }
}

let nextReport = lines / 10
for (const chunk of generateSacct({ seed: 11, lines, steps: 1 }, sums)) {
  take(decoder.push(Buffer.from(chunk)))
  if (sums.records + sums.steps < nextReport) continue
  nextReport += lines / 10
  peaks.push(Math.round(process.resourceUsage().maxRSS / 1_024))
  console.log(`${sums.records + sums.steps} lines, peak ${peaks.at(-1)} MB`)
}
take(decoder.end())

const ours = [records, elapsedSeconds, suspendedSeconds, ...[...sums.tres.keys()].map((name) => tres.get(name))].join(" ")
const theirs = [sums.records, sums.elapsedSeconds, sums.suspendedSeconds, ...sums.tres.values()].join(" ")
if (ours !== theirs) throw new Error(`the sums differ:\n${ours}\n${theirs}`)
const [first, peak] = [peaks[0] as number, peaks.at(-1) as number]
if (peak - first > growthMegabytesMaximum) throw new Error(`memory grew from ${first} to ${peak} MB`)
console.log(
  `${decoder.counts().lineCount} lines to ${records} records, every sum as generated, peak ${peak} MB with the generator in the same process (${first} MB after the first million)`,
)
