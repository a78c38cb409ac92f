import { rejectionRawCharactersMaximum } from "@hpc-billing/core"
import { Result } from "effect"
import type { Decoded } from "../Decoded.ts"
import { holdConflicts } from "../ingest/holdConflicts.ts"
import { SlurmReadError, type SlurmReadReason } from "../SlurmReadError.ts"
import { defaultMaximumWattsPerNode } from "../text/energyProblem.ts"
import { recordOfRestJob } from "./recordOfRestJob.ts"
import { type RestVersion, restJobReaders, restVersions } from "./restJob.ts"

export interface RestAnswerOptions {
  /** URL or file, as it shall stand in rejections and errors. */
  readonly source: string
  /** The cluster of records that name none. */
  readonly cluster?: string
  /** What a node can draw: a record of more energy is rejected. 10 000 without it. */
  readonly maximumWattsPerNode?: number
}

/** An answer of `/slurmdb/vX/jobs`, or the output of `sacct --json`, in any version from v0.0.36 to v0.0.44. */
export const decodeRestAnswer = (text: string, options: RestAnswerOptions): Result.Result<readonly Decoded[], SlurmReadError> => {
  const { source } = options
  const fail = (reason: SlurmReadReason): Result.Result<never, SlurmReadError> => Result.fail(new SlurmReadError({ source, reason }))
  const answer = parseJson(text)
  if (!isObject(answer)) return fail({ _tag: "NotJson", beginning: text.slice(0, 60) })
  // errors first: an answer may carry them beside an empty list, under HTTP 200
  const errors = Array.isArray(answer.errors) ? answer.errors : []
  // a window without jobs is an error to releases up to 23.02
  if (errors.length > 0 && errors.every(isNothingFound)) return Result.succeed([])
  if (errors.length > 0) return fail({ _tag: "SlurmSaid", description: errors.map(describe).join("; ") })
  const version = versionOf(answer)
  if (typeof version === "string") return fail({ _tag: "VersionUnknown", found: version })
  const jobs = answer.jobs
  if (!Array.isArray(jobs)) return fail({ _tag: "SlurmSaid", description: "an answer without jobs and without errors" })
  return Result.succeed(
    holdConflicts(
      jobs.map((job: unknown, index) => decodeJob(job, index, version, options)),
      source,
      "index",
    ),
  )
}

const decodeJob = (job: unknown, index: number, version: RestVersion, options: RestAnswerOptions): Decoded => {
  const { source, cluster = "", maximumWattsPerNode = defaultMaximumWattsPerNode } = options
  const reject = (field: string | null, reason: string): Decoded => {
    const raw = JSON.stringify(job)?.slice(0, rejectionRawCharactersMaximum) ?? ""
    return { _tag: "Rejection", rejection: { source, lineNumber: index, field, reason, raw } }
  }
  try {
    const made = recordOfRestJob(restJobReaders[version](job), version, { cluster, maximumWattsPerNode })
    return "reason" in made ? reject(made.field, made.reason) : { _tag: "Record", record: made, lineNumber: index }
  } catch (error) {
    if (!isSchemaError(error)) throw error
    return reject(/at \["(.+?)"\]$/m.exec(error.message)?.[1]?.replaceAll('"]["', ".") ?? null, error.message.split("\n")[0] ?? "")
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value)

const isSchemaError = (error: unknown): error is Error => error instanceof Error && "_tag" in error && error._tag === "SchemaError"

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const isNothingFound = (error: unknown): boolean => isObject(error) && error.error_number === 9003 && error.description === "Nothing found"

const describe = (error: unknown): string => {
  if (!isObject(error)) return String(error)
  return String(error.description ?? error.error ?? "an error without a description")
}

const versionOf = (answer: Record<string, unknown>): RestVersion | string => {
  const meta = isObject(answer.meta) ? answer.meta : {}
  const plugin = isObject(meta.plugin) ? meta.plugin : {}
  const named = `${plugin.data_parser ?? ""} ${plugin.type ?? ""}`
  const found = /v0\.0\.(\d+)/.exec(named)?.[1]
  if (found === undefined) return "no version that it names"
  return restVersions.find((version) => version === Number(found)) ?? `v0.0.${found}`
}
