import { quantitiesBetween } from "./quantitiesBetween.ts"
import type { Slice, Usage } from "./Usage.ts"

/**
 * Cuts a usage at the instants that lie inside it; the slices sum to it, resource by resource. A usage that never ran is one
 * empty slice. One suspended at unknown times is not cut: its one slice carries the whole, flagged `suspension-unplaced`, and
 * spans only from the last cut to its end, so that it falls into the period in which it ended.
 */
export const slice = (usage: Usage, cutSeconds: readonly number[]): readonly Slice[] => {
  const { startSeconds, endSeconds } = usage
  const inside = cutSeconds.filter((cut) => cut > startSeconds && cut < endSeconds)
  if (inside.length === 0) {
    return [{ usage, startSeconds, endSeconds, before: {}, quantities: quantitiesBetween(usage, startSeconds, endSeconds) }]
  }
  const cuts = [...new Set(inside)].sort((left, right) => left - right)
  if (usage.suspension.kind === "unplaced") {
    return [
      {
        usage: { ...usage, flags: [...usage.flags, "suspension-unplaced"] },
        startSeconds: cuts.at(-1) as number,
        endSeconds,
        before: {},
        quantities: quantitiesBetween(usage, startSeconds, endSeconds),
      },
    ]
  }
  const slices: Slice[] = []
  let from = startSeconds
  for (const to of [...cuts, endSeconds]) {
    const before = from === startSeconds ? {} : quantitiesBetween(usage, startSeconds, from)
    slices.push({ usage, startSeconds: from, endSeconds: to, before, quantities: quantitiesBetween(usage, from, to) })
    from = to
  }
  return slices
}
