import { type BilledLine, correctionLines, type RatedLine, unmappedPayerId } from "@hpc-billing/core"
import { isWithoutPayer } from "../rateWithLaterPayers.ts"
import type { Fate, FateBreach, FateKind, FateLine } from "./Fate.ts"
import type { MonthCharges } from "./MonthCharges.ts"

interface Subject {
  readonly rated: RatedLine[]
  readonly standing: BilledLine[]
}

/**
 * The fate of each usage of a month, and of its amounts of the whole period, in order of their ids. `isSettled` tells of which usages
 * (null: the period) everything must stand by now: what is left to bill of them is a breach.
 */
export const fatesOf = (charges: MonthCharges, isSettled: (usageId: string | null) => boolean): readonly Fate[] => {
  const subjects = new Map<string, Subject>()
  const subjectAt = (line: RatedLine): Subject => {
    const id = idOf(line)
    const known = subjects.get(id) ?? { rated: [], standing: [] }
    subjects.set(id, known)
    return known
  }
  for (const line of charges.rated) subjectAt(line).rated.push(line)
  for (const entry of charges.standing) subjectAt(entry.line).standing.push(entry)
  const fates = [...subjects].flatMap(([id, subject]) => fateOf(id, subject, charges, isSettled) ?? [])
  const lined = new Set(fates.map(({ id }) => id))
  for (const { id, record } of charges.pending) {
    if (lined.has(id)) continue
    const { cluster, account, user, displayJobId } = record
    const place = { subject: "job", id, cluster, account, user, jobId: displayJobId } as const
    fates.push({ ...place, kind: "provisional", reason: "pending", lines: [], breach: null })
  }
  return fates.sort((left, right) => (left.id < right.id ? -1 : 1))
}

/** The usage that a line prices, or the payer's period in its counted group. */
const idOf = ({ usageId, payerId, cluster, account, user }: RatedLine): string =>
  usageId ?? [payerId, "period", cluster, account, user].filter((part) => part !== "").join("/")

const fateOf = (
  id: string,
  { rated, standing }: Subject,
  { month, unread }: MonthCharges,
  isSettled: (usageId: string | null) => boolean,
): Fate | null => {
  const first = rated[0] ?? (standing[0] as BilledLine).line
  const { cluster, account, user } = first
  const lines = standing.map(({ line, receiptNumber }): FateLine => ({ lineId: line.id, receiptNumber: receiptNumber ?? "" }))
  const make = (kind: FateKind, reason: string | null = null, breach: FateBreach | null = null): Fate => ({
    subject: subjectKind(first),
    id,
    cluster,
    account,
    user,
    jobId: first.usageId === null || subjectKind(first) === "reading" ? "" : first.jobId,
    kind,
    reason,
    lines,
    breach,
  })
  if (new Set(lines.map(({ lineId }) => lineId)).size < lines.length) return make("billed", null, "billed-twice")
  if (unread.has(id)) return make("billed", null, "no-record")
  const left = correctionLines(standing, rated, { month }).some(({ payerId }) => payerId !== unmappedPayerId)
  if (left && standing.length === 0) return make("unbilled", null, isSettled(first.usageId) ? "not-billed" : null)
  if (left) return make("unbilled", "changed", isSettled(first.usageId) ? "billed-otherwise" : null)
  if (rated.some(isWithoutPayer)) return make("unmapped")
  const provisional = rated.find((line) => line.provisional)
  if (provisional !== undefined) return make("provisional", provisional.zeroReason === "never-started" ? "pending" : "running")
  // its time moved to another month, and what it was charged here was taken back
  if (rated.length === 0) return null
  return rated.some(({ zeroReason }) => zeroReason === null) ? make("billed") : make("zero", first.zeroReason)
}

const subjectKind = ({ usageId, cluster }: RatedLine): Fate["subject"] =>
  usageId === null ? "period" : usageId.startsWith(`${cluster}/reading/`) ? "reading" : "job"
