import { readFile } from "node:fs/promises"
import { fillBlanks, rateProblemTexts, readDocument, type TextPlace, type WrittenDocument } from "@hpc-billing/core"
import { Effect, Result } from "effect"
import { SiteError } from "./SiteError.ts"

/** A YAML or JSON file with the way back from a path in its value to the place in its text. */
export interface StructuredFile {
  readonly file: string
  readonly value: unknown
  /** `rates.yaml:12:5`, the nearest place that the path leads to. */
  readonly place: (path: readonly (string | number)[]) => string
}

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
  const read = readDocument(text)
  if (Result.isSuccess(read)) return Effect.succeed(structuredFile(file, read.success))
  const problems = read.failure.map(({ place, code, values }) => `${placeIn(file, place)}: ${fillBlanks(rateProblemTexts[code], values)}`)
  return Effect.fail(new SiteError({ reason: "syntax", problems }))
}

const placeIn = (file: string, place: TextPlace | null): string => (place === null ? file : `${file}:${place.line}:${place.column}`)

export const structuredFile = (file: string, { value, placeOf }: WrittenDocument): StructuredFile => ({
  file,
  value,
  place: (path) => placeIn(file, placeOf(path)),
})
