import { canonicalJson } from "@hpc-billing/core"
import type { Period } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { say } from "../api/sentences.ts"
import { decide } from "../commit/decide.ts"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import type { CommitPlan, LedgerHead } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { readBook } from "./Books.ts"
import { checkMonth } from "./monthPeriod.ts"
import { type RunError, refuse } from "./RunError.ts"
import { planReopen } from "./reopenMonth.ts"

/** A wish to open a closed month again, as document `reopen-request/MONTH` keeps it. */
export interface ReopenRequest {
  readonly format: 1
  readonly month: string
  readonly requestedBy: string
  readonly requestedAtSeconds: number
  readonly reason: string
  /** Of the close that it would undo: a later close asks for a new request. */
  readonly closedAtSeconds: number
}

const kindOf = (month: string): string => `reopen-request/${month}`

/** The request that waits for another person's approval; null when there is none. */
export const pendingReopen = Effect.fnUntraced(function* (tenant: string, period: Period | undefined) {
  if (period?.status.kind !== "closed") return null
  const request = yield* readBook<ReopenRequest>(tenant, kindOf(period.month))
  return request?.closedAtSeconds === period.status.closedAtSeconds ? request : null
})

/** Asks to open a closed month again. Nothing changes until another person approves; a second request takes the place of the first. */
export const requestReopen = Effect.fn("requestReopen")(function* (tenant: string, month: string, reason: string, actor: Actor) {
  yield* checkMonth(month)
  yield* decide({
    tenant,
    actor,
    read: () => Effect.void,
    plan: (_, head) => planRequest(month, reason, actor, head),
    view: () => Effect.void,
  })
})

const planRequest = (month: string, reason: string, actor: Actor, head: LedgerHead): Result.Result<CommitPlan<number>, RunError> => {
  const period = head.periods.get(month)
  if (period?.status.kind !== "closed") return Result.fail(refuse("not-ready", say("reopen-not-closed", { month })))
  const kind = kindOf(month)
  const version = head.documentVersion(kind) + 1
  const request = {
    format: 1,
    month,
    requestedBy: actor.name,
    requestedAtSeconds: Number(head.atMicroseconds / 1_000_000n),
    reason: reason.trim(),
    closedAtSeconds: period.status.closedAtSeconds,
  } satisfies ReopenRequest
  const bytes = new TextEncoder().encode(canonicalJson(request))
  return Result.succeed({
    answer: version,
    documents: [{ kind, version, bytes }],
    events: [
      {
        action: "period.reopen-request",
        actor: actor.name,
        requestId: actor.requestId,
        subject: `${kind}/${version}`,
        detail: { reason: request.reason, sha256: sha256Hex(bytes) },
      },
    ],
  })
}

/** Opens the month as somebody else asked, approved by the actor. */
export const approveReopen = Effect.fn("approveReopen")(function* (tenant: string, month: string, actor: Actor) {
  yield* checkMonth(month)
  yield* decide({
    tenant,
    actor,
    read: (head) => pendingReopen(tenant, head.periods.get(month)),
    plan: (request, head) =>
      request === null
        ? Result.fail(refuse("not-ready", say("reopen-not-requested", { month })))
        : planReopen(month, { requestedBy: request.requestedBy, approvedBy: actor.name, reason: request.reason }, actor, head),
    view: () => Effect.void,
  })
})
