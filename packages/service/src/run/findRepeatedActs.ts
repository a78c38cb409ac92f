import type { AuditEvent } from "@hpc-billing/ledger"

/** Actions that happen to a subject once: what stands twice was done twice. */
const onceOnly = new Set(["receipt.issue", "book.publish", "month.rate", "credit-note.issue", "prepaid.change", "period.reopen-request"])

/**
 * Reads the events of an audit log one after another and answers what of each stands in the log already: an act whose records do not
 * follow one another, the posting of an entry, the issue or publication of a document.
 */
export const findRepeatedActs = () => {
  let lastActionId = 0n
  const seen = new Set<string>()
  const isSeen = (key: string): boolean => {
    const known = seen.has(key)
    seen.add(key)
    return known
  }
  return ({ action, actionId, subject, detail }: AuditEvent): readonly string[] => {
    const findings: string[] = []
    if (actionId !== undefined) {
      const id = BigInt(actionId)
      if (id < lastActionId) findings.push(`act ${id} stands again after act ${lastActionId}`)
      else lastActionId = id
    }
    if (action === "entry.post") {
      for (const entryId of Object.keys(detail))
        if (isSeen(`${action} ${entryId}`)) findings.push(`entry ${entryId} is posted a second time`)
    } else if (onceOnly.has(action) && isSeen(`${action} ${subject}`)) findings.push(`${action} of ${subject} stands a second time`)
    return findings
  }
}
