import type { Receipt } from "@hpc-billing/core"
import { Clock, Effect } from "effect"
import { BillingStore } from "../store/index.ts"
import { readCredits } from "./PrepaidLog.ts"
import { planDraws } from "./planDraws.ts"

/** What issuing a draft would draw from the credit of a project. */
export interface PreviewedDraw {
  readonly project: string
  readonly drawnMinor: bigint
}

/** What issuing the drafts now would draw from prepaid credit, by receipt, those that are drawn for; stores nothing. */
export const previewDraws = Effect.fn("previewDraws")(function* (tenant: string, drafts: readonly Receipt[]) {
  const draws = new Map<string, readonly PreviewedDraw[]>()
  const [first] = drafts
  if (first === undefined) return draws
  const store = yield* BillingStore
  const credits = yield* readCredits(tenant, yield* store.head(tenant), new Set(drafts.map(({ payer }) => payer.id)), first.currency)
  const atSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  for (const draft of drafts) {
    const drawn = planDraws(draft, credits, atSeconds).filter(({ drawnMinor }) => drawnMinor > 0n)
    if (drawn.length > 0)
      draws.set(
        draft.id,
        drawn.map(({ project, drawnMinor }) => ({ project, drawnMinor })),
      )
  }
  return draws
})
