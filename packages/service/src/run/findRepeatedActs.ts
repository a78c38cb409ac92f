import type { AuditEvent } from "@hpc-billing/ledger"

/**
 * Reads the events of an audit log one after another and answers of each whether its act stands in the log already: the records of an
 * act follow one another. What an act can do once, such as the posting of an entry, is found where rows are compared with the log.
 */
export const findRepeatedActs = () => {
  let lastActionId = 0n
  return ({ actionId }: Pick<AuditEvent, "actionId">): readonly string[] => {
    if (actionId === undefined) return []
    const id = BigInt(actionId)
    if (id < lastActionId) return [`act ${id} stands again after act ${lastActionId}`]
    lastActionId = id
    return []
  }
}
