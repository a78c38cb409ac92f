import type { Currency } from "@hpc-billing/core"
import { applyPrepaid, emptyPrepaid, openOf, type PrepaidOperation, prepaidBalances } from "@hpc-billing/ledger"
import { Result } from "effect"

/** One change of a project's credit as people tell it, and how the credit stood then. */
export interface PrepaidChange {
  /** `release` gives a hold back, `expiry` because its time ran out; `charge` is what a receipt drew, `refund` what came back of it. */
  readonly kind: "top-up" | "hold" | "release" | "expiry" | "charge" | "refund"
  /** The name that the top-up or hold was given, or the id of the receipt. */
  readonly reference: string
  /** null: before the first act that noted its time. */
  readonly atSeconds: number | null
  readonly amountMinor: bigint
  readonly settledMinor: bigint
  readonly inFlightMinor: bigint
  readonly availableMinor: bigint
}

type Told = Pick<PrepaidChange, "kind" | "reference" | "amountMinor">

/** What became of a project's credit, oldest first: all that one receipt drew is one change, and what changes no amount is none. */
export const prepaidHistory = (project: string, currency: Currency, operations: readonly PrepaidOperation[]): readonly PrepaidChange[] => {
  const changes: PrepaidChange[] = []
  let prepaid = emptyPrepaid(project, currency)
  let atSeconds: number | null = null
  for (const operation of operations) {
    const { holds } = prepaid
    const openMinor = (holdId: string): bigint => {
      const hold = holds.get(holdId)
      return hold === undefined ? 0n : openOf(hold)
    }
    prepaid = Result.getOrThrow(applyPrepaid(prepaid, operation))
    if ("atSeconds" in operation) atSeconds = operation.atSeconds
    for (const { kind, reference, amountMinor } of toldOf(operation, prepaid.holds, openMinor)) {
      const last = changes.at(-1)
      const isMore = kind === "charge" && last?.kind === "charge" && last.reference === reference
      const sumMinor = isMore ? last.amountMinor + amountMinor : amountMinor
      const { settledMinor, inFlightMinor, availableMinor } = prepaidBalances(prepaid)
      if (isMore) changes.pop()
      changes.push({ kind, reference, atSeconds, amountMinor: sumMinor, settledMinor, inFlightMinor, availableMinor })
    }
  }
  return changes
}

const drawIds = /^draw\/(?<receiptId>.+)\/(?:hold|post\/.*)$/u

const toldOf = (
  operation: PrepaidOperation,
  holds: ReadonlyMap<string, Parameters<typeof openOf>[0]>,
  openBeforeMinor: (holdId: string) => bigint,
): readonly Told[] => {
  const { id } = operation
  const receiptId = drawIds.exec(id)?.groups?.receiptId
  switch (operation.kind) {
    case "top-up":
      return [{ kind: "top-up", reference: id.slice(id.indexOf("/") + 1), amountMinor: operation.amountMinor }]
    case "refund":
      return [{ kind: "refund", reference: operation.receiptId, amountMinor: operation.amountMinor }]
    case "hold":
      return receiptId === undefined ? [{ kind: "hold", reference: operation.holdId, amountMinor: operation.amountMinor }] : []
    case "post": {
      const leftMinor = operation.isFinal ? openBeforeMinor(operation.holdId) - operation.amountMinor : 0n
      const told: readonly Told[] = [
        { kind: "release", reference: operation.holdId, amountMinor: leftMinor },
        { kind: "charge", reference: receiptId ?? operation.holdId, amountMinor: operation.amountMinor },
      ]
      return told.filter(({ amountMinor }) => amountMinor > 0n)
    }
    case "void":
      return [{ kind: "release", reference: operation.holdId, amountMinor: openBeforeMinor(operation.holdId) }]
    case "expire":
      return [...holds].flatMap(([holdId, hold]) => {
        const amountMinor = openBeforeMinor(holdId) - openOf(hold)
        return amountMinor === 0n ? [] : [{ kind: "expiry", reference: holdId, amountMinor }]
      })
  }
}
