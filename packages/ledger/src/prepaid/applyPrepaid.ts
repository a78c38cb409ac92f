import { canonicalJson, formatMinor } from "@hpc-billing/core"
import { Result } from "effect"
import { type LedgerError, ledgerError } from "../LedgerError.ts"
import { type Hold, openOf, type Prepaid, type PrepaidOperation, prepaidBalances } from "./Prepaid.ts"

type Step = Result.Result<Prepaid, LedgerError>

const textOf = (operation: PrepaidOperation): string =>
  canonicalJson(
    Object.fromEntries(Object.entries(operation).map(([name, value]) => [name, typeof value === "bigint" ? value.toString() : value])),
  )

const moneyText = ({ currency }: Prepaid, amountMinor: bigint): string => `${formatMinor(amountMinor, currency)} ${currency.code}`

const withHold = (prepaid: Prepaid, holdId: string, hold: Hold): Prepaid => ({
  ...prepaid,
  holds: new Map(prepaid.holds).set(holdId, hold),
})

const holdOf = (prepaid: Prepaid, holdId: string): Result.Result<Hold, LedgerError> => {
  const hold = prepaid.holds.get(holdId)
  if (hold !== undefined && openOf(hold) > 0n) return Result.succeed(hold)
  return Result.fail(ledgerError("wrong-status", `Project ${prepaid.project} has no open hold ${holdId}.`))
}

const step = (prepaid: Prepaid, operation: PrepaidOperation): Step => {
  if ("amountMinor" in operation && (operation.amountMinor < 0n || (operation.amountMinor === 0n && operation.kind !== "post"))) {
    return Result.fail(ledgerError("wrong-amount", `Operation ${operation.id} on project ${prepaid.project} needs an amount above zero.`))
  }
  switch (operation.kind) {
    case "top-up":
    case "refund":
      return Result.succeed({ ...prepaid, settledMinor: prepaid.settledMinor + operation.amountMinor })
    case "hold": {
      const { availableMinor } = prepaidBalances(prepaid)
      if (prepaid.holds.has(operation.holdId)) {
        return Result.fail(ledgerError("wrong-status", `Project ${prepaid.project} has a hold ${operation.holdId} already.`))
      }
      if (operation.amountMinor > availableMinor) {
        return Result.fail(
          ledgerError(
            "insufficient-balance",
            `Project ${prepaid.project} has ${moneyText(prepaid, availableMinor)} available, ${moneyText(prepaid, operation.amountMinor)} is asked for: top up or wait for holds to end.`,
          ),
        )
      }
      const { amountMinor, expiresAtSeconds } = operation
      return Result.succeed(
        withHold(prepaid, operation.holdId, { amountMinor, postedMinor: 0n, voidedMinor: 0n, expiredMinor: 0n, expiresAtSeconds }),
      )
    }
    case "post":
      return Result.flatMap(holdOf(prepaid, operation.holdId), (hold): Step => {
        const { amountMinor, isFinal, holdId } = operation
        if (amountMinor > openOf(hold)) {
          return Result.fail(
            ledgerError(
              "insufficient-balance",
              `Hold ${holdId} has ${moneyText(prepaid, openOf(hold))} left, ${moneyText(prepaid, amountMinor)} is charged: bill the rest by receipt.`,
            ),
          )
        }
        const posted = { ...hold, postedMinor: hold.postedMinor + amountMinor }
        const ended = isFinal ? { ...posted, voidedMinor: posted.voidedMinor + openOf(posted) } : posted
        return Result.succeed({ ...withHold(prepaid, holdId, ended), settledMinor: prepaid.settledMinor - amountMinor })
      })
    case "void":
      return Result.map(holdOf(prepaid, operation.holdId), (hold) =>
        withHold(prepaid, operation.holdId, { ...hold, voidedMinor: hold.voidedMinor + openOf(hold) }),
      )
    case "expire": {
      const holds = new Map(prepaid.holds)
      for (const [holdId, hold] of holds) {
        if (hold.expiresAtSeconds <= operation.atSeconds) holds.set(holdId, { ...hold, expiredMinor: hold.expiredMinor + openOf(hold) })
      }
      return Result.succeed({ ...prepaid, holds })
    }
  }
}

/** One operation on prepaid credit. Refused ones leave no trace; done ones replay. Limits count what is held. */
export const applyPrepaid = (prepaid: Prepaid, operation: PrepaidOperation): Step => {
  const text = textOf(operation)
  const before = prepaid.done.get(operation.id)
  if (before === text) return Result.succeed(prepaid)
  if (before !== undefined) {
    return Result.fail(
      ledgerError("conflict", `Operation ${operation.id} on project ${prepaid.project} was done before with other content.`),
    )
  }
  return Result.map(step(prepaid, operation), (next) => ({ ...next, done: new Map(next.done).set(operation.id, text) }))
}
