import { Result } from "effect"
import { fillBlanks } from "../wording.ts"
import { nearestName } from "./nearestName.ts"

/** A job that is planned: what it would hold, and for how long at most. */
export interface PlannedJob {
  readonly nodes: number
  readonly cpus: number
  readonly memMebibytes: number
  /** By GPU type; the empty name where none is asked for. */
  readonly gpus: Readonly<Record<string, number>>
  readonly seconds: number
  readonly partition: string
  readonly qos: string
  readonly account: string
  readonly name: string
  /** Tasks of the job array; 1 where it is none. */
  readonly arrayTasks: number
}

/** What a site gives to jobs that do not ask. */
export interface SbatchDefaults {
  readonly partition: string
  readonly qos: string
  readonly account: string
  readonly memMebibytesPerCpu: number
  readonly seconds: number
}

export interface SbatchProblem {
  readonly option: string
  /** The English of the code. */
  readonly message: string
  readonly code: SbatchProblemCode
  readonly values: Readonly<Record<string, string>>
}

/** Why an option cannot be priced, by its code, in English; a code and its blanks never change their meaning. */
export const sbatchProblemTexts = {
  "sbatch-unknown-option": "--{option} is not an option of sbatch: did you mean --{near}?",
  "sbatch-count": "--{option}={text} cannot be read: write a whole number above zero.",
  "sbatch-nodes": "--{option}={text} cannot be read: write a number of nodes such as 2.",
  "sbatch-gpus": "--{option}={text} cannot be read: write a number, or a type and a number such as a100:2.",
  "sbatch-gres": "--{option}={text} cannot be read: write gpu:2 or gpu:a100:2.",
  "sbatch-size": "--{option}={text} cannot be read: write a size such as 16G.",
  "sbatch-time": "--{option}={text} cannot be read: write a time such as 2:30:00 or 1-12.",
  "sbatch-too-much": "--{option} makes {text}, more than any cluster has: write smaller numbers.",
  "sbatch-array": "--{option}={text} cannot be read: write task numbers such as 0-15 or 1,3,5.",
} as const satisfies Readonly<Record<string, string>>

type SbatchProblemCode = keyof typeof sbatchProblemTexts

const sbatchProblem = (code: SbatchProblemCode, values: Readonly<Record<string, string>> & { readonly option: string }): SbatchProblem => ({
  option: values.option,
  message: fillBlanks(sbatchProblemTexts[code], values),
  code,
  values,
})

const short: Readonly<Record<string, string>> = {
  N: "nodes",
  n: "ntasks",
  c: "cpus-per-task",
  G: "gpus",
  t: "time",
  p: "partition",
  q: "qos",
  A: "account",
  J: "job-name",
  a: "array",
}

const priced: readonly string[] = [
  "nodes",
  "ntasks",
  "ntasks-per-node",
  "cpus-per-task",
  "gpus",
  "gpus-per-node",
  "gpus-per-task",
  "cpus-per-gpu",
  "gres",
  "mem",
  "mem-per-cpu",
  "mem-per-gpu",
  "time",
  "partition",
  "qos",
  "account",
  "job-name",
  "array",
]

/** Options of sbatch that stand alone: the word after them is not theirs. */
const flags: ReadonlySet<string> = new Set([
  "exclusive",
  "requeue",
  "no-requeue",
  "hold",
  "parsable",
  "wait",
  "overcommit",
  "oversubscribe",
  "contiguous",
  "ignore-pbs",
  "test-only",
  "quiet",
  "verbose",
  "reboot",
  "spread-job",
  "use-min-nodes",
  "H",
  "O",
  "s",
  "Q",
  "v",
  "W",
])

const scriptLinesMaximum = 10_000

const wordsOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single ?? ""),
  )

const optionsOf = (words: readonly string[], into: Map<string, string>): void => {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as string
    const long = /^--([a-z-]+)(?:=([\s\S]*))?$/.exec(word)
    const brief = /^-([A-Za-z])([\s\S]*)$/.exec(word)
    const name = long?.[1] ?? (brief === null ? undefined : (short[brief[1] as string] ?? brief[1]))
    if (name === undefined) return
    const attached = long === null ? brief?.[2] || undefined : long[2]
    if (attached !== undefined) into.set(name, attached)
    else if (flags.has(name)) into.set(name, "")
    else {
      into.set(name, words[index + 1] ?? "")
      index += 1
    }
  }
}

/** Minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes, days-hours:minutes:seconds. */
const secondsOf = (text: string): number | null => {
  const match = /^(?:(\d{1,5})-)?(\d{1,7})(?::(\d{1,2}))?(?::(\d{1,2}))?$/.exec(text)
  if (match === null) return null
  const [days, first, second, third] = [match[1], match[2], match[3], match[4]].map((part) => (part === undefined ? null : Number(part)))
  if (days !== null && days !== undefined) return days * 86_400 + (first ?? 0) * 3_600 + (second ?? 0) * 60 + (third ?? 0)
  if (third !== null && third !== undefined) return (first ?? 0) * 3_600 + (second ?? 0) * 60 + third
  return (first ?? 0) * 60 + (second ?? 0)
}

const mebibytesOf = (text: string): number | null => {
  const match = /^(\d{1,9})([KMGT])?B?$/i.exec(text)
  if (match === null) return null
  const count = Number(match[1])
  const unit = (match[2] ?? "M").toUpperCase()
  return unit === "K" ? Math.ceil(count / 1_024) : count * (unit === "M" ? 1 : unit === "G" ? 1_024 : 1_048_576)
}

/** `2`, `a100`, `a100:2`: how many of which type. */
const gpusOf = (text: string): readonly (readonly [type: string, count: number])[] | null => {
  const parts = text.split(",").map((part): readonly [string, number] | null => {
    const match = /^(?:([A-Za-z][\w.-]*)(?::(\d{1,5}))?|(\d{1,5}))$/.exec(part)
    return match === null ? null : [match[1] ?? "", Number(match[2] ?? match[3] ?? 1)]
  })
  return parts.every((part) => part !== null) ? parts : null
}

const arrayTasksOf = (text: string): number | null => {
  let tasks = 0
  for (const part of text.replace(/%\d+$/, "").split(",")) {
    const match = /^(\d{1,9})(?:-(\d{1,9})(?::(\d{1,9}))?)?$/.exec(part)
    if (match === null) return null
    const [from, to, step] = [Number(match[1]), Number(match[2] ?? match[1]), Number(match[3] ?? 1)]
    if (to < from || step === 0) return null
    tasks += Math.floor((to - from) / step) + 1
  }
  return tasks
}

/**
 * What an sbatch command line and the `#SBATCH` lines of its script ask for, as far as it is priced; the command line wins. Either text may
 * be empty. Memory is a node's with --mem, as in Slurm.
 */
export const readSbatch = (
  command: string,
  script: string,
  defaults: SbatchDefaults,
): Result.Result<PlannedJob, readonly SbatchProblem[]> => {
  const options = new Map<string, string>()
  for (const line of script.split("\n").slice(0, scriptLinesMaximum)) {
    const directive = /^#SBATCH\s+(.*)$/.exec(line.trimEnd())
    if (directive !== null) optionsOf(wordsOf((directive[1] as string).replace(/\s#.*$/, "")), options)
    else if (line.trim() !== "" && !line.startsWith("#")) break
  }
  optionsOf(wordsOf(command.trim().replace(/^(?:srun|salloc|sbatch)\b/, "")), options)
  const problems: SbatchProblem[] = []
  for (const name of options.keys()) {
    const near = priced.includes(name) ? null : nearestName(name, priced)
    if (near !== null && name.length > 2 && !flags.has(name) && Math.abs(near.length - name.length) <= 1) {
      problems.push(sbatchProblem("sbatch-unknown-option", { option: name, near }))
    }
  }
  const read = <A>(
    name: string,
    parse: (text: string) => A | null,
    code: Exclude<SbatchProblemCode, "sbatch-unknown-option">,
  ): A | null => {
    const text = options.get(name)
    if (text === undefined) return null
    const value = parse(text)
    if (value === null) problems.push(sbatchProblem(code, { option: name, text }))
    return value
  }
  const count = (name: string): number | null => read(name, (text) => (/^[1-9]\d{0,6}$/.test(text) ? Number(text) : null), "sbatch-count")
  const nodesAsked = read("nodes", (text) => (/^[1-9]\d{0,5}(-\d{1,6})?$/.test(text) ? Number(text.split("-")[0]) : null), "sbatch-nodes")
  const perNode = count("ntasks-per-node")
  const nodes = nodesAsked ?? 1
  const tasks = count("ntasks") ?? (perNode === null ? nodes : perNode * nodes)
  const gpus = new Map<string, number>()
  const addGpus = (name: string, times: number): void => {
    for (const [type, each] of read(name, gpusOf, "sbatch-gpus") ?? []) gpus.set(type, (gpus.get(type) ?? 0) + each * times)
  }
  addGpus("gpus", 1)
  if (gpus.size === 0) addGpus("gpus-per-node", nodes)
  if (gpus.size === 0) addGpus("gpus-per-task", tasks)
  if (gpus.size === 0) {
    const gres = read(
      "gres",
      (text) =>
        gpusOf(
          text
            .split(",")
            .flatMap((part) => (/^gpu(:|$)/.test(part) ? [part.slice(4) || "1"] : []))
            .join(",") || "0",
        ),
      "sbatch-gres",
    )
    for (const [type, each] of gres ?? []) if (each > 0) gpus.set(type, (gpus.get(type) ?? 0) + each * nodes)
  }
  const gpuCount = [...gpus.values()].reduce((sum, each) => sum + each, 0)
  const perGpu = count("cpus-per-gpu")
  const cpus = perGpu !== null && gpuCount > 0 ? perGpu * gpuCount : tasks * (count("cpus-per-task") ?? 1)
  const size = (name: string): number | null => read(name, mebibytesOf, "sbatch-size")
  const [ofNode, ofCpu, ofGpu] = [size("mem"), size("mem-per-cpu"), size("mem-per-gpu")]
  const memMebibytes =
    ofNode !== null
      ? ofNode * nodes
      : ofCpu !== null
        ? ofCpu * cpus
        : ofGpu !== null
          ? ofGpu * gpuCount
          : defaults.memMebibytesPerCpu * cpus
  for (const [option, asked] of [
    ["ntasks", cpus],
    ["gpus", gpuCount],
    ["mem", memMebibytes],
  ] as const) {
    if (!Number.isSafeInteger(asked)) problems.push(sbatchProblem("sbatch-too-much", { option, text: String(asked) }))
  }
  const job: PlannedJob = {
    nodes,
    cpus,
    memMebibytes,
    gpus: Object.fromEntries(gpus),
    seconds: read("time", secondsOf, "sbatch-time") ?? defaults.seconds,
    partition: options.get("partition") ?? defaults.partition,
    qos: options.get("qos") ?? defaults.qos,
    account: options.get("account") ?? defaults.account,
    name: options.get("job-name") ?? "",
    arrayTasks: read("array", arrayTasksOf, "sbatch-array") ?? 1,
  }
  return problems.length === 0 ? Result.succeed(job) : Result.fail(problems)
}
