import { type BilledLine, canonicalJson, draftReceipt, issueReceipt, localTime, type Receipt, receiptToJson } from "@hpc-billing/core"
import type { AuditEvent } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { say } from "../api/sentences.ts"
import { decidePrepared } from "../commit/decide.ts"
import { ratingInputs } from "../commit/ratingInputs.ts"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import type { CommitPlan, LedgerHead } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { drawCredit } from "./drawCredit.ts"
import { conservationRefusal } from "./fate/conservationRefusal.ts"
import { receiptHeadersOf } from "./journalMonth.ts"
import { encodeMonthRating, monthRatingKind } from "./MonthRating.ts"
import { openPeriod } from "./monthPeriod.ts"
import { type ProjectCredit, readCredits } from "./PrepaidLog.ts"
import { type RunError, refuse } from "./RunError.ts"
import { type RatedMonth, rateMonth } from "./rateMonth.ts"
import { storedReceipt } from "./receiptEntries.ts"

export interface BilledMonth {
  readonly rated: RatedMonth
  /** Newly issued (or, in a dry run, drafted) receipts, by payer; empty when everything was billed already. */
  readonly receipts: readonly Receipt[]
}

/** A month rated, and one draft per payer with lines left to bill. */
interface DraftedMonth {
  readonly rated: RatedMonth
  readonly drafts: readonly Receipt[]
  /** The drafts are those of all payers. */
  readonly isWhole: boolean
}

interface BillOptions {
  readonly dryRun: boolean
  readonly payerId?: string
}

/**
 * Drafts one receipt per payer from what is rated and not yet billed, and issues them with dense numbers in one commit.
 * A second run over the same records finds nothing left and issues nothing. What an empty month was priced from is kept too. What
 * a payer paid ahead is drawn in the same commit, and the receipts drawn for are posted with it. A dry run answers the drafts, also of a
 * month that has not ended.
 */
export const billMonth = Effect.fn("billMonth")(function* (
  tenant: string,
  month: string,
  actor: Actor,
  options: BillOptions = { dryRun: false },
) {
  let drafted: DraftedMonth | null = null
  const issuedIds = yield* decidePrepared({
    tenant,
    actor,
    dryRun: options.dryRun,
    inputs: (head) => ratingInputs(tenant, head),
    prepare: Effect.gen(function* () {
      const made = yield* draftMonth(tenant, month, options.payerId)
      if (made.rated.atSeconds < made.rated.window.endSeconds && !options.dryRun) {
        return yield* refuse("month-not-ended", say("month-not-ended", { month, zone: made.rated.books.site.zone }))
      }
      const broken = conservationRefusal(made.rated, made.drafts, made.isWhole)
      if (broken !== null) return yield* broken
      drafted = made
      return made
    }),
    read: (made: DraftedMonth, head) => {
      const payerIds = new Set(made.drafts.map(({ payer }) => payer.id))
      return Effect.map(readCredits(tenant, head, payerIds, made.rated.books.rates.currency), (credits) => ({ ...made, credits }))
    },
    plan: (made, head) => planBill(made, head, actor),
    view: Effect.succeed,
  })
  const { rated, drafts } = (drafted as DraftedMonth | null) ?? (yield* draftMonth(tenant, month, options.payerId))
  if (options.dryRun) return { rated, receipts: drafts } satisfies BilledMonth
  const receipts: Receipt[] = []
  for (const id of issuedIds) receipts.push(yield* storedReceipt(tenant, id))
  return { rated, receipts } satisfies BilledMonth
})

/** What billing the month now would issue, as drafts; also of a month that has not ended. Stores nothing. */
export const previewBill = Effect.fn("previewBill")(function* (
  tenant: string,
  month: string,
  options: {
    readonly payerId?: string
    /** The month's lines on receipts that stand, where they are read already. */
    readonly billed?: readonly BilledLine[]
  } = {},
) {
  const { rated, drafts } = yield* draftMonth(tenant, month, options.payerId, options.billed)
  return { rated, receipts: drafts } satisfies BilledMonth
})

const draftMonth = Effect.fnUntraced(function* (tenant: string, month: string, payerId?: string, billed?: readonly BilledLine[]) {
  const rated = yield* rateMonth(tenant, month, billed)
  const { books } = rated
  const counts = new Map<string, number>()
  for (const { payer } of yield* receiptHeadersOf(tenant, month)) counts.set(payer.id, (counts.get(payer.id) ?? 0) + 1)
  const all = rated.payers.map(({ payer, lines }) =>
    draftReceipt({
      tenant: books.site.tenant,
      month,
      zone: books.site.zone,
      issuer: books.site.issuer,
      payer,
      currency: books.rates.currency,
      rounding: rated.rounding,
      sequence: (counts.get(payer.id) ?? 0) + 1,
      lines,
    }),
  )
  const drafts = all.filter(({ payer }) => payerId === undefined || payer.id === payerId)
  return { rated, drafts, isWhole: drafts.length === all.length } satisfies DraftedMonth
})

type CommitParts = CommitPlan<readonly string[]>

/** Issues the drafts under the next numbers; nothing where nothing is left and the month was rated before. */
const planBill = (
  { rated, drafts, isWhole, credits }: DraftedMonth & { readonly credits: readonly ProjectCredit[] },
  head: LedgerHead,
  actor: Actor,
): Result.Result<CommitParts, RunError> => {
  const isRated = head.documentVersion(monthRatingKind(rated.month)) > 0
  if (drafts.length === 0 && (isRated || !isWhole)) return Result.succeed({ answer: [], events: [] })
  const { tenant, zone, receiptSeries } = rated.books.site
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
    ...parts,
    documents: [...parts.documents, ...drawn.documents],
    periods: [...period, ...drawn.periods.filter(({ month }) => period.every((opened) => opened.month !== month))],
    entries: drawn.entries,
    receiptChanges: drawn.receiptChanges,
    events: [...parts.events, ...drawn.events],
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
