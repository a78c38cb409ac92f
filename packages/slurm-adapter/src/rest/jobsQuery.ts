import type { Window } from "@hpc-billing/core"
import type { RestVersion } from "./restJob.ts"

/**
 * The query of `/jobs` for a window: epoch seconds, which older versions take only with the prefix `uts`. Where the flags exist, all that keep every
 * attempt and whole run times are sent, as one of them alone would undo the others' defaults.
 */
export const jobsQuery = (version: RestVersion, parameters: ReadonlySet<string>, window: Window): string => {
  const prefix = version >= 42 ? "" : "uts"
  const parts = [`start_time=${prefix}${window.startSeconds}`, `end_time=${prefix}${window.endSeconds}`]
  for (const flag of ["show_duplicates", "disable_truncate_usage_time"]) if (parameters.has(flag)) parts.push(`${flag}=true`)
  return parts.join("&")
}
