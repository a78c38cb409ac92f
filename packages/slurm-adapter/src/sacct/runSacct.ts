import { Result, Stream } from "effect"
import { runCommand } from "../command/runCommand.ts"
import type { Decoded } from "../Decoded.ts"
import { SlurmReadError } from "../SlurmReadError.ts"
import { decodeSacctChunks } from "./decodeSacctChunks.ts"
import { sacctLayout } from "./SacctLayout.ts"
import { noWrapper, type SacctQuery, type SacctWrapper, sacctColumns, sacctCommand, wrap } from "./sacctCommand.ts"

export interface RunSacctOptions {
  readonly query: SacctQuery
  readonly wrapper?: SacctWrapper
  /** For each of the two commands; 600 without it. */
  readonly timeoutSeconds?: number
}

/** Asks sacct which columns it has (`sacct -e`), then for the records, batch by batch. Throws `SlurmReadError`. */
export async function* runSacctChunks(options: RunSacctOptions): AsyncGenerator<readonly Decoded[], void, undefined> {
  const wrapper = options.wrapper ?? noWrapper
  const source = [...wrapper.command, "sacct"].join(" ")
  const timeoutSeconds = options.timeoutSeconds ?? 600
  const columns = await knownColumns(wrapper, source, timeoutSeconds)
  const words = sacctCommand(options.query, columns, wrapper)
  if (Result.isFailure(words))
    throw new SlurmReadError({ source, reason: { _tag: "OptionInvalid", option: "query", expected: words.failure } })
  const chunks = runCommand(words.success, { source, timeoutSeconds })
  yield* decodeSacctChunks(chunks, {
    source,
    delimiter: "\u001F",
    ...(options.query.cluster === undefined ? {} : { cluster: options.query.cluster }),
  })
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
