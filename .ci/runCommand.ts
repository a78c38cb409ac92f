import { spawn } from "node:child_process"
import { workspace } from "./trackedFiles.ts"

export interface CommandOptions {
  /** Default: the workspace. */
  readonly folder?: string
  /** Replaces the whole environment when given. */
  readonly environment?: NodeJS.ProcessEnv
  readonly timeoutSeconds?: number
  /** Where the output goes: shown as it comes (the default), kept for the caller, or both. */
  readonly output?: "shown" | "kept" | "both"
}

export interface CommandResult {
  /** null when a signal ended it. */
  readonly exitCode: number | null
  /** Empty when only shown. */
  readonly output: string
  /** A sentence when it failed, for a step to return. */
  readonly problems: readonly string[]
}

/** Runs a shell command without stdin, the workspace's own tools first on its path; ends it and its children at the time limit. */
export const runCommand = (command: string, options: CommandOptions = {}): Promise<CommandResult> => {
  const { folder = workspace, timeoutSeconds = 600, output = "shown" } = options
  const environment = options.environment ?? { ...process.env, PATH: `${workspace}/node_modules/.bin:${process.env.PATH}` }
  return new Promise((resolve) => {
    const child = spawn("/bin/sh", ["-c", command], {
      cwd: folder,
      env: environment,
      detached: true,
      stdio: ["ignore", output === "shown" ? "inherit" : "pipe", output === "shown" ? "inherit" : "pipe"],
    })
    let kept = ""
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        kept += text
        if (output === "both") process.stdout.write(text)
      })
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL")
    }, timeoutSeconds * 1000)
    child.on("close", (exitCode, signal) => {
      clearTimeout(timer)
      const why = timedOut ? `was ended after ${timeoutSeconds} s` : exitCode === null ? `was ended by ${signal}` : `ended with ${exitCode}`
      resolve({ exitCode, output: kept, problems: exitCode === 0 ? [] : [`\`${command}\` ${why}.`] })
    })
  })
}
