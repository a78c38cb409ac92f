import type { Window } from "@hpc-billing/core"
import type { Reconciliation } from "@hpc-billing/slurm-adapter"
import { table } from "./table.ts"

export const reconcileText = (window: Window, { lines, notes, unexplainedCount }: Reconciliation): string => {
  const rows = lines.map(({ account, user, tres, oursSeconds, reportedSeconds, explanations, unexplainedSeconds }) => [
    account,
    user,
    tres,
    String(oursSeconds),
    String(reportedSeconds),
    String(unexplainedSeconds),
    explanations.map(({ reason, seconds, subject }) => `${reason} ${seconds} (${subject})`).join(", "),
  ])
  const instant = (seconds: number): string => new Date(seconds * 1_000).toISOString()
  return [
    `${instant(window.startSeconds)} to ${instant(window.endSeconds)}, in seconds`,
    table(
      [["account", "user", "TRES", "ours", "sreport", "unexplained", "explained by"], ...rows],
      [false, false, false, true, true, true, false],
    ),
    ...notes.map(({ subject, text }) => `note: ${subject}: ${text}`),
    unexplainedCount === 0
      ? `${lines.length} numbers agree with Slurm's report, each difference explained`
      : `${unexplainedCount} of ${lines.length} numbers differ without a known cause`,
  ].join("\n")
}
