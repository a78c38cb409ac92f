import { Data } from "effect"

/** A source that cannot be read at all, in contrast to a `Rejection`, which is one record of a source that can. */
export class SlurmReadError extends Data.TaggedError("SlurmReadError")<{
  /** File name, command or URL as the operator gave it. */
  readonly source: string
  readonly reason: SlurmReadReason
}> {
  override get message(): string {
    return `${this.source}: ${sentenceOf(this.reason)}`
  }
}

export type SlurmReadReason =
  | { readonly _tag: "Empty" }
  | { readonly _tag: "HeaderMissing"; readonly firstLine: string }
  | { readonly _tag: "ColumnsMissing"; readonly columns: readonly MissingColumn[] }
  | { readonly _tag: "OptionInvalid"; readonly option: string; readonly expected: string }
  | { readonly _tag: "ZoneMissing"; readonly localTime: string }
  | { readonly _tag: "FreeText"; readonly risk: string }
  | { readonly _tag: "FileUnreadable"; readonly detail: string }
  | { readonly _tag: "CommandMissing"; readonly command: string }
  | { readonly _tag: "CommandFailed"; readonly exitCode: number | null; readonly stderr: string }
  | { readonly _tag: "TimedOut"; readonly seconds: number }
  | { readonly _tag: "NotJson"; readonly beginning: string }
  | { readonly _tag: "VersionUnknown"; readonly found: string }
  | { readonly _tag: "SlurmSaid"; readonly description: string }
  | { readonly _tag: "Refused"; readonly status: number; readonly beginning: string }
  | { readonly _tag: "Unreachable"; readonly detail: string }
  | { readonly _tag: "TooLarge"; readonly megabytes: number }

export interface MissingColumn {
  readonly column: string
  /** A column of the header whose name is close to it; null when there is none. */
  readonly nearest: string | null
}

const sentenceOf = (reason: SlurmReadReason): string => {
  switch (reason._tag) {
    case "Empty":
      return "it is empty, without even a header line; run the export again, without -n, and check that sacct reached slurmdbd"
    case "HeaderMissing":
      return `line 1 names no columns ("${reason.firstLine}"); export with the header (without -n, with -P), or name the columns by the fields option`
    case "ColumnsMissing":
      return `line 1 lacks ${reason.columns.map(missingColumn).join(", ")}; export again with these columns, or name the columns by the fields option`
    case "OptionInvalid":
      return `option ${reason.option} must be ${reason.expected}`
    case "ZoneMissing":
      return `its times, such as ${reason.localTime}, say no zone; name theirs by the time-zone option, such as Asia/Bangkok or UTC, or export with SLURM_TIME_FORMAT=%s`
    case "FreeText":
      return reason.risk
    case "FileUnreadable":
      return `cannot be read (${reason.detail}); check the path and its permissions`
    case "CommandMissing":
      return `there is no command ${reason.command} here; install Slurm's client commands, or name a wrapper such as ssh that reaches them`
    case "CommandFailed":
      return `the command failed (exit ${reason.exitCode ?? "by a signal"}): ${reason.stderr || "it said nothing"}; nothing of this answer counts`
    case "TimedOut":
      return `no end of the answer within ${reason.seconds} s; ask for a shorter time, or raise the timeout`
    case "NotJson":
      return `the answer is not JSON ("${reason.beginning}"); check that this is slurmrestd, or the output of sacct --json`
    case "VersionUnknown":
      return `it speaks ${reason.found}; v0.0.36 to v0.0.44 can be read`
    case "SlurmSaid":
      return `Slurm answers: ${reason.description}; check the token and that slurmdbd runs`
    case "Refused":
      return `HTTP ${reason.status} ("${reason.beginning}"); ${refusedAdvice(reason.status)}`
    case "Unreachable":
      return `cannot be reached (${reason.detail}); check that slurmrestd runs there`
    case "TooLarge":
      return `the answer is larger than ${reason.megabytes} MB; ask for a shorter time`
  }
}

const missingColumn = ({ column, nearest }: MissingColumn): string =>
  nearest === null ? `the column ${column}` : `the column ${column} (did "${nearest}" take its place?)`

const refusedAdvice = (status: number): string => {
  if (status === 401 || status === 403) return "check user name and token, which may have expired"
  if (status === 404) return "check the address and the API version"
  return "look into slurmrestd's log"
}
