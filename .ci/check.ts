import { checkSteps } from "./checkSteps.ts"
import { runSteps } from "./Step.ts"

const failed = (await runSteps(checkSteps)).filter(({ problems }) => problems.length > 0)
if (failed.length === 0) console.log(`\nChecked: all ${checkSteps.length} steps are fine.`)
else {
  console.error(`\nNot fine: ${failed.map(({ name }) => name).join("; ")}. What to mend stands above under each FAILED step.`)
  process.exitCode = 1
}
