import type { Receipt } from "@hpc-billing/core"
import { type Drawn, drawPrepaid } from "@hpc-billing/ledger"
import type { ProjectCredit } from "./PrepaidLog.ts"

/** What a project's credit pays of a receipt, and how. */
export interface Draw extends Drawn {
  readonly project: string
  readonly log: ProjectCredit["log"]
}

/** What the credit of its payer pays of a receipt, in order of projects, until it is settled or nothing is left. */
export const planDraws = (receipt: Receipt, credits: readonly ProjectCredit[], atSeconds: number): readonly Draw[] => {
  const jobIds = new Set(receipt.lines.flatMap(({ jobId }) => jobId ?? []))
  const draws: Draw[] = []
  let owedMinor = receipt.grossMinor
  for (const { log, prepaid } of credits) {
    if (log.payerId !== receipt.payer.id) continue
    const drawn = drawPrepaid(prepaid, { receiptId: receipt.id, owedMinor, jobIds, atSeconds })
    if (drawn.operations.length === 0) continue
    draws.push({ ...drawn, project: prepaid.project, log })
    owedMinor -= drawn.drawnMinor
  }
  return draws
}

/** What is drawn for a receipt from all credits. */
export const drawnMinorOfAll = (draws: readonly { readonly drawnMinor: bigint }[]): bigint =>
  draws.reduce((sum, { drawnMinor }) => sum + drawnMinor, 0n)
