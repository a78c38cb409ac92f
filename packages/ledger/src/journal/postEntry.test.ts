import { Result } from "effect"
import { expect, test } from "vitest"
import { entryOf } from "../../test/entries.ts"
import { type Chart, defaultChart } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import type { Period } from "../Period.ts"
import { checkEntry, postEntry } from "./postEntry.ts"

const chart: Chart = {
  accounts: defaultChart.accounts.map((account) => (account.id === "5000" ? { ...account, open: false } : account)),
}
const window = { startSeconds: 1_790_787_600, endSeconds: 1_793_466_000 }
const open: Period = { tenant: "mu", month: "2026-10", zone: "Asia/Bangkok", window, status: { kind: "open" } }
const closed: Period = {
  ...open,
  status: { kind: "closed", closedAtSeconds: 0, closedBy: "ada", journalSha256: "", debitMinor: 0n, creditMinor: 0n, entryCount: 0 },
}
const moving = (...changes: readonly { readonly debit?: string; readonly credit?: string; readonly amountMinor?: bigint }[]): Entry => {
  const moves = changes.map(({ debit = "1000", credit = "4000", amountMinor = 1n }) => [debit, credit, amountMinor] as const)
  return entryOf("mu/e", "2026-10-31", moves)
}
const entry = moving({})

/** In the order in which the reasons come. */
const rows: readonly (readonly [string, Entry, Period, string])[] = [
  ["an entry of another tenant", { ...moving(), tenant: "x", month: "2026-11" }, closed, "wrong-tenant"],
  ["an entry of another month", { ...moving(), month: "2026-11" }, closed, "wrong-period"],
  ["an entry into a closed month", moving(), closed, "period-closed"],
  ["an entry that moves nothing", moving(), open, "no-transfers"],
  ["an amount of nothing", moving({ amountMinor: 0n, credit: "1000" }), open, "amount-not-positive"],
  ["an amount below zero", moving({ amountMinor: -1n }), open, "amount-not-positive"],
  ["one account on both sides", moving({ debit: "9", credit: "9" }), open, "same-account"],
  ["an unknown account to debit", moving({ debit: "9" }), open, "unknown-account"],
  ["an unknown account to credit", moving({ credit: "9" }), open, "unknown-account"],
  ["a closed account", moving({ debit: "5000" }), open, "closed-account"],
  ["a second transfer that is wrong", moving({}, { amountMinor: 0n }), open, "amount-not-positive"],
  ["one minor unit between two open accounts", entry, open, "posted"],
]
test.each(rows)("I1 I2 I8: %s", (_, of, period, outcome) => {
  const posted = postEntry(of, period, chart)
  expect(Result.isFailure(posted) ? posted.failure.reason : "posted").toBe(outcome)
})

test("an entry that passes comes back as it is", () => {
  expect([postEntry(entry, open, chart), checkEntry(entry, chart)]).toEqual([Result.succeed(entry), Result.succeed(entry)])
})
