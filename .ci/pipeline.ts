import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { checkSteps } from "./checkSteps.ts"
import { packingProblems } from "./packing.ts"
import { readmeBlocks, readmeCommands } from "./readme.ts"
import { runCommand } from "./runCommand.ts"
import { leapDay, runTests } from "./runTests.ts"
import { runSteps, type Step } from "./Step.ts"
import { installSampleSacct } from "./sampleSacct.ts"
import { workspace } from "./trackedFiles.ts"

/** Vitest's JSON report, as far as it is read here. */
interface TestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

const reportPath = `${workspace}/node_modules/.cache/vitest-report.json`
let tests: TestReport | null = null

const testCommandStep: Step = {
  name: "README's test command, on the house rules",
  run: async () => (await runCommand(`${readmeCommands().test} .ci --reporter=dot`, { environment: process.env })).problems,
}

const testStep: Step = {
  name: `every test, on ${leapDay.name}`,
  run: async () => {
    rmSync(reportPath, { force: true })
    const { problems } = await runTests(leapDay)
    tests = JSON.parse(readFileSync(reportPath, "utf8")) as TestReport
    for (const { fullName, status } of tests.testResults.flatMap(({ assertionResults }) => assertionResults))
      if (status !== "passed" && status !== "failed") console.log(`   did not run here: ${fullName}`)
    return problems
  },
}

const startStep: Step = {
  name: "README's commands up to the portal, start twice, and a month of one's own, in a fresh clone with an empty home",
  run: async () => {
    const temporary = mkdtempSync(`${tmpdir()}/hpc-billing-start-`)
    try {
      mkdirSync(`${temporary}/home`)
      const cloned = await runCommand(`git clone -q --no-hardlinks "${workspace}" "${temporary}/hpc-billing"`)
      if (cloned.problems.length > 0) return cloned.problems
      const bare = {
        folder: `${temporary}/hpc-billing`,
        environment: {
          HOME: `${temporary}/home`,
          PATH: process.env.HPC_BILLING_SYSTEM_PATH ?? "/usr/local/bin:/usr/bin:/bin",
          LANG: "C.UTF-8",
        },
        timeoutSeconds: 300,
      }
      for (let run = 1; run <= 2; run++) {
        const startedMilliseconds = performance.now()
        const { problems } = await runCommand(`${readmeCommands().start} --once`, bare)
        console.log(`   run ${run}: ${((performance.now() - startedMilliseconds) / 1000).toFixed(1)} s`)
        if (problems.length > 0) return problems
      }
      const { explain, explanation, ownFolder, ownMonth } = readmeBlocks()
      const explained = await runCommand(explain.text.replace("npx -y pnpm@12.21.0", "$& --silent"), { ...bare, output: "kept" })
      if (!explained.output.includes(explanation.text)) return ["README.md begins with another explanation than:", explained.output]
      const { PATH } = bare.environment
      const withSacct = { ...bare, environment: { ...bare.environment, PATH: `${installSampleSacct(`${temporary}/slurm`)}:${PATH}` } }
      const own = await runCommand(`set -e\n${ownFolder.text}\n${ownMonth.text}`, withSacct)
      if (own.problems.length > 0) return own.problems
      const { output } = await runCommand("git status --porcelain", { ...bare, output: "kept" })
      return output === "" ? [] : [`The start command leaves files that git does not ignore: ${output.trim()}`]
    } finally {
      rmSync(temporary, { recursive: true, force: true })
    }
  },
}

const portalStep: Step = {
  name: "the portal in Chromium: each role walks its story, in both languages",
  run: async () => {
    if (!existsSync(process.env.CHROMIUM ?? "/usr/bin/chromium")) {
      console.log("   did not run here: Chromium is not installed")
      return []
    }
    const { problems } = await runCommand("node --conditions=@hpc-billing/source --test-force-exit e2e/run.ts", {
      folder: `${workspace}/examples/backstage-app`,
      timeoutSeconds: 900,
    })
    return problems
  },
}

const steps: readonly Step[] = [...checkSteps, { name: "packing", run: packingProblems }, testCommandStep, testStep, startStep, portalStep]
const results = await runSteps(steps)

const report = tests as TestReport | null
const failedSteps = results.filter(({ problems }) => problems.length > 0)
// a test file that could not be loaded has no failed test to count; it counts as one
const unloaded = report?.testResults.filter(({ status, assertionResults }) => status === "failed" && assertionResults.length === 0) ?? []
const passed = (report?.numPassedTests ?? 0) + results.length - failedSteps.length
const failed = (report?.numFailedTests ?? 0) + unloaded.length + failedSteps.length

console.log("\nSeconds by step:")
for (const { name, elapsedSeconds, problems } of results)
  console.log(`  ${elapsedSeconds.toFixed(1).padStart(7)}  ${problems.length === 0 ? "passed" : "FAILED"}  ${name}`)
for (const { name } of unloaded) console.log(`  not loaded: ${name}`)
console.log(
  `Tests: ${report?.numPassedTests ?? 0} passed, ${report?.numFailedTests ?? 0} failed, in ${report?.testResults.length ?? 0} files.\n`,
)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
