import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import { inspect, isDeepStrictEqual } from "node:util"
import { type JobRecord, jobKey, normalise, type Window } from "@hpc-billing/core"
import {
  type Decoded,
  parseSreport,
  partitionBilling,
  readRestJobs,
  readSlurmDump,
  reconcile,
  runSacctChunks,
  slurmBilling,
  withSuspendedWindows,
} from "@hpc-billing/slurm-adapter"
import { Result } from "effect"
import { type SlurmHost, unavailable, up } from "./SlurmHost.ts"

/** Brings up a real Slurm, runs jobs beside rows with known answers, reads them by sacct and slurmrestd, and reconciles with sreport to zero. */
const main = async (): Promise<void> => {
  const why = unavailable()
  if (why !== null) {
    console.log(`skipped: ${why}`)
    return
  }
  const began = performance.now()
  const seconds = (): string => `${((performance.now() - began) / 1_000).toFixed(1)} s`
  const slurm = await up(36_900)
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void slurm.down().then(() => process.exit(1)))
  try {
    console.log(`up after ${seconds()}: ${slurm.run(["sacct", "--version"]).trim()}`)
    Object.assign(process.env, slurm.environment)
    await runJobs(slurm)
    insertKnownRows(slurm)
    console.log(`jobs done after ${seconds()}`)
    const sacct = await collect(runSacctChunks({ query: { window: everything }, delimiter: `\u001F${randomUUID()}`, timeoutSeconds: 60 }))
    const overHttp = await collect(
      readRestJobs({ address: { url: slurm.restUrl }, user: "slurmrest", tokenFile: slurm.tokenFile }, recent()),
    )
    const overSocket = await collect(
      readRestJobs({ address: { socketPath: slurm.restSocket }, user: "slurmrest", tokenFile: slurm.tokenFile }, recent()),
    )
    compare(sacct, overHttp)
    compare(sacct, overSocket)
    checkBilling(sacct, slurm)
    const compared = reconcileAll(slurm, sacct)
    console.log(`read and reconciled after ${seconds()}`)
    console.log(
      `${sacct.length} records by sacct, ${overHttp.length} of them by slurmrestd over HTTP and unix socket, equal; ${compared} sums of associations and TRES reconciled with sreport, 0 unexplained`,
    )
  } finally {
    await slurm.down()
  }
}

const day = 86_400
const september = Date.parse("2026-09-01T00:00:00Z") / 1_000
const everything: Window = { startSeconds: september, endSeconds: Math.floor(Date.now() / 1_000) + day }
const recent = (): Window => {
  const now = Math.floor(Date.now() / 1_000)
  return { startSeconds: now - 3_600, endSeconds: now + 60 }
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

const runJobs = async (slurm: SlurmHost): Promise<void> => {
  const submit = (...words: readonly string[]): string =>
    slurm.run(["sbatch", "--parsable", "-o", "/dev/null", "-D", "/tmp", "--mem=100", ...words], "alice").trim()
  submit("-A", "physics", "-c2", "-J", "จำลอง | a", "--wrap", "srun sleep 2")
  submit("-A", "บัญชีวิจัย", "-N2", "-n2", "-J", "two\nlines", "--wrap", "sleep 1")
  submit("-A", "physics", "--array=0-2", "--wrap", "exit 3")
  const cancelled = submit("-A", "physics", "-H", "--wrap", "true")
  const requeued = submit("-A", "physics", "--wrap", "sleep 4")
  slurm.run(["scancel", cancelled])
  await pause(3_000)
  slurm.run(["scontrol", "requeue", requeued])
  for (let tries = 0; tries < 120; tries++) {
    if (slurm.run(["squeue", "-h", "-a"]).trim() === "") break
    await pause(500)
  }
  // the last ends reach the database a little later
  await pause(2_000)
}

/** Rows with known answers, over the borders of hours, days and a month. */
const insertKnownRows = (slurm: SlurmHost): void => {
  const association = slurm.sql("select id_assoc from ci_assoc_table where user='alice' and acct='physics' and deleted=0").trim()
  const uid = slurm.run(["id", "-u", "alice"]).trim()
  const midnight = september + 30 * day
  const rows: readonly (readonly [
    id: number,
    submit: number,
    start: number,
    end: number,
    state: number,
    suspended: number,
    cpus: number,
  ])[] = [
    [500_001, september, september + 600, september + 2_400, 3, 0, 1],
    [500_002, midnight - 7_200, midnight - 1_800, midnight + 1_800, 3, 0, 8],
    [500_003, midnight - 7_200, midnight - 3_600, midnight, 3, 0, 1],
    [500_004, september + 5 * day, september + 6 * day, september + 12 * day, 3, 0, 2],
    [500_005, september, september + 100, september + 700, 1_024, 0, 2],
    [500_005, september + 700, september + 821, september + 1_421, 3, 0, 2],
    [500_006, september, september, september + 1_000, 8_192, 0, 4],
    [500_006, september + 1_000, september, september + 3_000, 3, 0, 2],
    [500_007, september, september + 3_000, september + 4_800, 3, 1_200, 4],
    [500_008, september, september + 100, september + 100, 3, 0, 2],
    [500_009, september, 0, september + 500, 4, 0, 1],
  ]
  for (const [index, [id, submit, start, end, state, suspended, cpus]] of rows.entries()) {
    const tres = start > 0 ? `1=${cpus},2=1024,4=1,5=${cpus}` : ""
    slurm.sql(
      `INSERT INTO ci_job_table (job_db_inx,mod_time,deleted,account,cpus_req,exit_code,flags,job_name,id_assoc,id_array_job,id_array_task,id_job,id_qos,id_resv,id_wckey,id_user,id_group,het_job_id,het_job_offset,state_reason_prev,mem_req,nodelist,nodes_alloc,node_inx,\`partition\`,priority,state,timelimit,time_submit,time_eligible,time_start,time_end,time_suspended,wckey,work_dir,submit_line,tres_alloc,tres_req) VALUES (${1_000_001 + index},${end},0,'physics',${cpus},0,8,'known',${association},0,4294967294,${id},1,0,0,${uid},${uid},0,4294967294,0,1024,'n1',1,'','cpu',1,${state},1440,${submit},${submit},${start},${end},${suspended},'','/tmp','sbatch','${tres}','1=${cpus},2=1024,4=1')`,
    )
    if (suspended > 0) {
      slurm.sql(
        `INSERT INTO ci_suspend_table (job_db_inx,id_assoc,time_start,time_end) VALUES (${1_000_001 + index},${association},${september + 3_300},${september + 4_500})`,
      )
    }
  }
  slurm.sql(`update ci_event_table set time_start=least(time_start,${september - day}) where node_name=''`)
  slurm.run(["sacctmgr", "-i", "rollup", "2026-09-01", new Date(everything.endSeconds * 1_000).toISOString().slice(0, 10)])
}

const collect = async (batches: AsyncIterable<readonly Decoded[]>): Promise<readonly JobRecord[]> => {
  const records = new Map<string, JobRecord>()
  for await (const batch of batches) {
    for (const item of batch) {
      if (item._tag === "Rejection")
        throw new Error(`${item.rejection.source} ${item.rejection.lineNumber}: ${item.rejection.field}: ${item.rejection.reason}`)
      records.set(jobKey(item.record), item.record)
    }
  }
  return [...records.values()]
}

/** v0.0.38 has no exit codes and no names of reservations. */
const compare = (sacct: readonly JobRecord[], rest: readonly JobRecord[]): void => {
  const known = new Map(sacct.map((record) => [jobKey(record), record]))
  if (rest.length < 7) throw new Error(`slurmrestd tells of ${rest.length} records only`)
  const common = (record: JobRecord | undefined) => ({ ...record, exitCode: "", derivedExitCode: "", reservation: "" })
  for (const record of rest) {
    const other = known.get(jobKey(record))
    if (!isDeepStrictEqual(common(record), common(other))) throw new Error(`they differ:\n${inspect(record)}\n${inspect(other)}`)
  }
}

const checkBilling = (records: readonly JobRecord[], slurm: SlurmHost): void => {
  const { mode, weights } = Result.getOrThrow(partitionBilling(readFileSync(slurm.environment.SLURM_CONF as string, "utf8")))
  for (const { allocated, partition, jobId } of records) {
    if (Object.keys(allocated).length === 0 || Number(jobId) >= 500_000) continue
    const billing = slurmBilling(allocated, weights.get(partition) ?? null, mode)
    if (billing !== (allocated.billing ?? 0)) throw new Error(`job ${jobId}: billing ${allocated.billing}, computed ${billing}`)
  }
}

const reconcileAll = (slurm: SlurmHost, records: readonly JobRecord[]): number => {
  const dump = readSlurmDump(slurm.dump(), "ci")
  const asOfSeconds = Math.floor(Date.now() / 1_000)
  const { usages } = normalise(withSuspendedWindows(records, dump.suspendedWindows), { asOfSeconds })
  const today = Math.floor(asOfSeconds / day) * day
  let compared = 0
  for (const [from, to] of [
    [september, september + 30 * day],
    [september, september + day],
    [september + 30 * day, september + 61 * day],
    [today, today + day],
  ] as const) {
    const dateOf = (instant: number): string => new Date(instant * 1_000).toISOString().slice(0, 10)
    const text = slurm.run([
      "sreport",
      "-P",
      "-t",
      "Seconds",
      "-T",
      "ALL",
      "cluster",
      "AccountUtilizationByUser",
      `start=${dateOf(from)}`,
      `end=${dateOf(to)}`,
    ])
    const report = Result.getOrThrow(parseSreport(text))
    const { lines, unexplainedCount } = reconcile({
      ...dump,
      usages,
      reported: report.rows,
      window: report.window,
      reportedUntilSeconds: null,
    })
    console.log(
      `${dateOf(from)} to ${dateOf(to)}: ${lines.length} sums, ${lines.flatMap(({ explanations }) => explanations).length} explanations, ${unexplainedCount} unexplained`,
    )
    if (unexplainedCount > 0) {
      const unexplained = lines.filter(({ unexplainedSeconds }) => unexplainedSeconds !== 0n)
      throw new Error(JSON.stringify(unexplained, (_, value) => (typeof value === "bigint" ? `${value}` : value), 1))
    }
    compared += lines.length
  }
  return compared
}

await main()
