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
    // a limit for what hangs, not a measure: the machine may have other work
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "examples/*/src/**/*.test.ts", ".ci/**/*.test.ts"],
          exclude: ["**/node_modules/**", "packages/backstage-plugin/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "backstage-plugin",
          include: ["packages/backstage-plugin/src/**/*.test.{ts,tsx}"],
          environment: "jsdom",
          globals: true,
          setupFiles: ["packages/backstage-plugin/src/testing/setup.ts"],
          server: { deps: { inline: [/@backstage\//, /@material-ui\//, /@mui\//, /material-ui-popup-state/] } },
        },
      },
    ],
    reporters: process.env.CI === "true" ? ["default", "json"] : ["default"],
    outputFile: { json: "node_modules/.cache/vitest-report.json" },
  },
})
