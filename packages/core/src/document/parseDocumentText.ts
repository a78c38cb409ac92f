import { Result } from "effect"
import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from "yaml"
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
  const wrong = [
    ...document.errors.map(({ code, message, pos }) => ({
      offset: pos[0],
      detail: code === "MULTIPLE_DOCS" ? "A second document begins here" : message,
    })),
    ...repeatedKeys(document.contents).map((offset) => ({ offset, detail: "Map keys must be unique" })),
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

/** Where keys begin that their object has already. */
const repeatedKeys = (node: unknown): readonly number[] => {
  if (isPair(node)) return [...repeatedKeys(node.key), ...repeatedKeys(node.value)]
  if (isSeq(node)) return node.items.flatMap(repeatedKeys)
  if (!isMap(node)) return []
  const keys = new Set<unknown>()
  return node.items.flatMap((pair) => {
    const { key } = pair
    const isRepeated = isScalar(key) && keys.has(key.value)
    if (isScalar(key)) keys.add(key.value)
    return [...(isRepeated ? [key.range?.[0] ?? 0] : []), ...repeatedKeys(pair)]
  })
}
