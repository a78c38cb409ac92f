import { readFile } from "node:fs/promises"
import { Effect } from "effect"
import { isNode, LineCounter, parseDocument } from "yaml"
import { SiteError } from "./SiteError.ts"

/** A YAML or JSON file with the way back from a path in its value to the place in its text. */
export interface StructuredFile {
  readonly file: string
  readonly value: unknown
  /** `rates.yaml:12:5`, the nearest place that the path leads to. */
  readonly place: (path: readonly (string | number)[]) => string
}

/** JSON is YAML, so one reader does for both. A repeated key, a tab indent or a second document is refused with its place. */
export const readStructuredFile = (file: string): Effect.Effect<StructuredFile, SiteError> =>
  Effect.tryPromise({
    try: () => readFile(file, "utf8"),
    catch: (cause) => {
      const missing = (cause as NodeJS.ErrnoException).code === "ENOENT"
      return new SiteError({
        reason: missing ? "missing" : "unreadable",
        problems: [
          missing
            ? `${file}: no such file. Create it, or name the folder that has it with --site.`
            : `${file}: ${(cause as Error).message}`,
        ],
      })
    },
  }).pipe(Effect.flatMap((text) => parseStructuredText(file, text)))

export const parseStructuredText = (file: string, text: string): Effect.Effect<StructuredFile, SiteError> => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => `${at(error.pos[0])}: ${error.message.split("\n")[0]}`)
    return Effect.fail(new SiteError({ reason: "syntax", problems }))
  }
  return Effect.succeed({
    file,
    value: document.toJS({ maxAliasCount: 100 }),
    place: (path) => {
      for (let length = path.length; length > 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true)
        if (isNode(node) && node.range) return at(node.range[0])
      }
      return at(0)
    },
  })
}
