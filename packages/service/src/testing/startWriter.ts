import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { WriterTask } from "./writer.ts"

/** What a writer said before it ended. */
export interface WriterReport {
  readonly acknowledged: readonly { readonly key: string; readonly commitSequence: bigint; readonly number: string }[]
  readonly error: string | null
}

export interface RunningWriter {
  readonly processId: number
  /** Settled when the writer has opened its store, or ended without. */
  readonly opened: Promise<void>
  /** Settled when so many commits are acknowledged, or the writer ended. */
  readonly acknowledges: (count: number) => Promise<void>
  readonly kill: () => void
  readonly ended: Promise<WriterReport>
}

/** Starts `writer.ts` in a process of its own. */
export const startWriter = (task: WriterTask): RunningWriter => {
  const file = fileURLToPath(new URL("./writer.ts", import.meta.url))
  const child = spawn(process.execPath, ["--conditions=@hpc-billing/source", "--no-warnings", file, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  const acknowledged: WriterReport["acknowledged"][number][] = []
  let error: string | null = null
  let open = false
  const waiting: { readonly met: () => boolean; readonly done: () => void }[] = []
  const wake = (ended: boolean): void => {
    for (const wait of waiting) if (ended || wait.met()) wait.done()
  }
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [key = "", place = "", number = ""] = line.split(" ")
    if (key === "open") open = true
    else if (key === "error") error = line.slice("error ".length)
    else acknowledged.push({ key, commitSequence: BigInt(place), number })
    wake(false)
  })
  const until = (met: () => boolean): Promise<void> =>
    new Promise((done) => {
      if (met() || child.exitCode !== null) done()
      else waiting.push({ met, done })
    })
  const ended = new Promise<WriterReport>((done) => {
    child.on("close", () => {
      wake(true)
      done({ acknowledged, error })
    })
  })
  return {
    processId: child.pid ?? 0,
    opened: until(() => open),
    acknowledges: (count) => until(() => acknowledged.length >= count),
    kill: () => void child.kill("SIGKILL"),
    ended,
  }
}
