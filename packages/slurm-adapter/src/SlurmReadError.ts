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
  | { readonly _tag: "FileUnreadable"; readonly detail: string }

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
    case "FileUnreadable":
      return `cannot be read (${reason.detail}); check the path and its permissions`
  }
}

const missingColumn = ({ column, nearest }: MissingColumn): string =>
  nearest === null ? `the column ${column}` : `the column ${column} (did "${nearest}" take its place?)`
