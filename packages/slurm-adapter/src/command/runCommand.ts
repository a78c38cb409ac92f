import { type ChildProcessByStdio, spawn } from "node:child_process"
import type { Readable } from "node:stream"
import { SlurmReadError, type SlurmReadReason } from "../SlurmReadError.ts"

export interface CommandOptions {
  /** As it shall stand in errors. */
  readonly source: string
  readonly timeoutSeconds: number
}

const stderrCharactersMaximum = 4_096
const killAfterMilliseconds = 2_000

/**
 * Runs a command without a shell and yields its output as it comes. Its error output is read at the same time, so that it cannot block, and fails the
 * run when it names an error, as Slurm's commands may do so and still exit with 0. Throws `SlurmReadError`; ends the command when the reader leaves.
 */
export async function* runCommand(
  words: readonly [string, ...string[]],
  options: CommandOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const [command, ...args] = words
  const fail = (reason: SlurmReadReason): SlurmReadError => new SlurmReadError({ source: options.source, reason })
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] })
  let stderr = ""
  let timedOut = false
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (stderr.length < stderrCharactersMaximum) stderr += text.slice(0, stderrCharactersMaximum - stderr.length)
  })
  const ended = endOf(child)
  const timer = setTimeout(() => {
    timedOut = true
    stop(child)
  }, options.timeoutSeconds * 1_000)
  try {
    for await (const chunk of child.stdout) yield chunk as Uint8Array
    const { exitCode, missing } = await ended
    if (timedOut) throw fail({ _tag: "TimedOut", seconds: options.timeoutSeconds })
    if (missing) throw fail({ _tag: "CommandMissing", command })
    if (exitCode !== 0 || namesAnError(stderr)) throw fail({ _tag: "CommandFailed", exitCode, stderr: stderr.trim() })
  } finally {
    clearTimeout(timer)
    stop(child)
  }
}

type Child = ChildProcessByStdio<null, Readable, Readable>

const endOf = (child: Child): Promise<{ readonly exitCode: number | null; readonly missing: boolean }> =>
  new Promise((resolve) => {
    child.once("error", () => resolve({ exitCode: null, missing: true }))
    child.once("close", (exitCode) => resolve({ exitCode, missing: false }))
  })

const stop = (child: Child): void => {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill("SIGTERM")
  setTimeout(() => child.kill("SIGKILL"), killAfterMilliseconds).unref()
}

const namesAnError = (stderr: string): boolean => /^\S+: (?:error|fatal):/m.test(stderr)
