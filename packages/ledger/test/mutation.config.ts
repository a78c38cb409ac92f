import { defaultClientConditions } from "vite"
import { defineConfig } from "vitest/config"

const source = "@hpc-billing/source"

/** The quick tests of the folder that is mutated; long runs and outside programs would be run again for each of its changes. */
export default defineConfig({
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, "node", "development|production"] } },
  test: {
    testTimeout: 300_000,
    include: [`packages/${process.env.MUTATED_FOLDER ?? "*/src"}/**/*.test.ts`],
    exclude: ["honestLogs", "verifyOffline", "referees", "stockTools", "rateUsage.oracle"].map((name) => `**/${name}.test.ts`),
    // no change is noticed by the time that a test took
    testNamePattern: /^(?!.*takes under)/,
  },
})
