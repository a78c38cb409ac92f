import { expect, it } from "vitest"
import { dayBefore } from "./dayBefore.ts"

it.each([
  ["2026-04-01", "2026-03-31"],
  ["2024-03-01", "2024-02-29"],
  ["2026-01-01", "2025-12-31"],
])("the day before %s is %s", (date, before) => expect(dayBefore(date)).toBe(before))
