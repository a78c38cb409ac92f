import { readFileSync } from "node:fs"
import { dirname } from "node:path"
import { runCommand } from "./runCommand.ts"
import { workspace } from "./trackedFiles.ts"

/** The oldest Node that the packages run on, as `22.19`: what their `engines` say. */
export const oldestNode = (
  JSON.parse(readFileSync(`${workspace}/packages/service/package.json`, "utf8")) as { engines: { node: string } }
).engines.node.replace(">=", "")

/** The releases that the packed packages are run with: the oldest, and the one that runs the checks. */
export const supportedReleases: readonly string[] = [`${oldestNode}.0`, process.versions.node]

/** The last releases of two older lines, which the command line refuses. */
export const refusedReleases: readonly string[] = ["18.20.8", "20.20.2"]

/** The folder of a release's program, which npm brings. Throws with npm's own words when it cannot. */
export const installNode = async (folder: string, release: string): Promise<string> => {
  if (release === process.versions.node) return dirname(process.execPath)
  const name = `node-${process.platform}-${process.arch}`
  const { problems, output } = await runCommand(`npm install --silent --no-save --prefix ${folder}/node-${release} ${name}@${release}`, {
    output: "kept",
    timeoutSeconds: 600,
  })
  if (problems.length > 0) throw new Error(`${problems[0]}\n${output}`)
  return `${folder}/node-${release}/node_modules/${name}/bin`
}
