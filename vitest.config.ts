import { defaultClientConditions } from "vite"
import { defineConfig } from "vitest/config"

const source = "@hpc-billing/source"

export default defineConfig({
  // `conditions` replaces Vite's defaults, so they are named again
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, "node", "development|production"] } },
  test: {
    // each worker may hold an embedded database of half a gigabyte
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    include: ["packages/*/src/**/*.test.{ts,tsx}", "examples/*/src/**/*.test.ts", ".ci/**/*.test.ts"],
    reporters: process.env.CI === "true" ? ["default", "json"] : ["default"],
    outputFile: { json: "node_modules/.cache/vitest-report.json" },
  },
})
