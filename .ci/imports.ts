import { dirname, normalize } from "node:path"
import type { SourceFile } from "./SourceFile.ts"
import { isNode, visit } from "./syntax.ts"

const scope = "@hpc-billing/"

/** Values flow core <- slurm-adapter, ledger <- service <- backstage-backend, and never back. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  "slurm-adapter": ["core"],
  ledger: ["core"],
  service: ["core", "slurm-adapter", "ledger"],
  "backstage-backend": ["service"],
  "backstage-plugin": ["core", "service/api"],
}

/** The contract that browsers load: it takes nothing from the rest of the service. */
const browserFolder = "packages/service/src/api"

/** What tests and benches take from outside their package: the ledger the real cryptography, the service the generated usage. */
const supportMayReach: Readonly<Record<string, string>> = {
  ledger: "packages/service/src/crypto/",
  service: "examples/month-end/src/generate/",
}

const isSupported = ({ kind, packageName }: SourceFile, target: string): boolean =>
  kind !== "source" && packageName !== null && target.startsWith(supportMayReach[packageName] ?? `packages/${packageName}/`)

/** Hosts find these by their default export: tools their configuration, Backstage a plugin. */
const defaultExports = /\.config\.ts$|^packages\/backstage-[a-z]+\/src\/index\.tsx?$/

const directionProblem = (packageName: string, specifier: string): string | null => {
  const wanted = specifier.slice(scope.length)
  const allowed = mayImport[packageName] ?? []
  const covers = (one: string): boolean => wanted === one || (wanted.startsWith(`${one}/`) && packageName !== "backstage-plugin")
  if (wanted === packageName || wanted.startsWith(`${packageName}/`) || allowed.some(covers)) return null
  return `${packageName} may not import ${specifier}; it may import ${allowed.length > 0 ? allowed.join(", ") : "no other package of the project"}.`
}

const browserProblem = (path: string, specifier: string): string | null => {
  const isRelative = specifier.startsWith(".")
  const stays = isRelative && normalize(`${dirname(path)}/${specifier}`).startsWith(`${browserFolder}/`)
  const isSafe = stays || /^(effect(\/.*)?|@hpc-billing\/core)$/.test(specifier)
  return isSafe ? null : `the contract that browsers load imports "${specifier}"; it may import core, effect and its own folder.`
}

const relativeProblems = (file: SourceFile, specifier: string): readonly string[] => {
  const { path, home, kind } = file
  const target = normalize(`${dirname(path)}/${specifier}`)
  const problems: string[] = []
  if (!target.startsWith(`${home}/`) && !isSupported(file, target))
    problems.push(`"${specifier}" leaves ${home}; import the package by its name.`)
  if (!/\.(ts|tsx|json|css|svg)$/.test(specifier)) problems.push(`"${specifier}" has no file extension; relative imports end in .ts.`)
  if (kind === "source" && /\.test\.tsx?$|\/test\//.test(target)) problems.push(`source imports the test "${specifier}".`)
  return problems
}

/** `@effect/platform-node` as a whole also loads what only one of its modules needs, such as `redis`, which nobody installed. */
const barrelProblem = (specifier: string): string | null =>
  /^@effect\/[^/]+$/.test(specifier)
    ? `"${specifier}" loads all modules of the package and their optional peers; import "${specifier}/MODULE" instead.`
    : null

/** The imports and exports of a file that go against the direction of packages, leave their own, or hide a name. */
export const importProblems = (file: SourceFile): readonly string[] => {
  const { path, packageName, kind, syntax, problemAt } = file
  const { module, program } = syntax
  const dynamic: { readonly value: string; readonly start: number }[] = []
  visit(program, (node) => {
    if (node.type === "ImportExpression" && "source" in node && isNode(node.source) && "value" in node.source)
      dynamic.push({ value: String(node.source.value), start: node.start })
  })
  const specifiers = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest ?? [])),
    ...dynamic,
  ]
  const problems = specifiers.flatMap(({ value, start }) => {
    const found = [
      ...(value.startsWith(".") ? relativeProblems(file, value) : []),
      packageName !== null && value.startsWith(scope) ? directionProblem(packageName, value) : null,
      barrelProblem(value),
      path.startsWith(`${browserFolder}/`) && kind === "source" ? browserProblem(path, value) : null,
    ]
    return found.filter((problem) => problem !== null).map((problem) => problemAt(start, problem))
  })
  for (const { entries } of module.staticExports)
    for (const { moduleRequest, exportName, start } of entries) {
      if (exportName.kind === "Default" && !defaultExports.test(path))
        problems.push(problemAt(start, "default export; the project exports by name only."))
      if (moduleRequest !== null && /\/index\.ts$/.test(path) && !moduleRequest.value.startsWith("./"))
        problems.push(problemAt(start, `an index re-exports its own children only, not "${moduleRequest.value}".`))
    }
  return problems
}
