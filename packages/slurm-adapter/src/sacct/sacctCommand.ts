import type { Window } from "@hpc-billing/core"
import { Result } from "effect"

/** What to ask sacct for. Jobs that touch the window, or those of the given ids; the filters narrow it. */
export interface SacctQuery {
  readonly window: Window | null
  /** Job ids as digits; none: all. */
  readonly jobIds?: readonly string[]
  readonly users?: readonly string[]
  readonly accounts?: readonly string[]
  readonly partitions?: readonly string[]
  /** Leave the steps out: smaller, but without memory used. */
  readonly allocationsOnly?: boolean
  readonly cluster?: string
}

/** How sacct is reached: `[]` here, `["sudo", "-u", "slurm"]`, `["ssh", "login1"]`. A wrapper that hands its words to a shell needs them quoted. */
export interface SacctWrapper {
  readonly command: readonly string[]
  readonly quoteForShell: boolean
}

export const noWrapper: SacctWrapper = { command: [], quoteForShell: false }

/** A read of part of what there is, which must not move a cursor. */
export const isFiltered = (query: SacctQuery): boolean =>
  [query.jobIds, query.users, query.accounts, query.partitions].some((list) => list !== undefined && list.length > 0)

/** Columns that a record is made of and that Slurm alone writes. */
export const safeColumns = [
  "JobIDRaw",
  "JobID",
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
  "ReqMem",
  "AllocCPUS",
  "NNodes",
  "ReqCPUS",
  "NodeList",
  "ExitCode",
  "DerivedExitCode",
  "TimelimitRaw",
  "ConsumedEnergyRaw",
  "TotalCPU",
  "MaxRSS",
  "Reservation",
] as const

/** Columns asked for, in this order: text that people write stands between others, so that a cut line shows. */
export const sacctColumns = ["JobIDRaw", "WCKey", "JobName", ...safeColumns.slice(1)] as const

const plainWord = /^[^\p{Cc},-][^\p{Cc},]{0,254}$/u

/**
 * The command line as words, for no shell to read: times in UTC seconds, every attempt of a job (`-D`), the columns divided by the delimiter. A
 * filter that could be read as something else is refused.
 */
export const sacctCommand = (
  query: SacctQuery,
  { columns, delimiter }: { readonly columns: readonly string[]; readonly delimiter: string },
  wrapper: SacctWrapper = noWrapper,
): Result.Result<readonly [string, ...string[]], string> => {
  const words = [
    "env",
    "TZ=UTC",
    "LC_ALL=C.UTF-8",
    "SLURM_TIME_FORMAT=%s",
    "sacct",
    "--allusers",
    "--duplicates",
    "--parsable2",
    "--noconvert",
    `--delimiter=${delimiter}`,
  ]
  if (query.allocationsOnly === true) words.push("--allocations")
  if (query.cluster !== undefined) words.push(`--clusters=${query.cluster}`)
  if (query.window !== null)
    words.push(`--starttime=${timeText(query.window.startSeconds)}`, `--endtime=${timeText(query.window.endSeconds)}`)
  for (const [option, values] of [
    ["users", query.users],
    ["accounts", query.accounts],
    ["partition", query.partitions],
    ["jobs", query.jobIds],
  ] as const) {
    if (values === undefined || values.length === 0) continue
    const odd = values.find((value) => !(option === "jobs" ? /^\d{1,20}$/ : plainWord).test(value))
    if (odd !== undefined) return Result.fail(`${option} must be plain names without commas, not ${JSON.stringify(odd)}`)
    words.push(`--${option}=${values.join(",")}`)
  }
  if (query.cluster !== undefined && !plainWord.test(query.cluster))
    return Result.fail(`cluster must be a plain name, not ${JSON.stringify(query.cluster)}`)
  words.push(`--format=${columns.join(",")}`)
  return Result.succeed(wrap(words, wrapper))
}

export const wrap = (words: readonly string[], { command, quoteForShell }: SacctWrapper): readonly [string, ...string[]] =>
  [...command, ...(quoteForShell ? words.map(quoted) : words)] as unknown as readonly [string, ...string[]]

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

const timeText = (instantSeconds: number): string => new Date(instantSeconds * 1000).toISOString().slice(0, 19)
