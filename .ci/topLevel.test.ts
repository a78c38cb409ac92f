import { describe, expect, it } from "vitest"
import { trackedFiles } from "./trackedFiles.ts"

const topLevel = [
  ".changeset",
  ".ci",
  ".gitignore",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "LICENSE",
  "README.md",
  "SECURITY.md",
  "biome.json",
  "docs",
  "examples",
  "knip.json",
  "mkdocs.yml",
  "package.json",
  "packages",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "tsconfig.base.json",
  "tsconfig.json",
  "tsconfig.tests.json",
  "vitest.config.ts",
]

const packages = ["backstage-backend", "backstage-plugin", "core", "ledger", "service", "slurm-adapter"]

const firstSegments = (paths: readonly string[]): readonly string[] =>
  [...new Set(paths.map((path) => path.split("/")[0] as string))].sort()

describe("top level", () => {
  const files = trackedFiles()

  it("holds what ARCHITECTURE names and nothing else", () => {
    expect(topLevel).toEqual(expect.arrayContaining(firstSegments(files) as string[]))
  })

  it("has the six packages and nothing else", () => {
    const found = firstSegments(files.filter((path) => path.startsWith("packages/")).map((path) => path.slice("packages/".length)))
    expect(packages).toEqual(expect.arrayContaining(found as string[]))
  })
})
