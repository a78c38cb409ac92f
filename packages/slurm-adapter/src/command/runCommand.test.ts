import { Buffer } from "node:buffer"
import { describe, expect, it } from "vitest"
import { SlurmReadError } from "../SlurmReadError.ts"
import { runCommand } from "./runCommand.ts"

const run = async (script: string, timeoutSeconds = 20): Promise<string> => {
  let text = ""
  for await (const chunk of runCommand(["sh", "-c", script], { source: "test", timeoutSeconds }))
    text += Buffer.from(chunk).toString("utf8")
  return text
}
const reasonOf = async (promise: Promise<unknown>): Promise<unknown> => {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return error instanceof SlurmReadError ? error.reason : error
}

describe("a command", () => {
  it("gives its output", async () => {
    expect(await run("echo a; echo b")).toBe("a\nb\n")
  })

  it("does not block on a megabyte of error output", async () => {
    expect(await run("head -c 1000000 /dev/zero >&2; echo done")).toBe("done\n")
  })

  it.each<[string, string, number, unknown]>([
    ["exits with a code", "echo lost; echo why >&2; exit 3", 20, { _tag: "CommandFailed", exitCode: 3, stderr: "why" }],
    ["is killed", "kill -9 $$", 20, { _tag: "CommandFailed", exitCode: null, stderr: "" }],
    [
      "names an error and exits with 0",
      "echo 'sacct: error: slurmdbd: down' >&2",
      20,
      { _tag: "CommandFailed", exitCode: 0, stderr: "sacct: error: slurmdbd: down" },
    ],
    ["takes too long", "exec sleep 60", 0.2, { _tag: "TimedOut", seconds: 0.2 }],
  ])("fails when it %s", async (_, script, timeoutSeconds, reason) => {
    expect(await reasonOf(run(script, timeoutSeconds))).toEqual(reason)
  })

  it("fails with its name when it is not there", async () => {
    const words = ["no-such-command-here"] as const
    const drained = (async () => {
      for await (const _ of runCommand(words, { source: "test", timeoutSeconds: 5 }));
    })()
    expect(await reasonOf(drained)).toEqual({ _tag: "CommandMissing", command: "no-such-command-here" })
  })

  it("is ended when its reader leaves", async () => {
    const chunks = runCommand(["sh", "-c", "echo $$; exec sleep 60"], { source: "test", timeoutSeconds: 60 })
    const first = await chunks.next()
    const pid = Number(Buffer.from(first.value as Uint8Array).toString("utf8"))
    await chunks.return()
    await expect.poll(() => isAlive(pid)).toBe(false)
  })
})

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
