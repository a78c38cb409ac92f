const delimiterBytesMinimum = 8

/** Columns whose text people write, by lower-case name: the only ones in which a delimiter or a line feed may lie. */
export const freeTextColumns: ReadonlySet<string> = new Set([
  "admincomment",
  "comment",
  "constraints",
  "container",
  "extra",
  "jobname",
  "stderr",
  "stdin",
  "stdout",
  "submitline",
  "systemcomment",
  "wckey",
  "workdir",
])

/** Whether nobody who submits a job can know a delimiter: a random one of several characters. */
export const isSecret = (delimiter: Uint8Array): boolean => delimiter.length >= delimiterBytesMinimum

/**
 * Why the text of these columns, without quotes between such delimiters, cannot be trusted; null when it can. A user who knows the delimiter
 * can write a whole row into a job's name.
 */
export const freeTextRisk = (columns: readonly string[], delimiter: Uint8Array): string | null => {
  const written = columns.filter((name) => freeTextColumns.has(name.trim().toLowerCase()))
  if (written.length === 0 || isSecret(delimiter)) return null
  const [columnsAre, them] = written.length === 1 ? ["column", "it"] : ["columns", "them"]
  return `${columnsAre} ${written.join(", ")}: users write this text, and a line feed and delimiters in it can forge the record of another job; export without ${them}, by the line that "hpc-billing ingest --print-sacct" prints, or with a random --delimiter of ${delimiterBytesMinimum} characters or more`
}
