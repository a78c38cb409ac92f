import { existsSync, readFileSync } from "node:fs"
import { basename, dirname, normalize } from "node:path"
import { describe, expect, it } from "vitest"
import { trackedFiles, workspace } from "./trackedFiles.ts"

const linkTarget = /\]\((?!https?:|mailto:|#)([^)\s#]+)(?:#[^)]*)?\)/g

/** Links of a page to files that are not there. */
const deadLinks = (path: string, text: string): readonly string[] =>
  [...text.matchAll(linkTarget)]
    .map(([, target]) => target as string)
    .filter((target) => !existsSync(`${workspace}/${normalize(`${dirname(path)}/${target}`)}`))
    .map((target) => `${path} links to ${target}, which is not there.`)

describe("docs", () => {
  const pages = trackedFiles().filter((path) => path.endsWith(".md") && !path.includes("/fixtures/"))

  it("a dead link is found", () => {
    expect(deadLinks("docs/index.md", "[a](glossary.md) [b](missing.md) [c](https://example.org)")).toEqual([
      "docs/index.md links to missing.md, which is not there.",
    ])
  })

  it("no page has one", () => {
    expect(pages.flatMap((path) => deadLinks(path, readFileSync(`${workspace}/${path}`, "utf8")))).toEqual([])
  })

  it("every page begins with its title", () => {
    expect(pages.filter((path) => path.startsWith("docs/") && !readFileSync(`${workspace}/${path}`, "utf8").startsWith("# "))).toEqual([])
  })

  it("every name in ARCHITECTURE's table of steps is a file of a package", () => {
    const table = readFileSync(`${workspace}/ARCHITECTURE.md`, "utf8").split("## The data's way")[1]?.split("\n\n")[1] ?? ""
    const names = [...table.matchAll(/`(\w+)`/g)].map(([, name]) => name as string)
    const files = new Set(trackedFiles().map((path) => basename(path, ".ts")))
    expect(names.length).toBeGreaterThan(10)
    expect(names.filter((name) => !files.has(name))).toEqual([])
  })
})
