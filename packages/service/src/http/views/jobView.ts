import { type Currency, type JobRecord, jobKey, normalise } from "@hpc-billing/core"
import type { JobView } from "../../api/groups/usage.ts"
import type { FigureUsage } from "../figures/MonthFigures.ts"
import { elapsedText, instantOrNull, instantText } from "./instant.ts"
import { moneyView } from "./money.ts"

const countOf = (record: JobRecord, name: string): number => record.allocated[name] ?? record.requested[name] ?? 0

/** GPUs of any type: `gres/gpu` counts the typed ones too. */
const gpusOf = (record: JobRecord): number => {
  const counts = Object.keys(record.allocated).length > 0 ? record.allocated : record.requested
  const untyped = counts["gres/gpu"]
  if (untyped !== undefined) return untyped
  return Object.entries(counts).reduce((sum, [name, count]) => (name.startsWith("gres/gpu:") ? sum + count : sum), 0)
}

/** Whether it stands as running, but must long be gone by now. */
export const isRunaway = (record: JobRecord, nowSeconds: number): boolean =>
  record.endSeconds === null &&
  normalise([record], { asOfSeconds: nowSeconds }).usages.some(({ flags }) => flags.includes("probably-runaway"))

/** A job as lists show it, with what its usage amounts to where that is known. */
export const jobView = (record: JobRecord, usages: readonly FigureUsage[], currency: Currency, nowSeconds: number): JobView => {
  const lines = usages.flatMap((usage) => usage.lines)
  const charged = lines.reduce((sum, line) => sum + line.billedMinor, 0n)
  const isZero = lines.length > 0 && lines.every((line) => line.zeroReason !== null)
  return {
    usageId: jobKey(record),
    cluster: record.cluster,
    jobId: record.jobId,
    submitSeconds: record.submitSeconds,
    displayJobId: record.displayJobId,
    name: record.name,
    user: record.user,
    account: record.account,
    partition: record.partition,
    qos: record.qos,
    state: record.state,
    submittedAt: instantText(record.submitSeconds),
    startedAt: instantOrNull(record.startSeconds),
    endedAt: instantOrNull(record.endSeconds),
    elapsedSeconds: record.elapsedSeconds,
    elapsedText: elapsedText(record.elapsedSeconds),
    cores: countOf(record, "cpu"),
    gpus: gpusOf(record),
    memoryMebibytes: countOf(record, "mem"),
    nodes: countOf(record, "node"),
    nodeList: record.nodeList,
    exitCode: record.exitCode,
    charge: lines.length === 0 ? null : moneyView(charged, currency),
    zeroReason: isZero ? (lines[0]?.zeroReason ?? null) : null,
    provisional: lines.some((line) => line.standing !== "billed"),
    probablyRunaway: isRunaway(record, nowSeconds),
  }
}
