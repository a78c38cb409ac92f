import { Result } from "effect"
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Scalar, visit } from "yaml"
import { rateProblem } from "../rating/RateProblem.ts"
import { checkDocumentLimits } from "./checkDocumentLimits.ts"
import { documentProblemsMaximum } from "./DocumentLimits.ts"
import { placeText, type TextPlace, type TextProblem } from "./TextProblem.ts"
import { WrittenNumber } from "./WrittenNumber.ts"

/** A document that people wrote, with the way back from a path in its value to the place in its text. */
export interface WrittenDocument {
  /** Plain data; a number without quotes is a `WrittenNumber`. */
  readonly value: unknown
  /** The nearest place that the path leads to. */
  readonly placeOf: (path: readonly (string | number)[]) => TextPlace
}

/**
 * Reads YAML, and so JSON, within `DocumentLimits`. Numbers are kept as they are written, also in the names of fields. A repeated field,
 * a tab in the indent, a second document and YAML 1.1 (in which 010 is 8) are refused with their place. Repeated fields are found here
 * with a set, since the parser compares each field with all before it.
 */
export const readDocument = (text: string): Result.Result<WrittenDocument, readonly TextProblem[]> => {
  const excess = checkDocumentLimits(text)
  if (excess !== null) return Result.fail([excess])
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, version: "1.2", uniqueKeys: false, strict: true, prettyErrors: false })
  const at = (offset: number): TextPlace => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const isOther = document.directives?.yaml.version !== "1.2"
  const wrong: readonly Fault[] = [
    ...document.errors.map(({ code, message, pos }) => ({
      offset: pos[0],
      detail: code === "MULTIPLE_DOCS" ? "A second document begins here" : message,
    })),
    ...(isOther ? [{ offset: 0, detail: "It says that it is YAML 1.1: write it in YAML 1.2" }] : []),
    ...faultsOf(document.contents),
  ]
  if (wrong.length > 0) {
    return Result.fail(
      wrong.slice(0, documentProblemsMaximum).map(({ offset, detail }) => {
        const place = at(offset)
        const problem = rateProblem(placeText(place), "wrong-value", "book-syntax-detail", {
          detail: `${detail}. Mend the YAML or JSON there.`,
        })
        return { ...problem, place }
      }),
    )
  }
  visit(document, {
    Scalar: (key, node) => {
      if (typeof node.value === "number" && node.source !== undefined)
        node.value = key === "key" ? node.source : new WrittenNumber(node.source)
    },
  })
  return Result.succeed({
    // what aliases repeat was counted before
    value: document.toJS({ maxAliasCount: -1 }),
    placeOf: (path) => {
      for (let length = path.length; length > 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true)
        if (isNode(node) && node.range) return at(node.range[0])
      }
      return at(0)
    },
  })
}

interface Fault {
  readonly offset: number
  readonly detail: string
}

/** The field that a key names: a number as it is written. */
const nameOf = ({ value, source }: Scalar): unknown => (typeof value === "number" ? source : value)

/** Keys that their object has already, and aliases of what has no name before them. */
const faultsOf = (contents: unknown): readonly Fault[] => {
  const faults: Fault[] = []
  const anchors = new Set<string>()
  const walk = (node: unknown): void => {
    if (isAlias(node)) {
      if (!anchors.has(node.source))
        faults.push({ offset: node.range?.[0] ?? 0, detail: `Nothing before this alias is named &${node.source}` })
      return
    }
    if (isNode(node) && node.anchor !== undefined) anchors.add(node.anchor)
    if (isSeq(node)) node.items.forEach(walk)
    if (!isMap(node)) return
    const names = new Set<unknown>()
    for (const { key, value } of node.items) {
      if (isScalar(key)) {
        if (names.has(nameOf(key))) faults.push({ offset: key.range?.[0] ?? 0, detail: "Map keys must be unique" })
        names.add(nameOf(key))
      }
      walk(key)
      walk(value)
    }
  }
  walk(contents)
  return faults
}
