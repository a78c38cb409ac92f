import { dirname, normalize } from "node:path"
import { parseSync } from "vite"
import { effectStability } from "./effectStability.ts"

/**
 * The house rules that are read off a source file's syntax: the direction of imports, Effect's stability, purity, named
 * exports. Values flow core <- slurm-adapter, ledger <- service <- backstage-backend, and never back.
 */
const scope = "@hpc-billing/"

const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  "slurm-adapter": ["core"],
  ledger: ["core"],
  service: ["core", "slurm-adapter", "ledger"],
  "backstage-backend": ["service"],
  "backstage-plugin": ["core", "service/api"],
}

/** Packages that promise to work with every Effect 4: they take only what it marks stable. */
const stableOnly = new Set(["core", "slurm-adapter", "ledger"])

/** Packages that run in a browser, on any host, and give identical bytes for identical input. */
const pure = new Set(["core", "ledger"])

const clocksAndRandom = new Set(["Date.now", "Math.random", "performance.now", "crypto.randomUUID", "crypto.getRandomValues"])
const hostGlobals = new Set(["process", "performance", "crypto", "console", "fetch", "setTimeout", "setInterval", "localStorage"])
const impureEffectModules = new Set(["Clock", "Random", "Console"])

interface Node {
  readonly type: string
  readonly start: number
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"

const visit = (node: Node, enter: (node: Node, parent: Node | null) => void, parent: Node | null = null): void => {
  enter(node, parent)
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, enter, node)
}

/** `Date.now` of a member expression or a qualified type name; null when either side is not a plain name. */
const dottedName = (node: Node): readonly [string, string] | null => {
  const [left, right] =
    node.type === "MemberExpression" && "object" in node && "property" in node && "computed" in node && node.computed === false
      ? [node.object, node.property]
      : node.type === "TSQualifiedName" && "left" in node && "right" in node
        ? [node.left, node.right]
        : []
  return isNode(left) && isNode(right) && "name" in left && "name" in right ? [String(left.name), String(right.name)] : null
}

/** Is the identifier a reference, rather than the name of a property, a key or a declaration's own name? */
const isReference = (node: Node, parent: Node | null): boolean => {
  if (parent === null) return false
  if ("computed" in parent && parent.computed === true) return true
  if (parent.type === "MemberExpression" && "property" in parent) return parent.property !== node
  if ("key" in parent) return parent.key !== node || ("shorthand" in parent && parent.shorthand === true)
  return !/^(TSPropertySignature|TSMethodSignature|ImportSpecifier|ExportSpecifier|TSQualifiedName|TSTypeReference|Literal)$/.test(
    parent.type,
  )
}

/** The problems of one file of `packages/` or `examples/`, each as a sentence with its place; empty when it keeps the rules. */
export const importProblems = (path: string, text: string): readonly string[] => {
  const problems: string[] = []
  const say = (start: number, problem: string): void => {
    problems.push(`${path}:${text.slice(0, start).split("\n").length}: ${problem}`)
  }
  const [, area, name = ""] = /^(packages|examples)\/([^/]+)\//.exec(path) ?? []
  if (area === undefined) return problems
  const home = `${area}/${name}`
  const isPackage = area === "packages"
  const isTest = /\.test\.tsx?$/.test(path)
  const isSource = path.startsWith(`${home}/src/`) && !isTest && !path.startsWith(`${home}/src/testing/`)
  const isIndex = /\/index\.ts$/.test(path)
  const { program, module } = parseSync(path, text)

  const checkSpecifier = (specifier: string, start: number): void => {
    if (specifier.startsWith(".")) {
      const target = normalize(`${dirname(path)}/${specifier}`)
      if (!target.startsWith(`${home}/`)) say(start, `"${specifier}" leaves ${home}; import the package by its name.`)
      if (!/\.(ts|tsx|json)$/.test(specifier)) say(start, `"${specifier}" has no file extension; relative imports end in .ts.`)
      if (isSource && target.endsWith(".test.ts")) say(start, `source imports the test "${specifier}".`)
      return
    }
    if (specifier.startsWith(scope) && isPackage) {
      const wanted = specifier.slice(scope.length)
      const allowed = mayImport[name] ?? []
      const itself = wanted === name || wanted.startsWith(`${name}/`)
      if (!itself && !allowed.some((one) => wanted === one || (wanted.startsWith(`${one}/`) && name !== "backstage-plugin")))
        say(
          start,
          `${name} may not import ${specifier}; it may import ${allowed.length > 0 ? allowed.join(", ") : "no other package of the project"}.`,
        )
    }
    if (specifier.startsWith("node:") && pure.has(name) && isPackage && isSource)
      say(start, `${name} is pure and imports ${specifier}; ask for it by a small port.`)
  }

  /** Local names of Effect's modules: `import { Schema } from "effect"`, `import * as Schema from "effect/Schema"`. */
  const effectModules = new Map<string, string>()
  const checkEffectName = (from: string, exported: string, start: number): void => {
    const stability = effectStability(from, exported)
    if (stability !== undefined && stability !== "stable") say(start, `${name} uses ${from}.${exported}, which Effect marks ${stability}.`)
    if (pure.has(name) && isSource && from === "effect" && impureEffectModules.has(exported))
      say(start, `${name} is pure and uses Effect's ${exported}.`)
  }
  for (const { moduleRequest, entries } of module.staticImports) {
    checkSpecifier(moduleRequest.value, moduleRequest.start)
    if (!isPackage || !stableOnly.has(name) || isTest || !/^effect(\/|$)/.test(moduleRequest.value)) continue
    for (const { importName, localName } of entries) {
      if (importName.kind === "NamespaceObject") effectModules.set(localName.value, moduleRequest.value)
      else if (importName.name !== null) {
        checkEffectName(moduleRequest.value, importName.name, moduleRequest.start)
        if (moduleRequest.value === "effect" && /^[A-Z]/.test(importName.name))
          effectModules.set(localName.value, `effect/${importName.name}`)
      }
    }
  }
  for (const statement of module.staticExports)
    for (const { moduleRequest, exportName, start } of statement.entries) {
      if (exportName.kind === "Default" && !path.endsWith(".config.ts")) say(start, "default export; the project exports by name only.")
      if (moduleRequest === null) continue
      checkSpecifier(moduleRequest.value, moduleRequest.start)
      if (isIndex && !moduleRequest.value.startsWith("./"))
        say(start, `an index re-exports its own children only, not "${moduleRequest.value}".`)
    }
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^(["'])(.*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end))
    if (literal?.[2] !== undefined) checkSpecifier(literal[2], moduleRequest.start)
  }

  visit(program, (node, parent) => {
    const dotted = dottedName(node)
    if (dotted !== null) {
      const from = effectModules.get(dotted[0])
      if (from !== undefined) checkEffectName(from, dotted[1], node.start)
    }
    if (!isSource || !isPackage || !stableOnly.has(name)) return
    if (dotted !== null && clocksAndRandom.has(dotted.join(".")))
      say(node.start, `${dotted.join(".")} in ${name}: clocks and random come in as values.`)
    if (node.type === "NewExpression" && "callee" in node && isNode(node.callee) && "name" in node.callee && node.callee.name === "Date")
      if ("arguments" in node && Array.isArray(node.arguments) && node.arguments.length === 0)
        say(node.start, `new Date() in ${name} reads the clock; the instant comes in as a value.`)
    if (pure.has(name) && node.type === "Identifier" && "name" in node && hostGlobals.has(String(node.name)) && isReference(node, parent))
      say(node.start, `${name} is pure and reaches for the host's ${String(node.name)}.`)
  })
  return problems
}
