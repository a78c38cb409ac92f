import { monthWindow } from "@hpc-billing/core"
import { Result } from "effect"
import { expect, test } from "vitest"
import type { Period } from "../Period.ts"
import { reopenPeriod } from "./reopenPeriod.ts"

const open: Period = {
  tenant: "mu",
  month: "2026-10",
  zone: "Asia/Bangkok",
  window: monthWindow("2026-10", "Asia/Bangkok"),
  status: { kind: "open" },
}
const closed: Period = {
  ...open,
  status: { kind: "closed", closedAtSeconds: 1, closedBy: "ada", journalSha256: "ab", debitMinor: 1n, creditMinor: 1n, entryCount: 1 },
}
const act = { requestedBy: "ada", approvedBy: "bo", reason: "late bank statement", requestId: "r1" }

test("a closed month opens again by two persons, and the audit keeps the digest it had", () => {
  const { period, event } = Result.getOrThrow(reopenPeriod(closed, act))
  expect(period).toEqual(open)
  expect(event).toMatchObject({
    action: "period.reopened",
    actor: "ada",
    subject: "mu/2026-10",
    detail: { approvedBy: "bo", journalSha256: "ab" },
  })
})

const rows: readonly (readonly [string, Period, typeof act, string])[] = [
  ["an open month", open, act, "period-open"],
  ["no reason", closed, { ...act, reason: " " }, "reason-missing"],
  ["the same person twice", closed, { ...act, approvedBy: "ada" }, "same-person"],
]
test.each(rows)("%s is refused", (_, period, by, reason) => {
  const result = reopenPeriod(period, by)
  expect(Result.isFailure(result) && result.failure.reason).toBe(reason)
})
