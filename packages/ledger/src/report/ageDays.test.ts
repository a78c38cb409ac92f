import { expect, test } from "vitest"
import { ageDays } from "./ageDays.ts"

test.each([
  ["2026-12-01", "2026-12-01", 0],
  ["2026-12-31", "2027-01-01", 1],
  ["2028-02-28", "2028-03-01", 2],
  ["2027-02-28", "2027-03-01", 1],
  ["2025-09-30", "2026-12-01", 427],
  ["2026-12-01", "2026-11-30", 0],
])("a document of %s is on %s %i days old", (documentDate, date, days) => {
  expect(ageDays(documentDate, date)).toBe(days)
})
