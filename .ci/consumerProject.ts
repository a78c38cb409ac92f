import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { refusedReleases, supportedReleases } from "./nodeReleases.ts"
import { readmeBlocks } from "./readme.ts"
import { type CommandResult, runCommand } from "./runCommand.ts"
import { installSampleSacct } from "./sampleSacct.ts"
import { workspace } from "./trackedFiles.ts"

export interface PackageJson {
  readonly name: string
  readonly private?: boolean
  /** Set on the packages that only live inside a Backstage app. */
  readonly backstage?: unknown
  readonly exports: Readonly<Record<string, unknown>>
  readonly bin?: Readonly<Record<string, string>>
}

/**
 * A project outside the workspace installs the tarballs and type-checks every entry. With each supported Node it imports every entry and
 * goes through the README's month with the packed command line; an older Node is refused in one sentence, before anything is made.
 */
export const consumerProblems = async (
  folder: string,
  packages: readonly PackageJson[],
  tarballs: ReadonlyMap<string, string>,
  nodes: ReadonlyMap<string, string>,
): Promise<readonly string[]> => {
  writeProject(folder, packages, tarballs)
  for (const command of ["npx -y pnpm@12.21.0 install --silent", `${workspace}/node_modules/.bin/tsc -p .`]) {
    const { problems } = await runCommand(command, { folder, timeoutSeconds: 600 })
    if (problems.length > 0) return [`consumer project: ${problems[0]}`]
  }
  const slurm = installSampleSacct(`${folder}/slurm`)
  const withNode = (release: string, command: string, ownFolder: string): Promise<CommandResult> => {
    const environment = { PATH: `${nodes.get(release)}:${folder}/node_modules/.bin:${slurm}:/usr/bin:/bin`, HOME: folder, LANG: "C.UTF-8" }
    return runCommand(command, { folder: ownFolder, environment, output: "kept", timeoutSeconds: 600 })
  }
  const problems: string[] = []
  for (const release of supportedReleases) {
    const own = makeOwnFolder(folder, release)
    const imported = await withNode(release, "node consumer.ts", folder)
    const walked = imported.exitCode === 0 ? await withNode(release, `set -e\n${readmeBlocks().ownMonth.text}`, own) : imported
    problems.push(...walked.problems.map((problem) => `Node ${release}: ${problem}\n${walked.output}`))
    if (walked.exitCode === 0)
      console.log(`   Node ${release}: every entry imported, the README's month walked with the packed command line`)
  }
  for (const release of refusedReleases) {
    const own = makeOwnFolder(folder, release)
    const { exitCode, output } = await withNode(release, "hpc-billing keys create", own)
    const { output: left } = await withNode(release, "ls", own)
    if (exitCode !== 2 || !/^hpc-billing needs Node\.js [^\n]*\n$/.test(output) || left !== "site\n")
      problems.push(
        `Node ${release}: hpc-billing ended with ${exitCode}, left ${left.trim().replaceAll("\n", ", ")} and printed:\n${output}`,
      )
    else console.log(`   Node ${release}: refused in one sentence`)
  }
  return problems
}

const makeOwnFolder = (folder: string, release: string): string => {
  const own = `${folder}/with-node-${release}`
  cpSync(`${workspace}/examples/month-end/sites/ci`, `${own}/site`, { recursive: true })
  return own
}

const writeProject = (folder: string, packages: readonly PackageJson[], tarballs: ReadonlyMap<string, string>): void => {
  const { devDependencies } = JSON.parse(readFileSync(`${workspace}/package.json`, "utf8")) as { devDependencies: Record<string, string> }
  const files = Object.fromEntries(packages.map(({ name }) => [name, `file:${tarballs.get(name)}`]))
  const entries = packages.flatMap(({ name, exports }) =>
    Object.keys(exports)
      .filter((path) => path !== "./package.json")
      .map((path) => `${name}${path.slice(1)}`),
  )
  mkdirSync(folder)
  const write = (name: string, content: unknown): void =>
    writeFileSync(`${folder}/${name}`, typeof content === "string" ? content : JSON.stringify(content))
  write("package.json", { name: "consumer", private: true, type: "module", dependencies: { ...files, effect: devDependencies.effect } })
  write("pnpm-workspace.yaml", `packages: []\noverrides: ${JSON.stringify(files)}\nallowBuilds: { esbuild: false }\n`)
  write("tsconfig.json", {
    extends: `${workspace}/tsconfig.base.json`,
    compilerOptions: {
      customConditions: [],
      composite: false,
      incremental: false,
      tsBuildInfoFile: null,
      rootDir: ".",
      noEmit: true,
      plugins: [],
    },
    include: ["*.ts"],
  })
  write(
    "consumer.ts",
    entries
      .map((entry, index) => `import * as entry${index} from "${entry}"\nconsole.log("${entry}", Object.keys(entry${index}).length)\n`)
      .join("")
      .replace(/^/, "declare const console: { log(...values: readonly unknown[]): void }\n"),
  )
}
