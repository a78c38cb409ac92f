import { type Currency, canonicalJson } from "@hpc-billing/core"
import { type AuditEvent, applyPrepaid, emptyPrepaid, type Prepaid, type PrepaidOperation, prepaidBalances } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import type { LedgerHead, NewDocument } from "../store/index.ts"
import type { Actor } from "./Actor.ts"
import { readBook } from "./Books.ts"

/**
 * A project's prepaid credit as stored: each version of the document `prepaid/PROJECT` holds all operations so far, amounts as
 * text. It is not the money, which entries move in the same commits.
 */
export interface PrepaidLog {
  readonly format: 1
  readonly payerId: string
  readonly operations: readonly Readonly<Record<string, string | number | boolean>>[]
}

export const prepaidPrefix = "prepaid/"

export const prepaidKind = (project: string): string => `${prepaidPrefix}${project}`

/** The log, null when there is none, and where it leads. */
export const readPrepaid = Effect.fnUntraced(function* (tenant: string, project: string, currency: Currency) {
  const log = yield* readBook<PrepaidLog>(tenant, prepaidKind(project))
  const operations = (log?.operations ?? []).map(operationFrom)
  let prepaid = emptyPrepaid(project, currency)
  for (const operation of operations) prepaid = Result.getOrThrow(applyPrepaid(prepaid, operation))
  return { log, operations, prepaid }
})

/** A project's prepaid credit, as it was read before an act. */
export interface ProjectCredit {
  readonly log: PrepaidLog
  readonly operations: readonly PrepaidOperation[]
  readonly prepaid: Prepaid
}

/** The credit of every project that one of the payers paid ahead for, in order of projects; null: of every payer. */
export const readCredits = Effect.fnUntraced(function* (
  tenant: string,
  head: LedgerHead,
  payerIds: ReadonlySet<string> | null,
  currency: Currency,
) {
  const credits: ProjectCredit[] = []
  for (const kind of head.documentKinds(prepaidPrefix)) {
    const { log, ...credit } = yield* readPrepaid(tenant, kind.slice(prepaidPrefix.length), currency)
    if (log !== null && (payerIds === null || payerIds.has(log.payerId))) credits.push({ log, ...credit })
  }
  return credits
})

/** The next version of a project's log, and the audit record that holds its digest. */
export const prepaidChange = (
  change: {
    readonly payerId: string
    readonly earlier: PrepaidLog | null
    readonly operations: readonly PrepaidOperation[]
    readonly after: Prepaid
    readonly detail: AuditEvent["detail"]
  },
  head: LedgerHead,
  actor: Actor,
): { readonly document: NewDocument; readonly event: AuditEvent } => {
  const { payerId, earlier, operations, after } = change
  const kind = prepaidKind(after.project)
  const version = head.documentVersion(kind) + 1
  const log: PrepaidLog = { format: 1, payerId, operations: [...(earlier?.operations ?? []), ...operations.map(jsonOf)] }
  const bytes = new TextEncoder().encode(canonicalJson({ ...log, operations: log.operations.map((each) => ({ ...each })) }))
  const event: AuditEvent = {
    action: "prepaid.change",
    actor: actor.name,
    requestId: actor.requestId,
    subject: `${kind}/${version}`,
    detail: { ...change.detail, ...balanceTexts(after), sha256: sha256Hex(bytes) },
  }
  return { document: { kind, version, bytes }, event }
}

export const balanceTexts = (prepaid: Prepaid) => {
  const { settledMinor, inFlightMinor, availableMinor } = prepaidBalances(prepaid)
  return { settledMinor: String(settledMinor), inFlightMinor: String(inFlightMinor), availableMinor: String(availableMinor) }
}

const jsonOf = (operation: PrepaidOperation): PrepaidLog["operations"][number] =>
  Object.fromEntries(Object.entries(operation).map(([name, value]) => [name, typeof value === "bigint" ? value.toString() : value]))

const operationFrom = (stored: PrepaidLog["operations"][number]): PrepaidOperation =>
  ("amountMinor" in stored ? { ...stored, amountMinor: BigInt(String(stored.amountMinor)) } : stored) as unknown as PrepaidOperation
