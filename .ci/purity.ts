import type { SourceFile } from "./SourceFile.ts"
import { dottedName, isNode, isReference, type Node, visit } from "./syntax.ts"

/** Rules of these packages give the same result for the same input; what changes comes in as a value. */
const clockless = new Set(["core", "slurm-adapter", "ledger"])

/** These also run in a browser and on any host: what they need of one comes in by a port. */
const hostless = new Set(["core", "ledger"])

const clocksAndRandom = new Set(["Date.now", "Math.random", "performance.now", "crypto.randomUUID", "crypto.getRandomValues"])
const hostGlobals = new Set(["process", "performance", "crypto", "console", "fetch", "setTimeout", "setInterval", "localStorage"])
const effectClocks = new Set(["Clock", "Random", "Console"])

const isNewDate = (node: Node): boolean =>
  node.type === "NewExpression" &&
  "callee" in node &&
  isNode(node.callee) &&
  "name" in node.callee &&
  node.callee.name === "Date" &&
  "arguments" in node &&
  Array.isArray(node.arguments) &&
  node.arguments.length === 0

/** Where a test, or what tests are made of, expects something of today. */
export const todayProblems = ({ path, kind, syntax, problemAt }: SourceFile): readonly string[] => {
  if (kind !== "test" && !/\/(test|testing|fixtures)\//.test(path)) return []
  const problems: string[] = []
  visit(syntax.program, (node) => {
    if (isNewDate(node) || dottedName(node)?.join(".") === "Date.now")
      problems.push(problemAt(node.start, "a test reads the clock and will fail on another day: let the instant come in as a value."))
  })
  return problems
}

/** Clocks, random sources and hosts that a pure package's source reaches for. */
export const purityProblems = ({ packageName, kind, syntax, problemAt }: SourceFile): readonly string[] => {
  if (packageName === null || kind !== "source" || !clockless.has(packageName)) return []
  const isHostless = hostless.has(packageName)
  const problems: string[] = []
  for (const { moduleRequest, entries } of syntax.module.staticImports) {
    if (isHostless && moduleRequest.value.startsWith("node:"))
      problems.push(
        problemAt(moduleRequest.start, `${packageName} is pure and imports ${moduleRequest.value}; ask for it by a small port.`),
      )
    for (const { importName } of entries)
      if (isHostless && moduleRequest.value === "effect" && effectClocks.has(importName.name ?? ""))
        problems.push(problemAt(moduleRequest.start, `${packageName} is pure and uses Effect's ${importName.name}.`))
  }
  visit(syntax.program, (node, parent) => {
    const dotted = dottedName(node)?.join(".")
    if (dotted !== undefined && clocksAndRandom.has(dotted))
      problems.push(problemAt(node.start, `${dotted} in ${packageName}: clocks and random come in as values.`))
    if (isNewDate(node))
      problems.push(problemAt(node.start, `new Date() in ${packageName} reads the clock; the instant comes in as a value.`))
    const global = isHostless && node.type === "Identifier" && "name" in node ? String(node.name) : ""
    if (hostGlobals.has(global) && isReference(node, parent))
      problems.push(problemAt(node.start, `${packageName} is pure and reaches for the host's ${global}.`))
  })
  return problems
}
