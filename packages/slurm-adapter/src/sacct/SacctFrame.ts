import { Result } from "effect"
import { SlurmReadError, type SlurmReadReason } from "../SlurmReadError.ts"
import { freeTextRisk, isSecret } from "../text/freeTextRisk.ts"
import { looksLikeHeader, type SacctLayout, sacctLayout } from "./SacctLayout.ts"
import { sacctDelimiter } from "./sacctDelimiter.ts"

export interface SacctOptions {
  /** File name or command, as it shall stand in rejections and errors. */
  readonly source: string
  /** One character or several; without it what stands between the names of the first line. */
  readonly delimiter?: string
  /** Names of the columns where the text has no header line. */
  readonly fields?: readonly string[]
  /** IANA zone of time stamps that are not epoch seconds; such a time is refused without it. */
  readonly timeZone?: string
  /** The cluster of records that name none. */
  readonly cluster?: string
  /** What a node can draw: a record of more energy is rejected. 10 000 without it. */
  readonly maximumWattsPerNode?: number
  /** What to do where users' text could forge records: "refuse" it, or hear why and read on. */
  readonly onFreeText?: "refuse" | ((risk: string) => void)
}

/** How lines divide into fields. */
export interface SacctFrame {
  readonly layout: SacctLayout
  readonly delimiter: Buffer
  /** Whether no name can hold the delimiter. */
  readonly isSure: boolean
  /** One more than the layout's where each line ends with a delimiter, as `sacct -p` prints it. */
  readonly columnCount: number
  /** null where the first line is a row. */
  readonly header: Buffer | null
}

/** Reads the frame from the first line. Throws `SlurmReadError` when it frames no sacct output. */
export const sacctFrame = (first: Buffer, { source, delimiter: named, fields, onFreeText }: SacctOptions): SacctFrame => {
  const fail = (reason: SlurmReadReason): never => {
    throw new SlurmReadError({ source, reason })
  }
  const delimiter =
    sacctDelimiter(named, first) ??
    fail({ _tag: "OptionInvalid", option: "delimiter", expected: "one character, or several that do not begin as they end" })
  const names = first.toString("utf8").split(delimiter.toString("utf8"))
  const endsWithDelimiter = names.at(-1) === ""
  if (endsWithDelimiter) names.pop()
  const isHeader = looksLikeHeader(names)
  if (!isHeader && fields === undefined) fail({ _tag: "HeaderMissing", firstLine: first.toString("utf8", 0, 60) })
  const columns = isHeader ? names : (fields ?? names)
  const layout = Result.getOrElse(sacctLayout(columns), fail)
  const risk = freeTextRisk(columns, delimiter)
  if (risk !== null && onFreeText === "refuse") fail({ _tag: "FreeText", risk })
  if (risk !== null && typeof onFreeText === "function") onFreeText(risk)
  return {
    layout,
    delimiter,
    isSure: isSecret(delimiter),
    columnCount: layout.columnCount + (isHeader && endsWithDelimiter ? 1 : 0),
    header: isHeader ? Buffer.from(first) : null,
  }
}
