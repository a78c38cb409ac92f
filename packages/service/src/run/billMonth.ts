import { type BilledLine, canonicalJson, draftReceipt, issueReceipt, localTime, type Receipt, receiptToJson } from "@hpc-billing/core"
import type { AuditEvent } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { say } from "../api/sentences.ts"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import { BillingStore, type CommitPlan, type LedgerHead } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { drawCredit } from "./drawCredit.ts"
import { encodeMonthRating, monthRatingKind } from "./MonthRating.ts"
import { openPeriod } from "./monthPeriod.ts"
import { onSteadyBooks } from "./onSteadyBooks.ts"
import { type ProjectCredit, placeOfCredits, readCredits } from "./PrepaidLog.ts"
import { type RunError, refuse } from "./RunError.ts"
import { type RatedMonth, rateMonth } from "./rateMonth.ts"

export interface BilledMonth {
  readonly rated: RatedMonth
  /** Newly issued (or, in a dry run, drafted) receipts, by payer; empty when everything was billed already. */
  readonly receipts: readonly Receipt[]
}

/**
 * Drafts one receipt per payer from what is rated and not yet billed, and issues them with dense numbers in one commit.
 * A second run over the same records finds nothing left and issues nothing. What an empty month was priced from is kept too. What
 * a payer paid ahead is drawn in the same commit, and the receipts drawn for are posted with it.
 */
export const billMonth = Effect.fn("billMonth")(function* (
  tenant: string,
  month: string,
  actor: Actor,
  options: {
    readonly dryRun: boolean
    readonly payerId?: string
    /** The month's lines on receipts that stand, where they are read already. */
    readonly billed?: readonly BilledLine[]
  } = { dryRun: false },
) {
  const store = yield* BillingStore
  const rated = yield* rateMonth(tenant, month, options.billed)
  if (rated.atSeconds < rated.window.endSeconds && !options.dryRun) {
    return yield* refuse("month-not-ended", say("month-not-ended", { month, zone: rated.books.site.zone }))
  }
  const all = yield* draftMonth(rated)
  const drafts = all.filter(({ payer }) => options.payerId === undefined || payer.id === options.payerId)
  if (options.dryRun) return { rated, receipts: drafts } satisfies BilledMonth
  const isRated = (yield* store.document(tenant, monthRatingKind(month), null)) !== null
  if (drafts.length === 0 && (isRated || all.length > 0)) {
    return { rated, receipts: [] } satisfies BilledMonth
  }
  const receipts = yield* Effect.suspend(() => {
    let issued: readonly Receipt[] = []
    const plan = (credits: readonly ProjectCredit[], head: LedgerHead): Result.Result<CommitParts, RunError> => {
      const made = issueAll(rated, drafts, drafts.length === all.length, credits, head, actor)
      if (Result.isSuccess(made)) issued = made.success.issued
      return Result.map(made, ({ parts }) => parts)
    }
    const credits = readCredits(tenant, new Set(drafts.map(({ payer }) => payer.id)), rated.books.rates.currency)
    return Effect.map(onSteadyBooks(tenant, actor, credits, plan, { placeOf: placeOfCredits }), () => issued)
  })
  return { rated, receipts } satisfies BilledMonth
})

/** One draft per payer with lines left to bill. */
const draftMonth = Effect.fnUntraced(function* (rated: RatedMonth) {
  const store = yield* BillingStore
  const { books, month } = rated
  const standing = yield* store.listReceipts(books.site.tenant, { month }, { cursor: null, limit: 1_000 })
  return rated.payers.map(({ payer, lines }) =>
    draftReceipt({
      tenant: books.site.tenant,
      month,
      zone: books.site.zone,
      issuer: books.site.issuer,
      payer,
      currency: books.rates.currency,
      rounding: rated.rounding,
      sequence: standing.rows.filter((receipt) => receipt.payer.id === payer.id).length + 1,
      lines,
    }),
  )
})

type CommitParts = CommitPlan<readonly string[]>

interface Issued {
  /** As they stand after prepaid credit was drawn. */
  readonly issued: readonly Receipt[]
  readonly parts: CommitParts
}

const issueAll = (
  rated: RatedMonth,
  drafts: readonly Receipt[],
  isWhole: boolean,
  credits: readonly ProjectCredit[],
  head: LedgerHead,
  actor: Actor,
): Result.Result<Issued, RunError> => {
  const { tenant, zone, receiptSeries } = rated.books.site
  if (head.periods.get(rated.month)?.status.kind === "closed") {
    return Result.fail(refuse("month-closed", say("month-closed-while-billed", { month: rated.month })))
  }
  const issuedAtSeconds = Number(head.atMicroseconds / 1_000_000n)
  const { year } = localTime(issuedAtSeconds, zone)
  const first = head.nextNumber(receiptSeries, year)
  const issued = drafts.map((draft, index) =>
    Result.getOrThrow(
      issueReceipt(draft, { number: `${receiptSeries}${year}-${String(first + BigInt(index)).padStart(6, "0")}`, issuedAtSeconds }),
    ),
  )
  const period = head.periods.has(rated.month) ? [] : [openPeriod(tenant, rated.month, zone)]
  const parts = partsOf(rated, issued, isWhole, head, actor, { series: receiptSeries, year, taken: issued.length })
  return Result.map(drawCredit(issued, credits, head, rated.books.site, actor), (drawn) => ({
    issued: issued.map((receipt) => ({ ...receipt, status: drawn.statuses.get(receipt.id) ?? receipt.status })),
    parts: {
      ...parts,
      documents: [...parts.documents, ...drawn.documents],
      periods: [...period, ...drawn.periods.filter(({ month }) => period.every((opened) => opened.month !== month))],
      entries: drawn.entries,
      receiptChanges: drawn.receiptChanges,
      events: [...parts.events, ...drawn.events],
    },
  }))
}

/** The month's rating is kept once nothing is left to bill: until then the records it saw may still matter to another payer. */
const partsOf = (
  rated: RatedMonth,
  issued: readonly Receipt[],
  isWhole: boolean,
  head: LedgerHead,
  actor: Actor,
  numbers: { readonly series: string; readonly year: number; readonly taken: number },
) => {
  const receipts = issued.map((receipt) => ({ receipt, issuedBytes: new TextEncoder().encode(canonicalJson(receiptToJson(receipt))) }))
  const kind = monthRatingKind(rated.month)
  const documents = isWhole ? [{ kind, version: head.documentVersion(kind) + 1, bytes: encodeMonthRating(rated, receipts) }] : []
  const event = (action: string, subject: string, detail: AuditEvent["detail"]): AuditEvent => ({
    action,
    actor: actor.name,
    requestId: actor.requestId,
    subject,
    detail,
  })
  return {
    answer: issued.map(({ id }) => id),
    receipts,
    documents,
    numbers: [numbers],
    events: [
      ...documents.map(({ version, bytes }) => event("month.rate", `${kind}/${version}`, { sha256: sha256Hex(bytes) })),
      ...receipts.map(({ receipt, issuedBytes }) =>
        event("receipt.issue", receipt.id, {
          number: receipt.status.kind === "issued" ? receipt.status.number : "",
          grossMinor: String(receipt.grossMinor),
          currency: receipt.currency.code,
          sha256: sha256Hex(issuedBytes),
        }),
      ),
    ],
  }
}
