import { effectDiagnosticProblems } from "./effectDiagnostics.ts"
import { runCommand } from "./runCommand.ts"
import type { Step } from "./Step.ts"

const command = (name: string, line: string): Step => ({ name, run: async () => (await runCommand(line)).problems })

/** What `pnpm check` does, the quickest to say no first. */
export const checkSteps: readonly Step[] = [
  command("format and lint", "biome check --error-on-warnings ."),
  command("types", "tsc -b --pretty false"),
  command("house rules: imports, top level, text", "vitest run .ci --reporter=dot --exclude .ci/docExamples.test.ts"),
  command("dead code, unused exports and dependencies", "knip --no-progress --no-config-hints"),
  { name: "Effect diagnostics", run: effectDiagnosticProblems },
]
