import { Result } from "effect"
import type { Cryptography } from "../Cryptography.ts"
import type { PostingPolicy } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { journalDigest } from "../journal/canonicalJournal.ts"
import { type TrialBalance, trialBalance } from "../journal/trialBalance.ts"
import type { LedgerError } from "../LedgerError.ts"
import { deriveEntries } from "./deriveEntries.ts"
import type { ReceiptEvent } from "./ReceiptEvent.ts"

export interface JournalPreview {
  readonly entries: readonly Entry[]
  /** Equals the digest of what posting writes. */
  readonly journalSha256: string
  readonly trialBalance: TrialBalance
}

/** What posting these events would write, by the functions that write it. Fails with the first event that cannot be booked. */
export const previewJournal = (
  cryptography: Cryptography,
  events: Iterable<ReceiptEvent>,
  policy: PostingPolicy,
): Result.Result<JournalPreview, LedgerError> => {
  const entries: Entry[] = []
  for (const event of events) {
    const derived = deriveEntries(event, policy)
    if (Result.isFailure(derived)) return Result.fail(derived.failure)
    entries.push(...derived.success)
  }
  return Result.succeed({
    entries,
    journalSha256: journalDigest(cryptography, entries),
    trialBalance: trialBalance(entries, policy.chart),
  })
}
