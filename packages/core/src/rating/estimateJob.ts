import { addDecimals, type Decimal, decimalZero, multiplyDecimals, normaliseDecimal } from "../money/Decimal.ts"
import type { JobRecord } from "../usage/JobRecord.ts"
import { normalise } from "../usage/normalise.ts"
import type { ExplainContext } from "./explainLine.ts"
import type { RatedLine } from "./RatedLine.ts"
import { rateUsage } from "./rateUsage.ts"
import type { PlannedJob } from "./readSbatch.ts"

export interface Estimate {
  /** Of one task of the array, if it ran to its time limit; nothing that a period counts (allowance, bands) is in it. */
  readonly lines: readonly RatedLine[]
  readonly perTask: Decimal
  readonly total: Decimal
  readonly currency: string
}

/** What a planned job would cost at most, started at an instant by a user: priced by the very rules that will bill it. */
export const estimateJob = (
  planned: PlannedJob,
  who: { readonly cluster: string; readonly user: string; readonly startSeconds: number },
  context: ExplainContext,
): Estimate => {
  const gpuCounts = Object.entries(planned.gpus)
  const gpuTotal = gpuCounts.reduce((sum, [, count]) => sum + count, 0)
  const record: JobRecord = {
    cluster: who.cluster,
    jobId: "0",
    submitSeconds: who.startSeconds,
    displayJobId: "planned",
    name: planned.name,
    user: who.user,
    account: planned.account,
    partition: planned.partition,
    qos: planned.qos,
    reservation: "",
    wckey: "",
    state: "COMPLETED",
    eligibleSeconds: who.startSeconds,
    startSeconds: who.startSeconds,
    endSeconds: who.startSeconds + planned.seconds,
    elapsedSeconds: planned.seconds,
    suspendedSeconds: 0,
    suspendedWindows: null,
    requested: {},
    allocated: {
      cpu: planned.cpus,
      mem: planned.memMebibytes,
      node: planned.nodes,
      ...(gpuTotal > 0 ? { "gres/gpu": gpuTotal } : {}),
      ...Object.fromEntries(gpuCounts.filter(([type]) => type !== "").map(([type, count]) => [`gres/gpu:${type}`, count])),
    },
    nodeList: "",
    exitCode: "0:0",
    derivedExitCode: "0:0",
    timeLimitSeconds: planned.seconds,
    energyJoules: null,
    consumedCpuMilliseconds: null,
    consumedMemoryBytesMaximum: null,
  }
  const { usages } = normalise([record], { asOfSeconds: who.startSeconds + planned.seconds })
  const windows = [{ startSeconds: Number.NEGATIVE_INFINITY, endSeconds: Number.POSITIVE_INFINITY }]
  const lines = usages.flatMap((usage) => rateUsage(usage, { ...context, windows }))
  const perTask = normaliseDecimal(lines.reduce((sum, line) => addDecimals(sum, line.amount), decimalZero))
  return {
    lines,
    perTask,
    total: normaliseDecimal(multiplyDecimals(perTask, { units: BigInt(planned.arrayTasks), scale: 0 })),
    currency: context.rates.currency.code,
  }
}
