/** How many jobs slurmrestd answers in one piece without swelling. */
export const restJobsWanted = 2_000
const shortestSeconds = 60
const longestSeconds = 7 * 86_400

/** How much time to ask slurmrestd for next: half after an answer that was too large or did not come, twice after a small one. */
export const nextWindowSeconds = (lastSeconds: number, jobCount: number | "failed"): number => {
  if (jobCount === "failed" || jobCount > restJobsWanted) return Math.max(shortestSeconds, Math.floor(lastSeconds / 2))
  return jobCount < restJobsWanted / 4 ? Math.min(longestSeconds, lastSeconds * 2) : lastSeconds
}
