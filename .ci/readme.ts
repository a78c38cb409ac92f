import { readFileSync } from "node:fs"
import { blocksOf, type DocBlock } from "./docBlocks.ts"
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

export interface ReadmeBlocks {
  /** Asks the books of the start command about a job. */
  readonly explain: DocBlock
  /** What that prints, as the page begins with it. */
  readonly explanation: DocBlock
  /** Names the clone's command line, and makes a folder for books of one's own beside the clone. */
  readonly ownFolder: DocBlock
  /** A month in that folder. */
  readonly ownMonth: DocBlock
}

/** The README's blocks that the pipeline types. Throws when one of them is not there, or twice. */
export const readmeBlocks = (blocks = blocksOf("README.md")): ReadmeBlocks => {
  const only = (what: RegExp): DocBlock => {
    const [block, ...others] = blocks.filter(({ text }) => what.test(text))
    if (block === undefined || others.length > 0)
      throw new Error(`README.md has ${block === undefined ? "no block" : "several blocks"} with ${what.source}; it needs exactly one.`)
    return block
  }
  return {
    explain: only(/^npx .* hpc-billing explain /),
    explanation: only(/^Job \d+ /),
    ownFolder: only(/^alias hpc-billing=/),
    ownMonth: only(/^hpc-billing keys create\b/),
  }
}
