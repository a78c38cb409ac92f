import { execFile } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { promisify } from "node:util"
import { build } from "vite"
import { openCommandLine } from "../packages/service/src/testing/commandLine.ts"
import { installSampleSacct, recordedJobs } from "./sampleSacct.ts"
import { workspace } from "./trackedFiles.ts"

const run = promisify(execFile)

/** What of a package a page's examples are run in: its dependencies, not those of the checks. */
export const requireIn = (folder: string) => createRequire(`${workspace}/${folder}/package.json`)

export interface OwnFolder {
  readonly folder: string
  readonly close: () => Promise<void>
  /** What a command line of the program prints. Throws when it fails. */
  readonly print: (words: readonly string[]) => Promise<string>
  /** Runs the lines of a block; `hpc-billing` is the program, in this process, on one embedded database. Throws on the first that fails. */
  readonly type: (text: string) => Promise<void>
}

/**
 * A folder as a site has it: the sample's three files under `site`, `sacct` on the path, and what it once printed as `sacct.psv`. `date` says a time
 * that is past for the program, whose clock stands in November 2026.
 */
export const makeOwnFolder = async (): Promise<OwnFolder> => {
  const folder = mkdtempSync(`${tmpdir()}/hpc-billing-docs-`)
  cpSync(`${workspace}/examples/month-end/sites/ci`, `${folder}/site`, { recursive: true })
  cpSync(`${workspace}/${recordedJobs}`, `${folder}/sacct.psv`)
  process.env.PATH = `${installSampleSacct(`${folder}/slurm`)}:${process.env.PATH}`
  writeFileSync(`${folder}/slurm/date`, "#!/bin/sh\necho 2026-11-05T06:00:00+07:00\n", { mode: 0o755 })
  const line = await openCommandLine(folder)
  const print: OwnFolder["print"] = async (words) => {
    const { code, stdout, stderr } = await line.run(words)
    if (code !== 0) throw new Error(`hpc-billing ${words.join(" ")} ended with ${code}\n${stderr}`)
    return stdout
  }
  const type: OwnFolder["type"] = async (text) => {
    const variables = new Map<string, string>()
    for (const command of commandsOf(text)) {
      const [, variable, inner] = /^(\w+)=\$\((.*)\)$/.exec(command) ?? []
      const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? "")
      if (variable !== undefined) variables.set(variable, (await runShell(inner as string, folder)).trim())
      else if (words[0] === "hpc-billing")
        await print(words.slice(1).map((word) => word.replace(/^\$(\w+)$/, (_, name) => variables.get(name) ?? "")))
      else await runShell(command, folder)
    }
  }
  const close = async (): Promise<void> => {
    await line.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { folder, close, print, type }
}

/** The commands of a block: without comments, with the lines that a backslash continues. */
export const commandsOf = (text: string): readonly string[] =>
  text
    .replaceAll(/\s*\\\n\s*/g, " ")
    .split("\n")
    .map((each) => each.replace(/(^|\s+)#.*$/, "").trim())
    .filter((each) => each !== "")

const runShell = async (command: string, folder: string): Promise<string> =>
  (await run("/bin/sh", ["-ec", command], { cwd: folder, encoding: "utf8" })).stdout

/** What another program's command prints; says so and gives undefined where the program is not installed. Throws when it fails. */
export const runForeign = async (command: string, folder: string): Promise<string | undefined> => {
  const [program] = command.split(" ")
  if ((await runShell(`command -v ${program} || true`, folder)) !== "") return runShell(command, folder)
  console.log(`did not run here, ${program} is not installed: ${command}`)
  return undefined
}

/** Runs TypeScript as a module of a package, in a process of its own; what it prints. */
export const runTypeScript = async (folder: string, code: string): Promise<string> => {
  const node = `${workspace}/node_modules/.bin/node`
  const { stdout } = await run(node, ["--conditions=@hpc-billing/source", "--input-type=module-typescript", "-e", code], {
    cwd: `${workspace}/${folder}`,
    encoding: "utf8",
  })
  return stdout
}

/** The same for modules of a portal, which only a bundler can read: bundled as an app's build does, then run. */
export const runBundled = async (folder: string, code: string, out: string): Promise<string> => {
  const entry = `${workspace}/${folder}/example.tsx`
  await build({
    root: `${workspace}/${folder}`,
    configFile: false,
    logLevel: "silent",
    resolve: { conditions: ["@hpc-billing/source", "module", "browser", "development|production"] },
    ssr: { noExternal: true, resolve: { conditions: ["@hpc-billing/source", "module", "node", "development|production"] } },
    plugins: [{ name: "example", resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? code : null) }],
    build: { ssr: entry, outDir: out, minify: false },
  })
  return (
    await run(
      `${workspace}/node_modules/.bin/node`,
      ["--import", "data:text/javascript,globalThis.window=globalThis", `${out}/example.js`],
      { encoding: "utf8" },
    )
  ).stdout
}

/** A document of the books in place of the sample's: a whole one, or fields that the sample does not have. */
export const writeSiteFile = (folder: string, name: string, text: string): void => {
  const sample = readFileSync(`${workspace}/examples/month-end/sites/ci/${name}`, "utf8")
  writeFileSync(`${folder}/${name}`, /^(format|tenant):/m.test(text) ? text : `${sample}\n${text}`)
}
