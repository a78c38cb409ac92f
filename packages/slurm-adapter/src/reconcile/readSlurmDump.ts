import { jobKey, type Window } from "@hpc-billing/core"
import type { ReportedSeconds } from "./parseSreport.ts"
import { parseTresIds } from "./parseTresIds.ts"
import { readSqlDump, type SqlRow } from "./readSqlDump.ts"
import type { Association, Reservation } from "./reservationIdle.ts"

/** What a dump of slurmdbd's database tells beyond sacct and sreport. */
export interface SlurmDump {
  readonly associations: readonly Association[]
  readonly reservations: readonly Reservation[]
  /** By `jobKey`; a job that is suspended still has an end far in the future. */
  readonly suspendedWindows: ReadonlyMap<string, readonly Window[]>
  /** Slurm's own daily rollup rows, in the zone of slurmdbd. */
  readonly days: readonly (ReportedSeconds & { readonly daySeconds: number })[]
}

/** Far behind any job. */
const openEndSeconds = 253_402_300_799

export const readSlurmDump = (text: string, cluster: string): SlurmDump => {
  const names = ["assoc_table", "resv_table", "suspend_table", "job_table", "assoc_usage_day_table"].map((name) => `${cluster}_${name}`)
  const tables = readSqlDump(text, (table) => table === "tres_table" || names.includes(table))
  const rowsOf = (table: string): readonly SqlRow[] => tables.get(table) ?? []
  const tresNames = new Map(
    rowsOf("tres_table").map((row) => {
      const [type, name] = [textOf(row, "type"), textOf(row, "name")]
      return [numberOf(row, "id"), name === "" ? type : `${type}/${name}`]
    }),
  )
  const associations = rowsOf(`${cluster}_assoc_table`).map((row) => ({
    id: numberOf(row, "id_assoc"),
    account: textOf(row, "acct"),
    user: textOf(row, "user"),
  }))
  const reservations = rowsOf(`${cluster}_resv_table`).map((row) => ({
    name: textOf(row, "resv_name"),
    startSeconds: numberOf(row, "time_start"),
    endSeconds: numberOf(row, "time_end"),
    associationIds: textOf(row, "assoclist").split(",").filter(Boolean).map(Number),
    tres: parseTresIds(textOf(row, "tres"), tresNames),
  }))
  const keys = new Map(
    rowsOf(`${cluster}_job_table`).map((row) => [
      numberOf(row, "job_db_inx"),
      jobKey({ cluster, jobId: textOf(row, "id_job"), submitSeconds: numberOf(row, "time_submit") }),
    ]),
  )
  const suspendedWindows = new Map<string, Window[]>()
  for (const row of rowsOf(`${cluster}_suspend_table`)) {
    const key = keys.get(numberOf(row, "job_db_inx"))
    if (key === undefined) continue
    const window = { startSeconds: numberOf(row, "time_start"), endSeconds: numberOf(row, "time_end") || openEndSeconds }
    suspendedWindows.set(key, [...(suspendedWindows.get(key) ?? []), window])
  }
  const byId = new Map(associations.map((association) => [association.id, association]))
  const days = rowsOf(`${cluster}_assoc_usage_day_table`).flatMap((row) => {
    const association = byId.get(numberOf(row, "id"))
    if (association === undefined) return []
    const tres = tresNames.get(numberOf(row, "id_tres")) ?? textOf(row, "id_tres")
    const { account, user } = association
    return [{ cluster, account, user, tres, seconds: BigInt(textOf(row, "alloc_secs")), daySeconds: numberOf(row, "time_start") }]
  })
  return { associations, reservations, suspendedWindows, days }
}

const textOf = (row: SqlRow, column: string): string => row.get(column) ?? ""

/** Every number read here is an id or a time, far below 2^53. */
const numberOf = (row: SqlRow, column: string): number => Number(textOf(row, column))
