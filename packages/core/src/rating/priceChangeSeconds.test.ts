import { expect, it } from "vitest"
import { ratesOf, sampleBook } from "../../fixtures/makeUsage.ts"
import { priceChangeSeconds } from "./priceChangeSeconds.ts"

const at = (date: string): number => Date.parse(`${date}T00:00:00+07:00`) / 1_000
const rates = ratesOf(sampleBook())
const changes = (from: string, until: string) => priceChangeSeconds(rates, { startSeconds: at(from), endSeconds: at(until) })

it.each([
  ["2009-01-01", "2030-01-01", ["2010-01-01", "2026-01-01", "2026-04-16", "2026-07-01", "2027-01-01"]],
  ["2026-04-15", "2026-07-02", ["2026-04-16", "2026-07-01"]],
  ["2026-04-16", "2026-07-01", []],
  ["2026-04-17", "2026-06-01", []],
])("between %s and %s prices change on %j, in order, each once", (from, until, dates) => {
  expect(changes(from, until)).toEqual(dates.map(at))
})
