import { type JobRecord, jobKey, type Window } from "@hpc-billing/core"

/** Records with the suspend windows that only slurmdbd's database knows, for those that were suspended. */
export const withSuspendedWindows = (
  records: readonly JobRecord[],
  windows: ReadonlyMap<string, readonly Window[]>,
): readonly JobRecord[] =>
  records.map((record) => {
    const suspendedWindows = record.suspendedSeconds > 0 || record.state === "SUSPENDED" ? windows.get(jobKey(record)) : undefined
    return suspendedWindows === undefined ? record : { ...record, suspendedWindows }
  })
