/**
 * Seeded sacct output of any length, with the sums a reader must find in it. What is drawn, after measurements on real clusters:
 * elapsed 8 % zero, 25 % under a minute, else lognormal(5.6, 2.3) cut at the limit, 3 % ending at it, 0.5 % of days; cores
 * {1: 40, 2: 10, 4: 18, 8: 12, 16: 8, 32: 6, 64: 4, 128: 2} %; 18 % GPU jobs {1: 75, 2: 10, 4: 10, 8: 5} %, 60 % of them typed; memory 1, 2, 4 or
 * 8 GiB a core; 12 % arrays of 2 to 100 tasks; states COMPLETED 74, FAILED 12, CANCELLED 8.5 (2.5 before start), TIMEOUT 3.7, OUT_OF_MEMORY 1,
 * NODE_FAIL 0.3, PREEMPTED 0.5 %; 0.3 % suspended; users Zipf 1.3 over 400; one name in eight is Thai, 1 % hold `|` or quotes.
 */
export interface GeneratorOptions {
  readonly seed: number
  /** Rows in all, steps included. */
  readonly lines: number
  /** Steps of each job. */
  readonly steps: number
}

export interface GeneratedSums {
  records: number
  steps: number
  elapsedSeconds: number
  suspendedSeconds: number
  /** By TRES name, as Slurm writes it. */
  readonly tres: Map<string, bigint>
}

export const sacctFields = [
  "JobIDRaw",
  "JobID",
  "JobName",
  "Cluster",
  "User",
  "UID",
  "Account",
  "Partition",
  "QOS",
  "State",
  "Submit",
  "Eligible",
  "Start",
  "End",
  "ElapsedRaw",
  "Suspended",
  "AllocTRES",
  "ReqTRES",
  "AllocCPUS",
  "NNodes",
  "NodeList",
  "ExitCode",
  "DerivedExitCode",
  "TimelimitRaw",
  "ConsumedEnergyRaw",
  "TotalCPU",
  "MaxRSS",
  "Reservation",
  "WCKey",
  "Priority",
  "Reason",
  "DBIndex",
] as const

const delimiter = "\u001F"
const names = ["train.py", "wrap", "vasp_relax", "lammps", "gmx mdrun", "จำลองโมเลกุล-ทดสอบ", "snakejob.align.sh", 'sweep "a|b"']
const partitions = ["cpu", "cpu-long", "bigmem", "free"]

/** Yields chunks of whole lines, the header first; `sums` is complete at the end. */
export function* generateSacct(options: GeneratorOptions, sums: GeneratedSums): Generator<string> {
  const random = mulberry32(options.seed)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const pick = <T>(weights: readonly (readonly [T, number])[]): T => {
    let left = random() * 100
    for (const [value, weight] of weights) {
      left -= weight
      if (left < 0) return value
    }
    return (weights[0] as readonly [T, number])[0]
  }
  let chunk = `${sacctFields.join(delimiter)}\n`
  let lines = 0
  let jobId = 1_000_000
  let submit = 1_788_998_400
  while (lines < options.lines) {
    const tasks = random() < 0.02 ? 2 + Math.floor(98 * random() ** 3) : 1
    submit += Math.floor(-Math.log(1 - random()) * 30)
    const person = Math.floor(400 * random() ** 3)
    const cores = pick([
      [1, 40],
      [2, 10],
      [4, 18],
      [8, 12],
      [16, 8],
      [32, 6],
      [64, 4],
      [128, 2],
    ])
    const gpus =
      random() < 0.18
        ? pick([
            [1, 75],
            [2, 10],
            [4, 10],
            [8, 5],
          ])
        : 0
    const gpuType = random() < 0.6 ? (random() < 0.5 ? "a100" : "v100") : ""
    const mebibytes = cores * 1024 * (1 << Math.floor(random() * 4))
    const nodes = Math.ceil(cores / 64)
    const name = random() < 0.01 ? names[7] : names[Math.floor(random() * 7)]
    const limitMinutes = 1_440
    const array = jobId + tasks
    const partition = gpus > 0 ? "gpu" : partitions[Math.floor(random() ** 2 * 4)]
    const billing = partition === "free" ? 0 : cores + Math.floor(mebibytes / 4096) + 8 * gpus
    for (let task = 0; task < tasks && lines < options.lines; task++) {
      jobId++
      const state = pick([
        ["COMPLETED", 74],
        ["FAILED", 12],
        ["CANCELLED by 1003", 6],
        ["CANCELLED", 2.5],
        ["TIMEOUT", 3.7],
        ["OUT_OF_MEMORY", 1],
        ["NODE_FAIL", 0.3],
        ["PREEMPTED", 0.5],
      ])
      const ran = state !== "CANCELLED"
      const wait = Math.floor(Math.exp(4.5 + 1.5 * normal()))
      const elapsed = ran ? elapsedSeconds(random, normal, state === "TIMEOUT", limitMinutes * 60) : 0
      const suspended = ran && random() < 0.003 ? Math.floor(random() * 5_000) : 0
      const start = submit + wait
      const end = start + elapsed + suspended
      const tres = `${billing > 0 ? `billing=${billing},` : ""}cpu=${cores},${gpus > 0 ? `${gpuType === "" ? "" : `gres/gpu:${gpuType}=${gpus},`}gres/gpu=${gpus},` : ""}mem=${mebibytes}M,node=${nodes}`
      const display = tasks > 1 ? `${array}_${task}` : `${jobId}`
      const cpu = duration(Math.floor(elapsed * cores * 0.8))
      const node = `n[${100 + (jobId % 300)}-${100 + (jobId % 300) + nodes - 1}]`
      const failed = state === "FAILED" ? "1:0" : "0:0"
      const job = [
        jobId,
        display,
        name,
        "gen",
        `user${person}`,
        20_000 + person,
        `acct${person % 60}`,
        partition,
        person % 9 === 0 ? "high" : "normal",
        state,
        submit,
        submit,
        ran ? start : "None",
        end,
        elapsed,
        clock(suspended),
        ran ? tres : "",
        tres,
        cores,
        nodes,
        ran ? node : "None assigned",
        failed,
        "0:0",
        limitMinutes,
        ran ? elapsed * 300 * nodes : "",
        cpu,
        "",
        "",
        "*",
        1_000 + (jobId % 977),
        "None",
        5_000_000 + jobId,
      ]
      chunk += `${job.join(delimiter)}\n`
      lines++
      sums.records++
      sums.elapsedSeconds += elapsed
      sums.suspendedSeconds += suspended
      if (ran) {
        add(sums, "cpu", cores)
        add(sums, "mem", mebibytes)
        add(sums, "node", nodes)
        add(sums, "billing", billing)
        add(sums, "gres/gpu", gpus)
        if (gpuType !== "") add(sums, `gres/gpu:${gpuType}`, gpus)
      }
      for (let step = 0; ran && step < options.steps && lines < options.lines; step++) {
        const suffix = step === 0 ? "batch" : `${step - 1}`
        const stepRow = [
          `${jobId}.${suffix}`,
          `${display}.${suffix}`,
          step === 0 ? "batch" : name,
          "gen",
          "",
          "",
          `acct${person % 60}`,
          "",
          "",
          state === "FAILED" ? "FAILED" : "COMPLETED",
          start,
          start,
          start,
          end,
          elapsed,
          clock(suspended),
          tres.replace(/^billing=\d+,/, ""),
          "",
          cores,
          nodes,
          node,
          failed,
          "",
          "",
          elapsed * 300 * nodes,
          cpu,
          `${3_332 + (jobId % 90_000)}K`,
          "",
          "",
          "",
          "",
          5_000_000 + jobId,
        ]
        chunk += `${stepRow.join(delimiter)}\n`
        lines++
        sums.steps++
      }
      if (chunk.length > 65_536) {
        yield chunk
        chunk = ""
      }
    }
  }
  yield chunk
}

export const emptySums = (): GeneratedSums => ({ records: 0, steps: 0, elapsedSeconds: 0, suspendedSeconds: 0, tres: new Map() })

const add = (sums: GeneratedSums, name: string, count: number): void => {
  if (count > 0) sums.tres.set(name, (sums.tres.get(name) ?? 0n) + BigInt(count))
}

const elapsedSeconds = (random: () => number, normal: () => number, timedOut: boolean, limitSeconds: number): number => {
  if (timedOut) return limitSeconds + Math.floor(random() * 60)
  const kind = random()
  if (kind < 0.08) return 0
  if (kind < 0.33) return Math.floor(random() * 60)
  if (kind > 0.995) return Math.floor(86_400 * (1 + 6 * random()))
  return Math.min(limitSeconds, Math.floor(Math.exp(5.6 + 2.3 * normal())))
}

const two = (value: number): string => String(value).padStart(2, "0")
const clock = (seconds: number): string => `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
const duration = (seconds: number): string => {
  if (seconds < 3_600) return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}.123`
  const days = Math.floor(seconds / 86_400)
  return `${days > 0 ? `${days}-` : ""}${clock(seconds % 86_400)}`
}

const mulberry32 = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
