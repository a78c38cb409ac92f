import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { parseSync } from "vite"

/** What Effect promises of an exported name: `stable` follows semantic versioning, the others may break in a minor release. */
export type Stability = "stable" | "unstable" | "experimental"

const require = createRequire(import.meta.url)
const stabilityTag = /@stability (stable|unstable|experimental)/
const modules = new Map<string, ReadonlyMap<string, Stability>>()

/** The stability tag of each name that a module of `effect` (`effect`, `effect/Schema`) exports, read from its declarations. */
const stabilitiesOf = (module: string): ReadonlyMap<string, Stability> => {
  const known = modules.get(module)
  if (known !== undefined) return known
  const path = require.resolve(module).replace(/\.js$/, ".d.ts")
  const text = readFileSync(path, "utf8")
  const { program, comments } = parseSync(path, text)
  const tagBefore = (start: number): Stability | undefined => {
    const comment = comments.findLast(({ end }) => end <= start)
    if (comment === undefined || text.slice(comment.end, start).trim() !== "") return undefined
    return stabilityTag.exec(comment.value)?.[1] as Stability | undefined
  }
  const found = new Map<string, Stability>()
  const add = (name: string, stability: Stability | undefined): void => {
    // of two declarations of a name (a type and its constructor) the weaker promise counts
    const before = found.get(name)
    if (stability !== undefined && (before === undefined || before === "stable")) found.set(name, stability)
  }
  for (const statement of program.body) {
    if (statement.type === "ExportAllDeclaration" && statement.exported?.type === "Identifier")
      add(statement.exported.name, tagBefore(statement.start))
    if (statement.type !== "ExportNamedDeclaration") continue
    for (const specifier of statement.specifiers)
      if (specifier.exported.type === "Identifier") add(specifier.exported.name, tagBefore(specifier.start) ?? tagBefore(statement.start))
    const declaration = statement.declaration
    if (declaration === null) continue
    const identifiers =
      declaration.type === "VariableDeclaration"
        ? declaration.declarations.map(({ id }) => id)
        : "id" in declaration
          ? [declaration.id]
          : []
    for (const identifier of identifiers) if (identifier?.type === "Identifier") add(identifier.name, tagBefore(statement.start))
  }
  modules.set(module, found)
  return found
}

/** The promise of `module`'s export `name`; undefined when it has no such export or carries no tag. */
export const effectStability = (module: string, name: string): Stability | undefined => stabilitiesOf(module).get(name)
