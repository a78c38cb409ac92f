import { type Estimate, estimateJob, type PlannedJob, resolvePayer } from "@hpc-billing/core"
import { Result } from "effect"
import { type Sentence, say } from "../api/sentences.ts"
import type { Books } from "./Books.ts"

/** What a planned job would cost at most. Where no rate card prices it, the sentence says what is missing: it is not free. */
export const estimatePlanned = (
  planned: PlannedJob,
  who: { readonly cluster: string; readonly user: string; readonly startSeconds: number },
  books: Books,
): Result.Result<Estimate, Sentence> => {
  const estimate = estimateJob(planned, who, books)
  if (!estimate.lines.every(({ zeroReason }) => zeroReason === "no-card-in-force")) return Result.succeed(estimate)
  const { account } = planned
  if (account === "") return Result.fail(say("estimate-account-missing"))
  const payer = resolvePayer(books.payers, who.cluster, account, who.user, who.startSeconds)
  if (payer.kind === "unmapped") return Result.fail(say("estimate-account-unmapped", { account, cluster: who.cluster }))
  const tiers = new Set(payer.shares.map((share) => share.payer.tier))
  return Result.fail(say("formula-not-in-force", { tier: [...tiers].join(", ") }))
}
