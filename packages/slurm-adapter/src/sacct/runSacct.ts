import { Result, Stream } from "effect"
import { runCommand } from "../command/runCommand.ts"
import type { Decoded } from "../Decoded.ts"
import { holdConflictsOf } from "../ingest/holdConflicts.ts"
import { SlurmReadError } from "../SlurmReadError.ts"
import { isSecret } from "../text/freeTextRisk.ts"
import { decodeSacctChunks } from "./decodeSacctChunks.ts"
import { sacctLayout } from "./SacctLayout.ts"
import { noWrapper, type SacctQuery, type SacctWrapper, sacctColumns, sacctCommand, wrap } from "./sacctCommand.ts"

export interface RunSacctOptions {
  readonly query: SacctQuery
  /** Random, of eight characters or more, another for each run: whoever knows it can write rows into a job's name. */
  readonly delimiter: string
  readonly maximumWattsPerNode?: number
  readonly wrapper?: SacctWrapper
  /** For each of the two commands; 600 without it. */
  readonly timeoutSeconds?: number
}

/**
 * Asks sacct which columns it has (`sacct -e`), then for the records, as batches. They come out only when sacct has ended well: its answer is kept
 * in memory till then. Throws `SlurmReadError`.
 */
export async function* runSacctChunks(options: RunSacctOptions): AsyncGenerator<readonly Decoded[], void, undefined> {
  const { query, delimiter, maximumWattsPerNode, wrapper = noWrapper, timeoutSeconds = 600 } = options
  const source = [...wrapper.command, "sacct"].join(" ")
  const refuse = (option: string, expected: string): never => {
    throw new SlurmReadError({ source, reason: { _tag: "OptionInvalid", option, expected } })
  }
  if (!isSecret(Buffer.from(delimiter))) refuse("delimiter", "random text of eight characters or more")
  const columns = await knownColumns(wrapper, source, timeoutSeconds)
  const words = Result.getOrElse(sacctCommand(query, { columns, delimiter }, wrapper), (expected) => refuse("query", expected))
  const answer: Uint8Array[] = []
  for await (const chunk of runCommand(words, { source, timeoutSeconds })) answer.push(chunk)
  const decode = () =>
    decodeSacctChunks(answer, {
      source,
      delimiter,
      // the command sets TZ
      timeZone: "UTC",
      ...(query.cluster === undefined ? {} : { cluster: query.cluster }),
      ...(maximumWattsPerNode === undefined ? {} : { maximumWattsPerNode }),
    })
  yield* holdConflictsOf(decode, source)
}

/** The same as a stream. */
export const runSacct = (options: RunSacctOptions): Stream.Stream<readonly Decoded[], SlurmReadError> =>
  Stream.suspend(() =>
    Stream.fromAsyncIterable(runSacctChunks(options), (error) => {
      if (error instanceof SlurmReadError) return error
      throw error
    }),
  )

/** An unknown column is fatal to sacct, and releases differ in theirs. */
const knownColumns = async (wrapper: SacctWrapper, source: string, timeoutSeconds: number): Promise<readonly string[]> => {
  let text = ""
  for await (const chunk of runCommand(wrap(["sacct", "--helpformat"], wrapper), { source, timeoutSeconds }))
    text += Buffer.from(chunk).toString("utf8")
  const known = new Set(text.split(/\s+/).map((name) => name.toLowerCase()))
  const columns = sacctColumns.filter((column) => known.has(column.toLowerCase()))
  const layout = sacctLayout(columns)
  if (Result.isFailure(layout)) throw new SlurmReadError({ source, reason: layout.failure })
  return columns
}
