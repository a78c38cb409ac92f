import { Result } from "effect"
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml"
import { rateProblem } from "../rating/RateProblem.ts"
import { checkDocumentLimits } from "./checkDocumentLimits.ts"
import { documentProblemsMaximum } from "./DocumentLimits.ts"
import { placeText, type TextPlace, type TextProblem } from "./TextProblem.ts"

/** A YAML or JSON text, read, with the way back from a path in its value to the place in its text. */
export interface ParsedDocument {
  readonly document: Document.Parsed
  /** The nearest place that the path leads to. */
  readonly place: (path: readonly (string | number)[]) => TextPlace
}

/**
 * Reads a text within `DocumentLimits`; JSON is YAML, so one reader does for both. A repeated key, a tab indent or a second document is
 * a problem with its place. Repeated keys are found here with a set, since the parser compares each key with all before it.
 */
export const parseDocumentText = (text: string): Result.Result<ParsedDocument, readonly TextProblem[]> => {
  const excess = checkDocumentLimits(text)
  if (excess !== null) return Result.fail([excess])
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, strict: true, prettyErrors: false })
  const at = (offset: number): TextPlace => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const wrong: readonly Fault[] = [
    ...document.errors.map(({ code, message, pos }) => ({
      offset: pos[0],
      detail: code === "MULTIPLE_DOCS" ? "A second document begins here" : message,
    })),
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
  return Result.succeed({
    document,
    place: (path) => {
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
    const keys = new Set<unknown>()
    for (const { key, value } of node.items) {
      if (isScalar(key)) {
        if (keys.has(key.value)) faults.push({ offset: key.range?.[0] ?? 0, detail: "Map keys must be unique" })
        keys.add(key.value)
      }
      walk(key)
      walk(value)
    }
  }
  walk(contents)
  return faults
}
