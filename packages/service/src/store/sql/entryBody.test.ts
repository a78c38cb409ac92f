import { canonicalEntry, type Period } from "@hpc-billing/ledger"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { openPeriod, sampleEntry } from "../../testing/samples.ts"
import { decodeEntry, encodePeriodStatus, periodOf } from "./entryBody.ts"

describe("entries and periods are read back as they were written", () => {
  it("entries", () => {
    const entry = fc
      .record({
        amount: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
        memo: fc.string({ unit: "grapheme" }),
        reverses: fc.option(fc.string()),
      })
      .map(({ amount, memo, reverses }) => sampleEntry("t", "id", amount, { memo, reverses }))
    fc.assert(fc.property(entry, (value) => void expect(decodeEntry(canonicalEntry(value))).toEqual(value)))
  })

  const closed: Period["status"] = {
    kind: "closed",
    closedAtSeconds: 1,
    closedBy: "ผู้ปิด",
    journalSha256: "00",
    debitMinor: 9_007_199_254_740_993n,
    creditMinor: 9_007_199_254_740_993n,
    entryCount: 3,
  }
  it.each([{ kind: "open" } as const, closed])("period $kind", (status) => {
    const period = { ...openPeriod("t"), status }
    const { startSeconds, endSeconds } = period.window
    const row = {
      month: period.month,
      zone: period.zone,
      start: BigInt(startSeconds),
      end: BigInt(endSeconds),
      status: encodePeriodStatus(status),
    }
    expect(periodOf("t", row)).toEqual(period)
  })
})
