import { fileURLToPath } from "node:url"
import { Stryker } from "@stryker-mutator/core"

/**
 * Changes the rules one small step at a time and counts how many changes the tests of their own folder notice. Folders or files
 * below a package's `src` may be named (`core/payer`, `ledger/derive/payReceiptEntry.ts`); those where a mistake costs most come by
 * themselves. A change that was judged before is judged again only when its file or a test of it changed.
 */
const named = process.argv.slice(2)
const ledgerFolders = ["derive", "close", "audit", "journal", "prepaid", "report", "chart"]
const wanted = named.length > 0 ? named : ["core/payer", "core/rating", ...ledgerFolders.map((folder) => `ledger/${folder}`)]

const judge = (name: string): ReturnType<Stryker["runMutationTest"]> => {
  const [packageName = "", folder = "", ...rest] = name.split("/")
  const path = [packageName, "src", folder, ...rest].join("/")
  process.env.MUTATED_FOLDER = `${packageName}/src/${folder}`
  return new Stryker({
    mutate: [`packages/${path}${name.endsWith(".ts") ? "" : "/**/*.ts"}`, "!**/*.test.ts", "!**/index.ts"],
    // sentences are for people: a test of each word would only say it twice
    mutator: { excludedMutations: ["StringLiteral"] },
    testRunner: "vitest",
    vitest: { configFile: "packages/ledger/test/mutation.config.ts", related: false },
    plugins: [fileURLToPath(import.meta.resolve("@stryker-mutator/vitest-runner"))],
    ignorePatterns: [
      "**",
      "!packages/core/**",
      "!packages/ledger/**",
      "!packages/service/src/crypto/**",
      "!packages/*/tsconfig.json",
      "!docs/*.md",
      "!examples/verify-offline/**",
      "!package.json",
      "!tsconfig.base.json",
      "dist",
      "node_modules",
    ],
    concurrency: 1,
    incremental: true,
    incrementalFile: `node_modules/.cache/mutation/${packageName}-${folder}.json`,
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
