import { formatMinor, localDate, monthOf } from "@hpc-billing/core"
import {
  applyPrepaid,
  type Entry,
  type LedgerError,
  type Prepaid,
  type PrepaidOperation,
  prepaidBalances,
  topUpEntry,
} from "@hpc-billing/ledger"
import { Clock, Effect, Result } from "effect"
import { type Sentence, say } from "../api/sentences.ts"
import { type ActOptions, decide } from "../commit/decide.ts"
import { policyOf } from "../site/policyOf.ts"
import { BillingStore } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { loadBooks } from "./Books.ts"
import { balanceTexts, type PrepaidLog, type ProjectCredit, prepaidChange, prepaidKind, readCredits, readPrepaid } from "./PrepaidLog.ts"
import { postingOf } from "./postingOf.ts"
import { refuse } from "./RunError.ts"
import { sayLedger } from "./sayFailure.ts"

export type PrepaidAct =
  | { readonly kind: "top-up"; readonly id: string; readonly amountMinor: bigint; readonly payerId: string }
  | { readonly kind: "hold"; readonly id: string; readonly amountMinor: bigint; readonly forSeconds: number }
  /** Ends a hold and gives back what is left of it. */
  | { readonly kind: "release"; readonly id: string }

/** Where a project's prepaid credit stands, its holds expired up to now. */
export const showPrepaid = Effect.fn("showPrepaid")(function* (tenant: string, project: string) {
  const { rates } = yield* loadBooks(tenant)
  const { log, operations, prepaid } = yield* readPrepaid(tenant, project, rates.currency)
  if (log === null) return yield* refuse("not-found", say("prepaid-unknown", { project }))
  return standingOf({ log, operations, prepaid }, Math.floor((yield* Clock.currentTimeMillis) / 1_000))
})

/** Where the credit of every project of the payers stands; null: of every payer. */
export const listPrepaid = Effect.fn("listPrepaid")(function* (tenant: string, payerIds: ReadonlySet<string> | null) {
  const store = yield* BillingStore
  const { rates } = yield* loadBooks(tenant)
  const atSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  return (yield* readCredits(tenant, yield* store.head(tenant), payerIds, rates.currency)).map((credit) => standingOf(credit, atSeconds))
})

const standingOf = ({ log, operations, prepaid }: ProjectCredit, atSeconds: number) => {
  const { project, currency, holds, ...standing } = expired(prepaid, atSeconds)
  const balances = prepaidBalances({ project, currency, holds, ...standing })
  return { project, payerId: log.payerId, currency, ...balances, holds: [...holds], operations }
}

/**
 * Tops up a project's credit, holds a part of it for a running job, or releases a hold; a top-up is booked in the same commit. A
 * hold is refused when what is settled less what is held does not cover it. The same id and content again change nothing.
 */
export const actOnPrepaid = Effect.fn("actOnPrepaid")(function* (
  tenant: string,
  project: string,
  act: PrepaidAct,
  actor: Actor,
  options: ActOptions = { dryRun: false },
) {
  if (!/^[\p{L}\p{M}\p{N}._-]{1,64}$/u.test(project)) {
    return yield* refuse("not-ready", say("prepaid-project-wrong", { project }))
  }
  const kind = prepaidKind(project)
  const atSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  const answer = yield* decide({
    tenant,
    actor,
    dryRun: options.dryRun,
    read: () =>
      Effect.gen(function* () {
        const { site, rates, payerBook } = yield* loadBooks(tenant)
        return { site, rates, payerBook, ...(yield* readPrepaid(tenant, project, rates.currency)) }
      }),
    plan: ({ site, rates, payerBook, log, prepaid }, head) => {
      if (act.kind === "top-up" && !payerBook.payers.some(({ id }) => id === act.payerId)) {
        return Result.fail(refuse("not-found", say("payer-not-published", { payer: act.payerId })))
      }
      const month = monthOf(atSeconds, site.zone)
      if (act.kind !== "top-up" && log === null) return refused(say("prepaid-unknown", { project }))
      if (act.kind === "top-up" && log !== null && log.payerId !== act.payerId) {
        return refused(say("prepaid-of-another", { project, owner: log.payerId, payer: act.payerId }))
      }
      const payerId = act.kind === "top-up" ? act.payerId : (log as PrepaidLog).payerId
      const own = operationOf(act, prepaid, atSeconds)
      const operations: readonly PrepaidOperation[] = [{ id: `expire/${head.documentVersion(kind) + 1}`, kind: "expire", atSeconds }, own]
      let next = prepaid
      for (const operation of operations) {
        const applied = applyPrepaid(next, operation)
        if (Result.isFailure(applied)) return refused(sayUnfit(applied.failure, next, own))
        next = applied.success
      }
      const isDone = prepaid.done.has(own.id)
      const entries: readonly Entry[] =
        act.kind === "top-up" && !isDone
          ? [
              topUpEntry(
                {
                  tenant,
                  topUpId: `${project}/${act.id}`,
                  payerId,
                  month,
                  date: localDate(atSeconds, site.zone),
                  currency: rates.currency,
                  amountMinor: act.amountMinor,
                },
                policyOf(site).roles,
              ),
            ]
          : []
      return Result.map(postingOf(entries, head, site, actor), (posting) => {
        const answer = balanceTexts(next)
        const detail = { act: act.kind, id: act.id }
        if (isDone) {
          const repeat = { action: "prepaid.repeat", actor: actor.name, requestId: actor.requestId, subject: kind, detail }
          return { answer, events: [repeat] }
        }
        const { document, event } = prepaidChange({ payerId, earlier: log, operations, after: next, detail }, head, actor)
        return { ...posting, answer, documents: [document], events: [event, ...posting.events] }
      })
    },
    view: Effect.succeed,
  })
  return {
    settledMinor: BigInt(answer.settledMinor),
    inFlightMinor: BigInt(answer.inFlightMinor),
    availableMinor: BigInt(answer.availableMinor),
  }
})

const refused = (sentence: Sentence) => Result.fail(refuse("not-ready", sentence))

const sayUnfit = (error: LedgerError, prepaid: Prepaid, operation: PrepaidOperation): Sentence => {
  if (error.reason !== "insufficient-balance" || operation.kind !== "hold") return sayLedger(error)
  const { project, currency } = prepaid
  const money = (amountMinor: bigint): string => `${formatMinor(amountMinor, currency)} ${currency.code}`
  const { availableMinor } = prepaidBalances(prepaid)
  return say("prepaid-too-little", { project, available: money(availableMinor), asked: money(operation.amountMinor) })
}

/** A hold that was placed before keeps its time, so that the same hold again is the same operation. */
const operationOf = (act: PrepaidAct, prepaid: Prepaid, atSeconds: number): PrepaidOperation => {
  const id = `${act.kind}/${act.id}`
  switch (act.kind) {
    case "top-up":
      return { id, kind: "top-up", amountMinor: act.amountMinor }
    case "hold": {
      const expiresAtSeconds = prepaid.holds.get(act.id)?.expiresAtSeconds ?? atSeconds + act.forSeconds
      const placedAtSeconds = prepaid.holds.has(act.id) ? expiresAtSeconds - act.forSeconds : atSeconds
      return { id, kind: "hold", holdId: act.id, amountMinor: act.amountMinor, expiresAtSeconds, atSeconds: placedAtSeconds }
    }
    case "release":
      return { id, kind: "void", holdId: act.id }
  }
}

const expired = (prepaid: Prepaid, atSeconds: number): Prepaid =>
  Result.getOrThrow(applyPrepaid(prepaid, { id: "expire/shown", kind: "expire", atSeconds }))
