import { describe, expect, it } from "vitest"
import { nodeProblem } from "./nodeProblem.ts"

describe("nodeProblem", () => {
  it.each(["22.19.0", "22.20.1", "23.0.0", "24.21.0", "26.0.0-nightly"])("%s runs the program", (version) => {
    expect(nodeProblem(version, ">=22.19")).toBeNull()
  })

  it.each(["22.18.9", "22.9.0", "20.20.2", "18.20.8", "8.0.0", "2.30.0"])("%s is refused with the next step", (version) => {
    expect(nodeProblem(version, ">=22.19")).toBe(
      `hpc-billing needs Node.js 22.19 or newer, and this is Node.js ${version}. Install a newer Node.js (https://nodejs.org), then run the command again.`,
    )
  })

  it.each([
    ["24.0.0", ">=24", null],
    ["23.11.0", ">=24", /needs Node\.js 24 or newer/],
    ["24.3.0", ">=24.4.1", /needs Node\.js 24\.4\.1 or newer/],
  ] as const)("%s where the package asks for %s", (version, range, sentence) => {
    const problem = nodeProblem(version, range)
    if (sentence === null) expect(problem).toBeNull()
    else expect(problem).toMatch(sentence)
  })
})
