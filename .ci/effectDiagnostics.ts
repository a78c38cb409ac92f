import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { relative } from "node:path"
import { runCommand } from "./runCommand.ts"
import { trackedFiles, workspace } from "./trackedFiles.ts"

interface Report {
  readonly diagnostics: readonly {
    readonly file: string
    readonly line: number
    readonly name: string
    readonly severity: string
    readonly message: string
  }[]
  readonly summary: { readonly filesChecked: number }
}

const readReport = async (project: string): Promise<Report> => {
  const { output } = await runCommand(`effect-tsgo diagnostics --format json --project ${project}`, { output: "kept", timeoutSeconds: 180 })
  const start = output.indexOf("{")
  if (start < 0) throw new Error(`effect-tsgo gave no report of ${project}: ${output.slice(0, 500)}`)
  return JSON.parse(output.slice(start)) as Report
}

/** The compiler's project of each source file: its package's own, or the tests' project nearest to it. */
const sourcesByProject = (paths: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  const projects = new Set(paths.filter((path) => /(^|\/)tsconfig(\.tests)?\.json$/.test(path)))
  return Map.groupBy(
    paths.filter((path) => /^(packages|examples)\/[^/]+\/src\/.*\.tsx?$/.test(path)),
    (path) => {
      const home = path.split("/src/")[0]
      if (!/\.test\.tsx?$/.test(path)) return `${home}/tsconfig.json`
      return projects.has(`${home}/tsconfig.tests.json`) ? `${home}/tsconfig.tests.json` : "tsconfig.tests.json"
    },
  )
}

/** The project that the tool is proven on: it holds one Effect that nobody runs. */
const plantFloatingEffect = (): string => {
  const folder = `${workspace}/node_modules/.cache/planted-effect`
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(`${folder}/src`, { recursive: true })
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ extends: "../../../tsconfig.base.json" }))
  writeFileSync(`${folder}/src/floating.ts`, `import { Effect } from "effect"\n\nEffect.succeed(1)\n\nexport const planted = true\n`)
  return `${folder}/tsconfig.json`
}

/** Effect's own diagnostics on every package and on the tests, after a proof that the tool reads files and finds what is planted. */
export const effectDiagnosticProblems = async (): Promise<readonly string[]> => {
  const planted = await readReport(plantFloatingEffect())
  if (!planted.diagnostics.some(({ name }) => name === "floatingEffect"))
    return [
      "effect-tsgo did not find the planted floating Effect: its diagnostics prove nothing. Is the plugin named in tsconfig.base.json?",
    ]
  const problems = new Set<string>()
  for (const [project, files] of sourcesByProject(trackedFiles())) {
    const { diagnostics, summary } = await readReport(`${workspace}/${project}`)
    console.log(`   ${project}: ${summary.filesChecked} files read`)
    if (summary.filesChecked < files.length)
      problems.add(`effect-tsgo read ${summary.filesChecked} of the ${files.length} files of ${project}.`)
    for (const { file, line, name, severity, message } of diagnostics)
      if (severity !== "message") problems.add(`${relative(workspace, file)}:${line}: ${name}: ${message}`)
  }
  return [...problems]
}
