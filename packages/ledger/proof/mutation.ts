import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Stryker } from "@stryker-mutator/core"

/**
 * Changes the rules one small step at a time and counts how many changes the tests notice; names of folders or files below `src`
 * narrow it. A change that was judged before is judged again only when its file or a test of it changed.
 */
const report = "node_modules/.cache/mutation-ledger.json"
const wanted = process.argv.slice(2)
const rules = wanted.length > 0 ? wanted : ["derive", "close", "journal", "prepaid", "audit", "report", "export", "chart"]
const results = await new Stryker({
  mutate: [...rules.map((name) => `packages/ledger/src/${name}${name.endsWith(".ts") ? "" : "/**/*.ts"}`), "!**/*.test.ts", "!**/index.ts"],
  // sentences are for people: a test of each word would only say it twice
  mutator: { excludedMutations: ["StringLiteral"] },
  testRunner: "vitest",
  vitest: { configFile: "packages/ledger/test/mutation.config.ts", related: false },
  plugins: [fileURLToPath(import.meta.resolve("@stryker-mutator/vitest-runner"))],
  ignorePatterns: [
    "**",
    "!packages/ledger/**",
    "!packages/service/src/crypto/**",
    "!docs/audit-attacks.md",
    "!examples/verify-offline/**",
    "!package.json",
    "!tsconfig.base.json",
    "!packages/*/tsconfig.json",
    "dist",
    "node_modules",
  ],
  concurrency: 1,
  incremental: true,
  incrementalFile: report,
  ignoreStatic: true,
  timeoutMS: 60_000,
  reporters: ["clear-text"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  allowEmpty: true,
  tempDirName: ".stryker-tmp",
  checkers: [],
} as ConstructorParameters<typeof Stryker>[0]).runMutationTest()

const count = (...statuses: readonly string[]): number => results.filter(({ status }) => statuses.includes(status)).length
const killed = count("Killed", "Timeout")
const judged = killed + count("Survived", "NoCoverage")
const share = (100 * killed) / judged
console.log(`${killed} of ${judged} changes to ${rules.join(", ")} were noticed by the tests, ${share.toFixed(1)} %.`)
if (share < 90 || readFileSync(report).length === 0) process.exitCode = 1
