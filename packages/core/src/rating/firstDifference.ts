import { type CanonicalValue, canonicalJson } from "../canonicalJson.ts"
import { lineJson } from "./lineJson.ts"
import type { RatedLine } from "./RatedLine.ts"

export interface LineDifference {
  readonly reason: "line-missing" | "line-added" | "line-differs"
  readonly lineId: string
  readonly message: string
}

/** The first line on file that rating does not give again field by field, or the first that it gives beyond them; null: they are the same. */
export const firstDifference = (stored: readonly RatedLine[], computed: ReadonlyMap<string, RatedLine>): LineDifference | null => {
  for (const line of stored) {
    const again = computed.get(line.id)
    if (again === undefined) {
      const message = `line ${line.id} stands on file, but nothing that was used gives it.`
      return { reason: "line-added", lineId: line.id, message }
    }
    const field = differingField(line, again)
    if (field !== null) return { reason: "line-differs", lineId: line.id, message: `line ${line.id} differs in ${field}.` }
  }
  if (stored.length >= computed.size) return null
  const ids = new Set(stored.map((line) => line.id))
  const missing = [...computed.keys()].find((id) => !ids.has(id)) as string
  return { reason: "line-missing", lineId: missing, message: `line ${missing} comes out, but does not stand on file.` }
}

type Fields = Readonly<Record<string, CanonicalValue>>

const text = (value: CanonicalValue | undefined): string => canonicalJson(value ?? null)

const differingField = (stored: RatedLine, computed: RatedLine): string | null => {
  const [left, right] = [lineJson(stored) as Fields, lineJson(computed) as Fields]
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (left[name] === right[name] || text(left[name]) === text(right[name])) continue
    return `${name}: ${text(left[name])} stands, ${text(right[name])} comes out`
  }
  return null
}
