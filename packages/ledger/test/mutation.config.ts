import { defaultClientConditions } from "vite"
import { defineConfig } from "vitest/config"

const source = "@hpc-billing/source"

/** The quick tests of the rules; long runs and outside programs would be run again for each of thousands of changes. */
export default defineConfig({
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, "node", "development|production"] } },
  test: {
    include: ["packages/ledger/src/**/*.test.ts"],
    testTimeout: 300_000,
    exclude: ["model", "honestLogs", "verifyOffline", "referees", "stockTools"].map((name) => `**/${name}.test.ts`),
  },
})
