import { fileURLToPath } from "node:url"
import { Stryker } from "@stryker-mutator/core"

/**
 * Changes the rules one small step at a time and counts how many changes the tests of their own folder notice. Folders or files
 * below `src` may be named; those where a mistake costs most come by themselves. A change that was judged before is judged again
 * only when its file or a test of it changed.
 */
const named = process.argv.slice(2)
const wanted = named.length > 0 ? named : ["derive", "close", "audit", "journal", "prepaid", "report", "chart"]

const judge = (name: string): ReturnType<Stryker["runMutationTest"]> => {
  const [folder = ""] = name.split("/")
  process.env.MUTATED_FOLDER = folder
  return new Stryker({
    mutate: [`packages/ledger/src/${name}${name.endsWith(".ts") ? "" : "/**/*.ts"}`, "!**/*.test.ts", "!**/index.ts"],
    // sentences are for people: a test of each word would only say it twice
    mutator: { excludedMutations: ["StringLiteral"] },
    testRunner: "vitest",
    vitest: { configFile: "packages/ledger/test/mutation.config.ts", related: false },
    plugins: [fileURLToPath(import.meta.resolve("@stryker-mutator/vitest-runner"))],
    ignorePatterns: [
      "**",
      "!packages/ledger/**",
      "!packages/service/src/crypto/**",
      "!packages/*/tsconfig.json",
      "!docs/audit-attacks.md",
      "!examples/verify-offline/**",
      "!package.json",
      "!tsconfig.base.json",
      "dist",
      "node_modules",
    ],
    concurrency: 1,
    incremental: true,
    incrementalFile: `node_modules/.cache/mutation/ledger-${folder}.json`,
    ignoreStatic: true,
    timeoutMS: 60_000,
    reporters: ["progress-append-only", "clear-text"],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    tempDirName: ".stryker-tmp",
  }).runMutationTest()
}

const shares: string[] = []
let [noticed, judged] = [0, 0]
for (const name of wanted) {
  const results = await judge(name)
  const count = (...statuses: readonly string[]): number => results.filter(({ status }) => statuses.includes(status)).length
  const [of, all] = [count("Killed", "Timeout"), count("Killed", "Timeout", "Survived", "NoCoverage")]
  shares.push(`${name} ${of} of ${all}`)
  noticed += of
  judged += all
}
const percent = (100 * noticed) / judged
console.log(`The tests noticed ${percent.toFixed(1)} % of ${judged} changes to the rules: ${shares.join(", ")}.`)
if (percent < 90) process.exitCode = 1
