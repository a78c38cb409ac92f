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

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path)

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
  const sources = trackedFiles().filter((path) => /^(packages|examples)\/[^/]+\/src\/.*\.tsx?$/.test(path))
  const folders = [...new Set(sources.map((path) => path.split("/src/")[0] as string))]
  for (const folder of [...folders, "."]) {
    const project = folder === "." ? "tsconfig.tests.json" : `${folder}/tsconfig.json`
    const expected = sources.filter((path) => (folder === "." ? isTest(path) : path.startsWith(`${folder}/`) && !isTest(path))).length
    const { diagnostics, summary } = await readReport(`${workspace}/${project}`)
    console.log(`   ${project}: ${summary.filesChecked} files read`)
    if (summary.filesChecked < expected) problems.add(`effect-tsgo read ${summary.filesChecked} of the ${expected} files of ${project}.`)
    for (const { file, line, name, severity, message } of diagnostics)
      if (severity !== "message") problems.add(`${relative(workspace, file)}:${line}: ${name}: ${message}`)
  }
  return [...problems]
}
