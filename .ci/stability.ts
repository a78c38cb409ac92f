import { effectStability } from "./effectStability.ts"
import type { SourceFile } from "./SourceFile.ts"
import { dottedName, visit } from "./syntax.ts"

/** Packages that promise to work with every Effect 4: they take only what it marks stable. */
const stableOnly = new Set(["core", "slurm-adapter", "ledger"])

/** Names of `effect` in a file's source that Effect does not mark stable. */
export const stabilityProblems = ({ packageName, kind, syntax, problemAt }: SourceFile): readonly string[] => {
  if (packageName === null || kind !== "source" || !stableOnly.has(packageName)) return []
  const problems: string[] = []
  const check = (from: string, name: string, start: number): void => {
    const stability = effectStability(from, name)
    if (stability !== undefined && stability !== "stable")
      problems.push(problemAt(start, `${packageName} uses ${from}.${name}, which Effect marks ${stability}.`))
  }
  // `import { Schema } from "effect"` and `import * as Schema from "effect/Schema"` both name a module
  const modules = new Map<string, string>()
  for (const { moduleRequest, entries } of syntax.module.staticImports) {
    if (!/^effect(\/|$)/.test(moduleRequest.value)) continue
    for (const { importName, localName } of entries) {
      if (importName.kind === "NamespaceObject") modules.set(localName.value, moduleRequest.value)
      if (importName.name === null) continue
      check(moduleRequest.value, importName.name, moduleRequest.start)
      if (moduleRequest.value === "effect" && /^[A-Z]/.test(importName.name)) modules.set(localName.value, `effect/${importName.name}`)
    }
  }
  visit(syntax.program, (node) => {
    const dotted = dottedName(node)
    const from = dotted === null ? undefined : modules.get(dotted[0])
    if (dotted !== null && from !== undefined) check(from, dotted[1], node.start)
  })
  return problems
}
