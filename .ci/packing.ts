import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { runCommand } from "./runCommand.ts"
import { workspace } from "./trackedFiles.ts"

interface PackageJson {
  readonly name: string
  readonly private?: boolean
  /** Set on the packages that only live inside a Backstage app. */
  readonly backstage?: unknown
  readonly exports: Readonly<Record<string, unknown>>
  readonly bin?: Readonly<Record<string, string>>
}

const readPackage = (folder: string): PackageJson => JSON.parse(readFileSync(`${workspace}/${folder}/package.json`, "utf8")) as PackageJson

/** Tarballs of every publishable package, as npm would get them, tried by publint, attw and a project that installs them. */
export const packingProblems = async (): Promise<readonly string[]> => {
  const folders = readdirSync(`${workspace}/packages`).map((name) => `packages/${name}`)
  const publishable = folders.filter((folder) => readPackage(folder).private !== true)
  const temporary = mkdtempSync(`${tmpdir()}/hpc-billing-packing-`)
  try {
    const built = await runCommand(`tsc -b --pretty false ${publishable.join(" ")}`)
    if (built.problems.length > 0) return built.problems
    const problems: string[] = []
    const tarballs = new Map<string, string>()
    for (const folder of publishable) {
      const { name } = readPackage(folder)
      const tarball = `${temporary}/${name.replace("@", "").replace("/", "-")}.tgz`
      const packed = await runCommand(`npx -y pnpm@12.21.0 pack --out ${tarball}`, { folder: `${workspace}/${folder}`, output: "kept" })
      if (packed.problems.length > 0) return [...packed.problems, packed.output]
      tarballs.set(name, tarball)
      const listed = await runCommand(`tar -tzf ${tarball}`, { output: "kept" })
      const tests = listed.output.split("\n").filter((path) => /\.test\.|\/fixtures\/|\.tsbuildinfo$/.test(path))
      if (tests.length > 0)
        problems.push(`${name} would publish ${tests.slice(0, 3).join(", ")}${tests.length > 3 ? ` and ${tests.length - 3} more` : ""}.`)
      for (const line of [`publint run ${tarball} --strict`, `attw ${tarball} --profile esm-only`]) {
        const { problems: found, output } = await runCommand(line, { output: "kept", timeoutSeconds: 120 })
        if (found.length > 0) problems.push(`${name}: ${found[0]}\n${output}`)
      }
      console.log(`   ${name}: packed, ${listed.output.trim().split("\n").length} files`)
    }
    // Backstage's packages need a whole app around them: the example app is their consumer
    const libraries = publishable.map(readPackage).filter(({ backstage }) => backstage === undefined)
    problems.push(...(await consumerProblems(`${temporary}/consumer`, libraries, tarballs)))
    return problems
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/** A project outside the workspace installs the tarballs, type-checks and imports every entry, and runs every command. */
const consumerProblems = async (
  folder: string,
  packages: readonly PackageJson[],
  tarballs: ReadonlyMap<string, string>,
): Promise<readonly string[]> => {
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
  const commands = [
    "npx -y pnpm@12.21.0 install --silent",
    `${workspace}/node_modules/.bin/tsc -p .`,
    "node consumer.ts",
    ...packages.flatMap(({ bin = {} }) => Object.keys(bin).map((name) => `node_modules/.bin/${name} --help > /dev/null`)),
  ]
  for (const command of commands) {
    const { problems } = await runCommand(command, { folder, timeoutSeconds: 180 })
    if (problems.length > 0) return [`consumer project: ${problems[0]}`]
  }
  return []
}
