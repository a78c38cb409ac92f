import { expect, it } from "vitest"
import { recordWith, sampleBook } from "../../fixtures/makeUsage.ts"
import { priceJob } from "./priceJob.ts"

// four cores for two and a half hours
const record = recordWith({ endSeconds: 1_790_009_000, elapsedSeconds: 9_000, account: "geo", user: "mia", allocated: { cpu: 4, node: 1 } })

it.each([
  ["MU", "10.00", "mu"],
  ["Gov", "30.00", "gov"],
  [null, "50.00", "list"],
] as const)("prices a job of tier %s at %s THB", (tier, amount, cardId) => {
  const price = priceJob(record, sampleBook(), tier)
  expect(price).toMatchObject({ priced: true, amount, currency: "THB" })
  const [line] = price.priced ? price.lines : []
  expect(line?.rate.cardId).toBe(cardId)
  expect(line).toMatchObject({
    cluster: "ci",
    account: "geo",
    user: "mia",
    window: { startSeconds: 1_790_000_000, endSeconds: 1_790_009_000 },
  })
})

it("sums the lines exactly and rounds once, half away from zero", () => {
  const [first] = sampleBook().cards
  const meters = ["cpu", "node"].map((resource) => ({
    sku: resource,
    resource,
    unit: resource === "cpu" ? "core-h" : "node-h",
    price: "0.0025",
  }))
  const book = sampleBook({ cards: [{ ...first, effectiveFrom: "2010-01-01", meters } as typeof first & object], overrides: [] })
  const hour = recordWith({ allocated: { cpu: 1, node: 1 } })
  expect(priceJob(hour, book, "MU")).toMatchObject({ priced: true, amount: "0.01" })
  const yen = { ...book, currency: { code: "JPY", exponent: 0 } }
  expect(priceJob(recordWith({ allocated: { cpu: 99, node: 100 } }), yen, "MU")).toMatchObject({ amount: "0", currency: "JPY" })
  expect(priceJob(recordWith({ allocated: { cpu: 100, node: 100 } }), yen, "MU")).toMatchObject({ amount: "1", currency: "JPY" })
})

it("prices a job that has not ended as nothing", () => {
  expect(priceJob(recordWith({ state: "RUNNING", endSeconds: null }), sampleBook(), "MU")).toMatchObject({ priced: true, amount: "0.00" })
})

it("says what is wrong with the book", () => {
  const price = priceJob(record, { ...sampleBook(), zone: "Mars/Olympus" }, "MU")
  expect(price).toMatchObject({ priced: false, problems: [{ path: "zone", code: "book-unknown-zone" }] })
})
