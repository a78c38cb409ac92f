import { canonicalJson, localDate, monthOf } from "@hpc-billing/core"
import {
  type AuditEvent,
  applyPrepaid,
  type Entry,
  emptyPrepaid,
  type Prepaid,
  type PrepaidOperation,
  prepaidBalances,
  topUpEntry,
} from "@hpc-billing/ledger"
import { Clock, Effect, Result } from "effect"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import type { Actor } from "./Actor.ts"
import { loadBooks, readBook } from "./Books.ts"
import { policyOf } from "./journalMonth.ts"
import { onSteadyBooks } from "./onSteadyBooks.ts"
import { postingOf } from "./postingOf.ts"
import { refuse } from "./RunError.ts"

/** As stored: each version of the document `prepaid/PROJECT` holds all operations so far, amounts as text. */
interface PrepaidLog {
  readonly format: 1
  readonly payerId: string
  readonly operations: readonly Readonly<Record<string, string | number | boolean>>[]
}

export type PrepaidAct =
  | { readonly kind: "top-up"; readonly id: string; readonly amountMinor: bigint; readonly payerId: string }
  | { readonly kind: "hold"; readonly id: string; readonly amountMinor: bigint; readonly forSeconds: number }
  /** Ends a hold and gives back what is left of it. */
  | { readonly kind: "release"; readonly id: string }

/** Where a project's prepaid credit stands, its holds expired up to now. */
export const showPrepaid = Effect.fn("showPrepaid")(function* (tenant: string, project: string) {
  const { rates } = yield* loadBooks(tenant)
  const { log, prepaid } = yield* readPrepaid(tenant, project)
  if (log === null) return yield* refuse("not-found", `Project ${project} has no prepaid credit: top it up first.`)
  const atSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  const standing = expired(prepaid, atSeconds)
  return { project, payerId: log.payerId, currency: rates.currency, ...prepaidBalances(standing), holds: [...standing.holds] }
})

/**
 * Tops up a project's credit, holds a part of it for a running job, or releases a hold; a top-up is booked in the same commit. A
 * hold is refused when what is settled less what is held does not cover it. The same id and content again change nothing.
 */
export const actOnPrepaid = Effect.fn("actOnPrepaid")(function* (tenant: string, project: string, act: PrepaidAct, actor: Actor) {
  if (!/^[\p{L}\p{M}\p{N}._-]{1,64}$/u.test(project)) {
    return yield* refuse("not-ready", `"${project}" is no project: letters, digits, dot, dash or underscore, at most 64.`)
  }
  const { site, rates, payerBook } = yield* loadBooks(tenant)
  if (act.kind === "top-up" && !payerBook.payers.some(({ id }) => id === act.payerId)) {
    return yield* refuse("not-found", `There is no payer ${act.payerId} in the published payers.yaml.`)
  }
  const kind = kindOf(project)
  const atSeconds = Math.floor((yield* Clock.currentTimeMillis) / 1_000)
  const month = monthOf(atSeconds, site.zone)
  const answer = yield* onSteadyBooks(
    tenant,
    actor,
    readPrepaid(tenant, project),
    ({ log, prepaid }, head) => {
      if (act.kind !== "top-up" && log === null) return refused(`Project ${project} has no prepaid credit: top it up first.`)
      if (act.kind === "top-up" && log !== null && log.payerId !== act.payerId) {
        return refused(`The credit of project ${project} belongs to payer ${log.payerId}, not to ${act.payerId}.`)
      }
      const payerId = act.kind === "top-up" ? act.payerId : (log as PrepaidLog).payerId
      const own = operationOf(act, prepaid, atSeconds)
      const operations: readonly PrepaidOperation[] = [{ id: `expire/${head.documentVersion(kind) + 1}`, kind: "expire", atSeconds }, own]
      let next = prepaid
      for (const operation of operations) {
        const applied = applyPrepaid(next, operation)
        if (Result.isFailure(applied)) return refused(applied.failure.message)
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
        const balances = answerOf(next)
        const by = { actor: actor.name, requestId: actor.requestId }
        if (isDone)
          return { answer: balances, events: [{ ...by, action: "prepaid.repeat", subject: kind, detail: { act: act.kind, id: act.id } }] }
        const version = head.documentVersion(kind) + 1
        const stored: PrepaidLog = { format: 1, payerId, operations: [...(log?.operations ?? []), ...operations.map(jsonOf)] }
        const bytes = new TextEncoder().encode(canonicalJson({ ...stored, operations: stored.operations.map((each) => ({ ...each })) }))
        const change: AuditEvent = {
          ...by,
          action: "prepaid.change",
          subject: `${kind}/${version}`,
          detail: { act: act.kind, id: act.id, ...balances, sha256: sha256Hex(bytes) },
        }
        return { ...posting, answer: balances, documents: [{ kind, version, bytes }], events: [change, ...posting.events] }
      })
    },
    (head) => head.documentVersion(kind),
  )
  return {
    settledMinor: BigInt(answer.settledMinor),
    inFlightMinor: BigInt(answer.inFlightMinor),
    availableMinor: BigInt(answer.availableMinor),
  }
})

const kindOf = (project: string): string => `prepaid/${project}`

const refused = (sentence: string) => Result.fail(refuse("not-ready", sentence))

const answerOf = (prepaid: Prepaid) => {
  const { settledMinor, inFlightMinor, availableMinor } = prepaidBalances(prepaid)
  return { settledMinor: String(settledMinor), inFlightMinor: String(inFlightMinor), availableMinor: String(availableMinor) }
}

const readPrepaid = Effect.fnUntraced(function* (tenant: string, project: string) {
  const log = yield* readBook<PrepaidLog>(tenant, kindOf(project))
  let prepaid = emptyPrepaid(project)
  for (const stored of log?.operations ?? []) prepaid = Result.getOrThrow(applyPrepaid(prepaid, operationFrom(stored)))
  return { log, prepaid }
})

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

const jsonOf = (operation: PrepaidOperation): PrepaidLog["operations"][number] =>
  Object.fromEntries(Object.entries(operation).map(([name, value]) => [name, typeof value === "bigint" ? value.toString() : value]))

const operationFrom = (stored: PrepaidLog["operations"][number]): PrepaidOperation =>
  ("amountMinor" in stored ? { ...stored, amountMinor: BigInt(String(stored.amountMinor)) } : stored) as unknown as PrepaidOperation
