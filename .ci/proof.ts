import { appendFileSync, existsSync, readdirSync } from "node:fs"
import { parseArgs } from "node:util"
import { runCommand } from "./runCommand.ts"
import { workspace } from "./trackedFiles.ts"

/**
 * Runs the long proofs: `packages/NAME/proof/PROOF.ts` (or under `examples`), each a script that prints its figures, its last line one sentence with
 * the result, and exits non-zero when it does not hold. A finished one becomes a dated row of `docs/internals/verification.md`.
 */
const results = `${workspace}/docs/internals/verification.md`

const proofs = new Map<string, string>(
  ["packages", "examples"].flatMap((top) =>
    readdirSync(`${workspace}/${top}`).flatMap((name) => {
      const folder = `${top}/${name}/proof`
      const files = existsSync(`${workspace}/${folder}`) ? readdirSync(`${workspace}/${folder}`) : []
      return files
        .filter((file) => /^[a-z].*\.ts$/.test(file))
        .map((file) => [`${name}/${file.slice(0, -3)}`, `${folder}/${file}`] as const)
    }),
  ),
)

const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: "boolean" }, all: { type: "boolean" } } })
const wanted = values.all === true ? [...proofs.keys()] : positionals
const unknown = wanted.filter((name) => !proofs.has(name))

if (values.help === true || wanted.length === 0 || unknown.length > 0) {
  for (const name of unknown) console.error(`There is no proof "${name}".`)
  console.log(`pnpm proof NAME ...   runs the named proofs and records their results\npnpm proof --all      runs every one\n`)
  console.log(proofs.size === 0 ? "No package has a proof yet." : `Proofs:\n${[...proofs.keys()].map((name) => `  ${name}`).join("\n")}`)
  process.exitCode = unknown.length > 0 ? 2 : 0
} else {
  for (const name of wanted) {
    console.log(`== ${name}`)
    const startedMilliseconds = performance.now()
    const { exitCode, output } = await runCommand(`node --conditions=@hpc-billing/source ${proofs.get(name)}`, {
      output: "both",
      timeoutSeconds: 6 * 3600,
    })
    const elapsedSeconds = Math.round((performance.now() - startedMilliseconds) / 1000)
    const result = output.trim().split("\n").at(-1)?.replaceAll("|", "\\|") ?? ""
    const commit = (await runCommand("git rev-parse --short HEAD", { output: "kept" })).output.trim()
    const date = new Date().toISOString().slice(0, 10)
    appendFileSync(results, `| ${date} | ${name} | ${exitCode === 0 ? "holds" : "FAILS"} | ${result} | ${elapsedSeconds} | ${commit} |\n`)
    if (exitCode !== 0) process.exitCode = 1
  }
}
