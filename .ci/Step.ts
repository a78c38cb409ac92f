/** One thing the checks do: its problems as sentences, none when it passed. Not a test: tests are counted one by one. */
export interface Step {
  readonly name: string
  readonly run: () => Promise<readonly string[]>
}

export interface StepResult {
  readonly name: string
  readonly problems: readonly string[]
  readonly elapsedSeconds: number
}

/** Runs the steps in order, prints each one's name, time and problems, and goes on after a failure. */
export const runSteps = async (steps: readonly Step[]): Promise<readonly StepResult[]> => {
  const results: StepResult[] = []
  for (const [index, step] of steps.entries()) {
    console.log(`\n== ${index + 1}/${steps.length} ${step.name}`)
    const startedMilliseconds = performance.now()
    const problems = await step.run().catch((error: unknown) => [error instanceof Error ? (error.stack ?? error.message) : String(error)])
    const elapsedSeconds = (performance.now() - startedMilliseconds) / 1000
    for (const problem of problems) console.log(`   ${problem}`)
    console.log(`== ${problems.length === 0 ? "passed" : "FAILED"} ${step.name} (${elapsedSeconds.toFixed(1)} s)`)
    results.push({ name: step.name, problems, elapsedSeconds })
  }
  return results
}
