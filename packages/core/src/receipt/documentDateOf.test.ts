import { expect, test } from "vitest"
import { documentDateOf } from "./documentDateOf.ts"

const issuedAt = (instant: string, zone: string): string | null =>
  documentDateOf({ status: { kind: "issued", number: "R2026-000001", issuedAtSeconds: Date.parse(instant) / 1_000 }, zone })

test("the date of issue is that of the zone, also across a year's end", () => {
  expect([
    issuedAt("2026-12-31T16:59:59Z", "Asia/Bangkok"),
    issuedAt("2026-12-31T17:00:00Z", "Asia/Bangkok"),
    issuedAt("2026-12-31T17:00:00Z", "UTC"),
    issuedAt("2027-01-01T03:00:00Z", "America/New_York"),
  ]).toEqual(["2026-12-31", "2027-01-01", "2026-12-31", "2026-12-31"])
})

test("a draft has none", () => {
  expect(documentDateOf({ status: { kind: "draft" }, zone: "UTC" })).toBeNull()
})
