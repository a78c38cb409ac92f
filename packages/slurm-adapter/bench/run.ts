import { spawnSync } from "node:child_process"
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { emptySums, type GeneratedSums, generateSacct } from "./generateSacct.ts"
import { readers } from "./readers.ts"

/**
 * `node bench/run.ts [lines]`: writes a file, reads it with each reader in a process of its own (best of five, peak memory), and prints
 * lines a second of processor time and the ratio to ours, which is the package as it is published. Fails when our sums are not the
 * generator's. With more than two million lines ours reads alone.
 */
const main = async (): Promise<void> => {
  const [, script = "", first = "1000000", path] = process.argv
  if (path !== undefined) return child(first, path)
  const lines = Number(first)
  const folder = mkdtempSync(join(tmpdir(), "sacct-bench-"))
  try {
    for (const steps of [1, 0]) {
      const file = join(folder, `${steps}.txt`)
      const sums = write(file, lines, steps)
      console.log(
        `${lines} lines of 32 fields, ${steps === 0 ? "no steps" : "a step to each job"}, ${Math.round(statSync(file).size / 1e6)} MB`,
      )
      report(script, file, lines, sums)
      rmSync(file)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const write = (file: string, lines: number, steps: number): GeneratedSums => {
  const sums = emptySums()
  const descriptor = openSync(file, "w")
  for (const chunk of generateSacct({ seed: 7, lines, steps }, sums)) writeSync(descriptor, chunk)
  closeSync(descriptor)
  return sums
}

interface Measured {
  readonly seconds: number
  readonly peakMegabytes: number
  readonly sums: string | null
}

const report = (script: string, file: string, lines: number, sums: GeneratedSums): void => {
  const names = lines > 2_000_000 ? ["ours"] : Object.keys(readers)
  let oursSeconds = 0
  for (const name of names) {
    const runs = Array.from({ length: lines > 2_000_000 ? 1 : 5 }, () => measure(script, name, file))
    const best = runs.reduce((left, right) => (right.seconds < left.seconds ? right : left))
    if (name === "ours") {
      oursSeconds = best.seconds
      if (best.sums !== summary(sums)) throw new Error(`our sums differ:\n${best.sums}\n${summary(sums)}`)
      console.log(`  sums as generated: ${best.sums}`)
    }
    const rate = Math.round(lines / best.seconds / 1_000)
    const ratio = (best.seconds / oursSeconds).toFixed(2)
    console.log(
      `  ${name.padEnd(10)} ${best.seconds.toFixed(2).padStart(6)} s ${String(rate).padStart(5)}k lines/s ${String(best.peakMegabytes).padStart(5)} MB peak  ${ratio} x our time`,
    )
  }
}

const measure = (script: string, name: string, file: string): Measured => {
  const run = spawnSync(process.execPath, [script, name, file], { encoding: "utf8" })
  if (run.status !== 0) throw new Error(run.stderr)
  return JSON.parse(run.stdout) as Measured
}

const child = async (name: string, file: string): Promise<void> => {
  const read = await readers[name as keyof typeof readers]()
  const began = process.cpuUsage()
  const result = await read(file)
  const used = process.cpuUsage(began)
  const seconds = (used.user + used.system) / 1e6
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1_024)
  console.log(JSON.stringify({ seconds, peakMegabytes, sums: typeof result === "number" ? null : summary(result) }))
}

const summary = ({ records, elapsedSeconds, suspendedSeconds, tres }: GeneratedSums): string => {
  const counts = [...tres].sort(([left], [right]) => (left < right ? -1 : 1)).map(([name, count]) => `${name}=${count}`)
  return `records=${records} elapsed=${elapsedSeconds} suspended=${suspendedSeconds} ${counts.join(" ")}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
