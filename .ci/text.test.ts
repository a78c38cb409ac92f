import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { lockProblems, textProblems } from "./text.ts"
import { trackedFiles, workspace } from "./trackedFiles.ts"

// the samples are put together here, so that this file holds none of them
const join = (...parts: readonly string[]): string => parts.join("")

const refused: readonly (readonly [what: string, line: string, problem: string])[] = [
  ["a work folder", join("see /wor", "k/main/README.md"), "a path of one machine"],
  ["a home", join("cd /hom", "e/somchai/billing"), "a path of one machine"],
  ["the superuser's home", join("/roo", "t/.npmrc"), "a path of one machine"],
  ["a registry by address", join("http://10", ".0.0.7:4873/npm/"), "the address of a private registry"],
  ["a registry by name", join("https://nexu", "s.example.org/repository"), "the host of a private registry"],
  ["a private key", join("-----BEGIN PRIVATE KE", "Y-----"), "a private key"],
  ["a test switched off", join("it.onl", 'y("pays", () => {})'), "a test that does not run"],
  ["an npm token", join("//registry.npmjs.org/:_authToke", "n=abc"), "an access token"],
]

describe("text", () => {
  it.each(refused)("%s is refused", (_what, line, problem) => {
    expect(textProblems("docs/a.md", `first\n${line}\n`)).toEqual([`docs/a.md:2: ${problem}: take it out.`])
  })

  it("recorded output keeps its paths but no secret", () => {
    expect(textProblems("packages/core/fixtures/job.txt", join("/hom", "e/somchai/job.sh"))).toEqual([])
    expect(textProblems("packages/core/fixtures/job.txt", join("-----BEGIN PRIVATE KE", "Y-----"))).toHaveLength(1)
  })

  it("a lock file holds no address", () => {
    expect(
      lockProblems("pnpm-lock.yaml", "resolution: {integrity: sha512-a}\nresolution: {tarball: https://example.org/a.tgz}"),
    ).toHaveLength(1)
  })

  it("the project's files hold none of it", () => {
    const problems = trackedFiles().flatMap((path) => {
      const text = readFileSync(`${workspace}/${path}`, "utf8")
      return path === "pnpm-lock.yaml" ? lockProblems(path, text) : textProblems(path, text)
    })
    expect(problems).toEqual([])
  })
})
