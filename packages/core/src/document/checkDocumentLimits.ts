import { CST, Lexer } from "yaml"
import { rateProblem } from "../rating/RateProblem.ts"
import {
  documentAliasesMaximum,
  documentCharactersMaximum,
  documentDepthMaximum,
  documentFieldsMaximum,
  documentItemsMaximum,
  documentLinesMaximum,
  documentValuesMaximum,
} from "./DocumentLimits.ts"
import { placeText, type TextPlace, type TextProblem } from "./TextProblem.ts"

type ExcessCode =
  | "book-too-long"
  | "book-too-many-lines"
  | "book-too-deep"
  | "book-too-many-fields"
  | "book-too-many-items"
  | "book-too-many-values"
  | "book-too-many-aliases"

/** An object or list that is being read. */
interface Open {
  readonly kind: "object" | "list"
  /** Of its first character; in brackets nothing is told by columns. */
  readonly column: number | "in brackets"
  entries: number
  /** Of the entry that is being read, in brackets. */
  hasColon: boolean
  /** Anchors of the entry that is being read. */
  anchors: Anchor[]
}

interface Anchor {
  readonly valuesBefore: number
  /** Values of what it names; null while that is being read. */
  values: number | null
}

/**
 * The first thing of which a YAML or JSON text has more than `DocumentLimits` allow, or null. It reads the text once, token by token,
 * and stops there: its cost grows with the text and with nothing else. Whether the text is right YAML is not asked.
 */
export const checkDocumentLimits = (text: string): TextProblem | null => {
  const excess = (code: ExcessCode, maximum: number, place: TextPlace | null = null): TextProblem => ({
    ...rateProblem(placeText(place), "too-large", code, { maximum: maximum.toLocaleString("en-US") }),
    place,
  })
  if (text.length > documentCharactersMaximum) return excess("book-too-long", documentCharactersMaximum)
  if (linesOf(text) > documentLinesMaximum) return excess("book-too-many-lines", documentLinesMaximum)

  const open: Open[] = []
  const anchors = new Map<string, Anchor>()
  let [offset, lineStart, line] = [0, 0, 1]
  let [values, aliases] = [0, 0]
  /** Where what is being read in this line began, a possible key; null before it. */
  let start: number | null = null
  let anchorsOfStart: Anchor[] = []
  let isScalarNext = false

  const closeAnchors = (of: Anchor[]): void => {
    for (const anchor of of) anchor.values ??= values - anchor.valuesBefore + 1
    of.length = 0
  }
  const close = (): void => closeAnchors((open.pop() as Open).anchors)
  const entry = (of: Open): void => {
    closeAnchors(of.anchors)
    of.entries += 1
    of.hasColon = false
    values += 1
  }
  const colonIn = (of: Open): void => {
    if (of.hasColon || of.kind === "list") values += 1
    of.hasColon = true
  }
  const begin = (kind: Open["kind"], column: Open["column"]): Open => {
    const begun: Open = { kind, column, entries: 0, hasColon: false, anchors: [] }
    open.push(begun)
    return begun
  }
  /** One more entry of the block at the column: the one that is open there, or a new one. */
  const entryAt = (kind: Open["kind"], column: number): void => {
    for (let last = open.at(-1); last !== undefined && last.column !== "in brackets"; last = open.at(-1)) {
      const isInner = last.column > column || (last.column === column && last.kind === "list" && kind === "object")
      if (!isInner) break
      close()
    }
    const last = open.at(-1)
    entry(last !== undefined && last.kind === kind && last.column === column ? last : begin(kind, column))
  }
  const brackets = (): Open | null => {
    const last = open.at(-1)
    return last?.column === "in brackets" ? last : null
  }

  for (const token of new Lexer().lex(text)) {
    const column = offset - lineStart
    const type = isScalarNext ? "scalar" : CST.tokenType(token)
    const isMark = !isScalarNext && (token === CST.DOCUMENT || token === CST.SCALAR || token === CST.FLOW_END)
    isScalarNext = !isScalarNext && token === CST.SCALAR
    switch (isMark && token !== CST.FLOW_END ? null : type) {
      case "seq-item-ind":
      case "explicit-key-ind":
        // an error in brackets, and so each one more thing to tell
        if (brackets() !== null) values += 1
        else entryAt(type === "seq-item-ind" ? "list" : "object", column)
        start = null
        anchorsOfStart = []
        break
      case "map-value-ind": {
        closeAnchors(anchorsOfStart)
        const inner = brackets()
        if (inner === null) entryAt("object", start ?? column)
        else colonIn(inner)
        start = null
        break
      }
      case "flow-map-start":
      case "flow-seq-start":
        start ??= column
        anchorsOfStart = []
        entry(begin(type === "flow-map-start" ? "object" : "list", "in brackets"))
        break
      case "comma": {
        const inner = brackets()
        if (inner !== null) entry(inner)
        anchorsOfStart = []
        break
      }
      case "flow-map-end":
      case "flow-seq-end":
        if (brackets() !== null) close()
        break
      case "flow-error-end":
        while (brackets() !== null) close()
        break
      case "doc-start":
      case "doc-end":
        while (open.length > 0) close()
        break
      case "newline":
        start = null
        anchorsOfStart = []
        break
      case "anchor": {
        start ??= column
        const anchor: Anchor = { valuesBefore: values, values: null }
        anchors.set(token.slice(1), anchor)
        open.at(-1)?.anchors.push(anchor)
        anchorsOfStart.push(anchor)
        aliases += 1
        break
      }
      case "alias": {
        start ??= column
        const named = anchors.get(token.slice(1))
        // an alias within what it names would never end
        values += named === undefined ? 1 : (named.values ?? documentValuesMaximum + 1)
        aliases += 1
        break
      }
      case "tag":
        start ??= column
        values += 1
        break
      case "scalar":
      case "single-quoted-scalar":
      case "double-quoted-scalar":
        start ??= column
        break
    }
    const last = open.at(-1)
    const over: readonly [code: ExcessCode, maximum: number] | null =
      open.length > documentDepthMaximum
        ? ["book-too-deep", documentDepthMaximum]
        : last?.kind === "object" && last.entries > documentFieldsMaximum
          ? ["book-too-many-fields", documentFieldsMaximum]
          : last !== undefined && last.entries > documentItemsMaximum
            ? ["book-too-many-items", documentItemsMaximum]
            : aliases > documentAliasesMaximum
              ? ["book-too-many-aliases", documentAliasesMaximum]
              : values > documentValuesMaximum
                ? ["book-too-many-values", documentValuesMaximum]
                : null
    if (over !== null) return excess(...over, { line, column: column + 1 })
    if (isMark) continue
    for (let end = token.indexOf("\n"); end >= 0; end = token.indexOf("\n", end + 1)) {
      line += 1
      lineStart = offset + end + 1
    }
    offset += token.length
  }
  return null
}

const linesOf = (text: string): number => {
  let lines = 1
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) lines += 1
  return lines
}
