import { describe, expect, it } from "vitest"
import { readmeCommands } from "./readme.ts"

describe("README", () => {
  it("gives the two commands of a fresh machine", () => {
    expect(readmeCommands()).toEqual({ start: "npx -y pnpm@12.21.0 start", test: "npx -y pnpm@12.21.0 test" })
  })

  it("a README without a command, or with two versions of it, is refused", () => {
    expect(() => readmeCommands("    npx -y pnpm@12.21.0 start\n")).toThrow(/0 commands ending in "test"/)
    expect(() => readmeCommands("    npx -y pnpm@12.21.0 start\n    npx -y pnpm@11.0.0 start\n")).toThrow(/2 commands ending in "start"/)
  })
})
