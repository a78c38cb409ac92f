import { Result } from "effect"
import type { MissingColumn, SlurmReadReason } from "../SlurmReadError.ts"
import { freeTextColumns } from "../text/freeTextRisk.ts"

/** Where the columns that matter stand in a line of sacct's parsable output. */
export interface SacctLayout {
  readonly columnCount: number
  /** Position by lower-case name. */
  readonly positions: ReadonlyMap<string, number>
  /** Positions that no record is made of. */
  readonly unread: ReadonlySet<number>
  /** Positions whose text people write. */
  readonly freeText: readonly number[]
}

/** The columns that a `JobRecord` is made of, by lower-case name. */
export const readColumns = [
  "account",
  "alloccpus",
  "allocnodes",
  "alloctres",
  "cluster",
  "consumedenergy",
  "consumedenergyraw",
  "derivedexitcode",
  "elapsed",
  "elapsedraw",
  "eligible",
  "end",
  "exitcode",
  "jobid",
  "jobidraw",
  "jobname",
  "maxrss",
  "ncpus",
  "nnodes",
  "nodelist",
  "partition",
  "qos",
  "reqcpus",
  "reqmem",
  "reqnodes",
  "reqtres",
  "reservation",
  "start",
  "state",
  "submit",
  "suspended",
  "timelimit",
  "timelimitraw",
  "totalcpu",
  "uid",
  "user",
  "wckey",
] as const
export type ReadColumn = (typeof readColumns)[number]

const readNames: ReadonlySet<string> = new Set(readColumns)

/** Each row: a need, and the columns any one of which meets it. */
const needs: readonly (readonly string[])[] = [
  ["JobIDRaw"],
  ["Submit"],
  ["Start"],
  ["End"],
  ["State"],
  ["User"],
  ["Account"],
  ["AllocTRES", "AllocCPUS", "NCPUS"],
  ["ElapsedRaw", "Elapsed", "Suspended"],
]

/** The layout of a header's names, or which of the needed columns it lacks. */
export const sacctLayout = (names: readonly string[]): Result.Result<SacctLayout, SlurmReadReason> => {
  const positions = new Map<string, number>()
  const freeText: number[] = []
  const unread = new Set<number>()
  for (const [index, name] of names.entries()) {
    const key = name.trim().toLowerCase()
    if (!positions.has(key)) positions.set(key, index)
    if (freeTextColumns.has(key)) freeText.push(index)
    if (!readNames.has(key)) unread.add(index)
  }
  const columns: MissingColumn[] = []
  for (const alternatives of needs) {
    if (alternatives.some((column) => positions.has(column.toLowerCase()))) continue
    columns.push({ column: alternatives.join(" or "), nearest: nearestName(alternatives[0] as string, names) })
  }
  if (columns.length > 0) return Result.fail({ _tag: "ColumnsMissing", columns })
  return Result.succeed({ columnCount: names.length, positions, freeText, unread })
}

/** Whether a first line names columns at all. */
export const looksLikeHeader = (names: readonly string[]): boolean =>
  names.filter((name) => sacctColumnNames.has(name.trim().toLowerCase())).length * 2 > names.length

/** Every column that a release of sacct has had, in lower case. */
export const sacctColumnNames: ReadonlySet<string> = new Set(
  `account admincomment alloccpus allocnodes alloctres associd avecpu avecpufreq avediskread avediskwrite avepages averss avevmsize blockid
  cluster comment constraints consumedenergy consumedenergyraw container cputime cputimeraw dbindex derivedexitcode elapsed elapsedraw eligible
  end exclusive exitcode extra failednode flags gid group jobid jobidraw jobname layout licenses maxdiskread maxdiskreadnode maxdiskreadtask
  maxdiskwrite maxdiskwritenode maxdiskwritetask maxpages maxpagesnode maxpagestask maxrss maxrssnode maxrsstask maxvmsize maxvmsizenode
  maxvmsizetask mcslabel mincpu mincpunode mincputask ncpus nnodes nodelist ntasks originalsluid oversubscribe partition planned plannedcpu
  plannedcpuraw priority qos qosraw qosreq reason reqcpufreq reqcpufreqgov reqcpufreqmax reqcpufreqmin reqcpus reqmem reqnodes reqreservation
  reqtres reservation reservationid reserved restarts resvcpu resvcpuraw segmentsize sluid start state stderr stdin stdout submit submitline
  suspended systemcomment systemcpu timelimit timelimitraw totalcpu tresusageinave tresusageinmax tresusageinmaxnode tresusageinmaxtask
  tresusageinmin tresusageinminnode tresusageinmintask tresusageintot tresusageoutave tresusageoutmax tresusageoutmaxnode tresusageoutmaxtask
  tresusageoutmin tresusageoutminnode tresusageoutmintask tresusageouttot uid user usercpu wckey wckeyid workdir`.split(/\s+/),
)

const nearestName = (wanted: string, names: readonly string[]): string | null => {
  let nearest: string | null = null
  let least = 3
  for (const name of names) {
    if (sacctColumnNames.has(name.trim().toLowerCase())) continue
    const distance = editDistance(wanted.toLowerCase(), name.trim().toLowerCase())
    if (distance < least) {
      least = distance
      nearest = name
    }
  }
  return nearest
}

const editDistance = (left: string, right: string): number => {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const replaced = (previous[column - 1] as number) + (left[row - 1] === right[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, (previous[column] as number) + 1, (current[column - 1] as number) + 1))
    }
    previous = current
  }
  return previous[right.length] as number
}
