import { type ParseResult, parseSync } from "vite"

/** A TypeScript file of `packages/` or `examples/` with its syntax, for the house rules that are read off the source. */
export interface SourceFile {
  readonly path: string
  /** `packages/core`. */
  readonly home: string
  /** `core`; null for an example. */
  readonly packageName: string | null
  readonly kind: "source" | "test" | "support"
  readonly syntax: ParseResult
  /** A problem at an offset of the text, as a sentence with its place. */
  readonly problemAt: (start: number, problem: string) => string
}

/** null when the path lies outside the packages and examples. */
export const parseSourceFile = (path: string, text: string): SourceFile | null => {
  const [home, area, name = ""] = /^(packages|examples)\/([^/]+)/.exec(path) ?? []
  if (home === undefined) return null
  const isTest = /\.test\.tsx?$/.test(path)
  const isSource = path.startsWith(`${home}/src/`) && !path.startsWith(`${home}/src/testing/`)
  return {
    path,
    home,
    packageName: area === "packages" ? name : null,
    kind: isTest ? "test" : isSource ? "source" : "support",
    syntax: parseSync(path, text),
    problemAt: (start, problem) => `${path}:${text.slice(0, start).split("\n").length}: ${problem}`,
  }
}
