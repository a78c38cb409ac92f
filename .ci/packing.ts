import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { backstageHostProblems } from "./backstageHost.ts"
import { consumerProblems, type PackageJson } from "./consumerProject.ts"
import { installNode, refusedReleases, supportedReleases } from "./nodeReleases.ts"
import { runCommand } from "./runCommand.ts"
import { workspace } from "./trackedFiles.ts"

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
    const packages = publishable.map(readPackage)
    const libraries = packages.filter(({ backstage }) => backstage === undefined)
    const nodes = new Map<string, string>()
    for (const release of [...supportedReleases, ...refusedReleases]) nodes.set(release, await installNode(temporary, release))
    problems.push(...(await consumerProblems(`${temporary}/consumer`, libraries, tarballs, nodes)))
    problems.push(...(await backstageHostProblems(`${temporary}/host`, tarballs, nodes)))
    return problems
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}
