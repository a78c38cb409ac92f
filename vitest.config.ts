import { defaultClientConditions } from "vite"
import { defineConfig } from "vitest/config"

const source = "@hpc-billing/source"

export default defineConfig({
  // `conditions` replaces Vite's defaults, so they are named again
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, "node", "development|production"] } },
  test: {
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    include: ["packages/*/src/**/*.test.ts", "examples/*/src/**/*.test.ts", ".ci/**/*.test.ts"],
  },
})
