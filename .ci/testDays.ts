import { runTests, testDays } from "./runTests.ts"

/** Runs every test on each of the days; takes as many times as long as `pnpm test`. */
for (const day of testDays(new Date())) {
  console.log(`\n== ${day.name}`)
  const { problems } = await runTests(day)
  for (const problem of problems) console.log(`   ${problem}`)
  if (problems.length > 0) process.exitCode = 1
}
