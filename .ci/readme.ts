import { readFileSync } from "node:fs"
import { workspace } from "./trackedFiles.ts"

/** The two commands a person types on a fresh machine, in the order the README gives them. */
export interface ReadmeCommands {
  readonly start: string
  readonly test: string
}

const commandLine = /^\s*(npx -y pnpm@[\d.]+ (start|test))(?:\s+#.*)?$/gm

/** The commands as the README writes them in its code blocks. Throws when it does not name exactly one of each. */
export const readmeCommands = (text = readFileSync(`${workspace}/README.md`, "utf8")): ReadmeCommands => {
  const found = [...text.matchAll(commandLine)]
  const only = (script: string): string => {
    const commands = [...new Set(found.filter((match) => match[2] === script).map((match) => match[1] as string))]
    const [command] = commands
    if (command === undefined || commands.length > 1)
      throw new Error(`README.md has ${commands.length} commands ending in "${script}" on a line of their own; it needs exactly one.`)
    return command
  }
  return { start: only("start"), test: only("test") }
}
