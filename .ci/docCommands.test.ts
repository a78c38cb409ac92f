import { readFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { docPages } from "./docBlocks.ts"
import { makeOwnFolder, type OwnFolder } from "./docRunners.ts"
import { workspace } from "./trackedFiles.ts"

let own: OwnFolder
let topLevel: ReadonlySet<string>

/** What `--help` says of a command and all above it; throws where there is no such command. */
const helpOf = (words: readonly string[]): Promise<string> => own.print([...words, "--help"])

const subcommandsOf = (help: string): readonly string[] =>
  [...(help.split("SUBCOMMANDS\n")[1]?.split("\n\n")[0] ?? "").matchAll(/^ {2}([\w-]+)/gm)].map(([, name]) => name as string)

/** The words of a command before its flags and what stands for something else, in capitals. */
const namesOf = (command: string): readonly string[] => {
  const words = command.split(" ")
  const end = words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word))
  return end < 0 ? words : words.slice(0, end)
}

const problemOf = async (command: string): Promise<string | null> => {
  const help = await helpOf(namesOf(command)).catch((error: Error) => error)
  if (typeof help !== "string") return `${command}: ${help.message}`
  const flags = [...command.matchAll(/--[\w-]+/g)].map(([flag]) => flag)
  // an unknown subcommand gets the help of the command above it
  const unknown = [...namesOf(command), ...flags].find((word) => !new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(help))
  return unknown === undefined ? null : `${command}: there is no ${unknown}`
}

/** The commands of the table in docs/cli.md; after the first of a row only what differs is written. */
const tableCommands = (): readonly string[] => {
  const rows = [...readFileSync(`${workspace}/docs/cli.md`, "utf8").matchAll(/^\| (`[a-z].*?) \|/gm)]
  return rows.flatMap(([, cell = ""]) => {
    const commands = [...cell.matchAll(/`([^`]+)`/g)].map(([, command]) => command as string)
    const group = namesOf(commands[0] as string)[0] as string
    return commands.map((command) => (topLevel.has(namesOf(command)[0] as string) ? command : `${group} ${command}`))
  })
}

beforeAll(async () => {
  own = await makeOwnFolder()
  topLevel = new Set(subcommandsOf(await helpOf([])))
})

afterAll(() => own.close())

describe("commands that are named in README and docs", () => {
  it("are commands of the program, with the flags that they are shown with", async () => {
    const inText = docPages().flatMap((page) =>
      [...readFileSync(`${workspace}/${page}`, "utf8").matchAll(/`hpc-billing ([^`]+)`/g)].map(([, command]) => command as string),
    )
    expect(inText.length).toBeGreaterThan(3)
    const problems = await Promise.all([...inText, ...tableCommands()].map(problemOf))
    expect(problems.filter((problem) => problem !== null)).toEqual([])
  })

  it.each([
    ["bil --month M", /^bil --month M: /],
    ["journal poste", /^journal poste: there is no poste$/],
    ["export --moth M", /there is no --moth/],
  ])("%s would be found", async (command, problem) => {
    expect(await problemOf(command)).toMatch(problem)
  })

  it("are all that the program has: docs/cli.md leaves none out", async () => {
    const leaves: string[] = []
    for (const name of topLevel) {
      const below = subcommandsOf(await helpOf([name]))
      leaves.push(...(below.length === 0 ? [name] : below.map((each) => `${name} ${each}`)))
    }
    const named = tableCommands().map((command) => `${namesOf(command).join(" ")} `)
    expect(leaves.length).toBeGreaterThan(30)
    expect(leaves.filter((leaf) => !named.some((command) => command.startsWith(`${leaf} `)))).toEqual([])
  })
})
