import type { IngestSummary } from "../../run/ingestSource.ts"

const shownMaximum = 10

export const ingestText = (summary: IngestSummary): string => {
  const { source, read, accepted, replaced, known, rejected, rejections } = summary
  const lines = [
    `${source}: ${read} read, ${accepted} accepted, ${replaced} replaced by a newer version, ${known} already known, ${rejected} rejected`,
  ]
  for (const { reason, count, first } of rejections.slice(0, shownMaximum)) {
    const place = first.lineNumber === null ? "" : ` (first at line ${first.lineNumber}${first.field === null ? "" : `, ${first.field}`})`
    lines.push(`  ${count} x ${reason}${place}`)
  }
  if (rejections.length > shownMaximum) lines.push(`  and ${rejections.length - shownMaximum} more reasons`)
  return lines.join("\n")
}
