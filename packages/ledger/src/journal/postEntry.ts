import { Result } from "effect"
import type { Chart } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { type LedgerError, ledgerError } from "../LedgerError.ts"
import type { Period } from "../Period.ts"

/** Whether an entry may stand in the books at all: transfers above zero between two different, known and open accounts. */
export const checkEntry = (entry: Entry, chart: Chart): Result.Result<Entry, LedgerError> => {
  const accounts = new Map(chart.accounts.map((account) => [account.id, account]))
  if (entry.transfers.length === 0) return Result.fail(ledgerError("no-transfers", `Entry ${entry.id} moves nothing.`))
  for (const { debitAccount, creditAccount, amountMinor } of entry.transfers) {
    if (amountMinor <= 0n) {
      return Result.fail(
        ledgerError("amount-not-positive", `Entry ${entry.id} moves ${amountMinor} minor units: only amounts above zero move.`),
      )
    }
    if (debitAccount === creditAccount) {
      return Result.fail(ledgerError("same-account", `Entry ${entry.id} debits and credits the same account ${debitAccount}.`))
    }
    for (const id of [debitAccount, creditAccount]) {
      const account = accounts.get(id)
      if (account === undefined) {
        return Result.fail(
          ledgerError("unknown-account", `Entry ${entry.id} names account ${id}, which the chart of accounts does not have: add it first.`),
        )
      }
      if (!account.open)
        return Result.fail(ledgerError("closed-account", `Entry ${entry.id} names account ${id} (${account.name}), which is closed.`))
    }
  }
  return Result.succeed(entry)
}

/** Whether the entry may be posted into the period: the period is open and its own. */
export const postEntry = (entry: Entry, period: Period, chart: Chart): Result.Result<Entry, LedgerError> => {
  if (entry.tenant !== period.tenant) {
    return Result.fail(ledgerError("wrong-tenant", `Entry ${entry.id} belongs to ${entry.tenant}, the period to ${period.tenant}.`))
  }
  if (entry.month !== period.month) {
    return Result.fail(ledgerError("wrong-period", `Entry ${entry.id} is for ${entry.month}, not for the period ${period.month}.`))
  }
  if (period.status.kind === "closed") {
    return Result.fail(
      ledgerError(
        "period-closed",
        `The period ${period.month} of ${period.tenant} is closed: post entry ${entry.id} into the next open month.`,
      ),
    )
  }
  return checkEntry(entry, chart)
}
