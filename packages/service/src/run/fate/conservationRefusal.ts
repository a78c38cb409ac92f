import type { BilledLine, Receipt } from "@hpc-billing/core"
import { type Finding, say } from "../../api/sentences.ts"
import { type RunError, refuse } from "../RunError.ts"
import type { RatedMonth } from "../rateMonth.ts"
import type { Fate } from "./Fate.ts"
import { fatesOf } from "./fatesOf.ts"
import { namesOf, sayFate } from "./sayFate.ts"

const findingsMaximum = 10

/**
 * Why the books would not charge each usage exactly once, as it is rated, with the drafts issued; null: they would. It looks at the
 * month and at the late usages of closed months; `isWhole` false: at what stands twice or without a record alone, as others are still to be billed.
 */
export const conservationRefusal = (rated: RatedMonth, drafts: readonly Receipt[] = [], isWhole = true): RunError | null => {
  const { month } = rated
  const drafted = Map.groupBy(
    drafts.flatMap(({ id, lines }) => lines.map((line): BilledLine => ({ line, receiptNumber: id }))),
    ({ line }) => line.corrects?.month ?? month,
  )
  const breaches = rated.charges.flatMap((charges) => {
    const standing = [...charges.standing, ...(drafted.get(charges.month) ?? [])]
    return fatesOf({ ...charges, standing }, () => isWhole)
      .filter(({ breach }) => breach !== null)
      .map((fate) => ({ month: charges.month, fate }))
  })
  if (breaches.length === 0) return null
  const fates = breaches.map(({ fate }) => fate)
  if (drafts.length === 0 && fates.every(isLeftToBill)) {
    const lines = rated.payers.reduce((count, payer) => count + payer.lines.length, 0)
    return refuse("not-ready", say("close-unbilled", { month, lines: String(lines), usages: namesOf(fates) }))
  }
  const findings = breaches.slice(0, findingsMaximum).map((breach): Finding => ({ ...sayFate(breach.month, breach.fate), path: "" }))
  return refuse("does-not-tie", say("month-not-conserved", { month, count: String(fates.length) }), findings)
}

const isLeftToBill = ({ breach }: Fate): boolean => breach === "not-billed" || breach === "billed-otherwise"
