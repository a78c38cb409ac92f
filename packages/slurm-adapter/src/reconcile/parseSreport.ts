import type { Window } from "@hpc-billing/core"
import { Result } from "effect"

/** Seconds of one TRES that Slurm reports for one association: memory in MiB-seconds, all others count x seconds. */
export interface ReportedSeconds {
  readonly cluster: string
  readonly account: string
  readonly user: string
  readonly tres: string
  readonly seconds: bigint
}

export interface Sreport {
  /** As the title says it, taken as UTC: run sreport with TZ=UTC. */
  readonly window: Window
  readonly rows: readonly ReportedSeconds[]
}

const title = /^Cluster\/Account\/User Utilization (\S+) - (\S+) \((\d+) secs\)$/
const header = "Cluster|Account|Login|Proper Name|TRES Name|Used"

/**
 * Reads `sreport -P -t Seconds -T ALL cluster AccountUtilizationByUser` with its title; rows of users only, as those of accounts are
 * their sums. The failure is a sentence with the next step.
 */
export const parseSreport = (text: string): Result.Result<Sreport, string> => {
  let window: Window | null = null
  let unit = ""
  let inRows = false
  const rows: ReportedSeconds[] = []
  for (const [index, line] of text.split("\n").entries()) {
    const titled = title.exec(line)
    if (titled !== null) {
      const startSeconds = Date.parse(`${titled[1]}Z`) / 1000
      window = { startSeconds, endSeconds: startSeconds + Number(titled[3]) }
    } else if (line.startsWith("Usage reported in ")) unit = line.slice(18)
    else if (line === header) inRows = true
    else if (inRows && line !== "") {
      const [cluster, account, user, , tres, used, ...rest] = line.split("|")
      if (tres === undefined || used === undefined || rest.length > 0 || !/^\d+$/.test(used)) {
        return Result.fail(`line ${index + 1} of the report is no row of it ("${line.slice(0, 60)}"); run sreport again`)
      }
      if (user !== undefined && user !== "")
        rows.push({ cluster: cluster ?? "", account: account ?? "", user, tres, seconds: BigInt(used) })
    }
  }
  if (window === null || Number.isNaN(window.startSeconds) || !inRows) {
    return Result.fail("it is no report; run sreport -P -t Seconds -T ALL cluster AccountUtilizationByUser, with its title (without -n)")
  }
  if (unit !== "TRES Seconds")
    return Result.fail(`it is in ${unit || "an unknown unit"}, rounded line by line; run sreport again with -t Seconds`)
  return Result.succeed({ window, rows })
}
