#!/usr/bin/env node
import { readFileSync } from "node:fs"
import { nodeProblem } from "./nodeProblem.ts"

const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { engines: { node: string } }
const problem = nodeProblem(process.versions.node, engines.node)
if (problem === null) void import("./main.ts")
else {
  console.error(problem)
  process.exitCode = 2
}
