import { readFileSync } from "node:fs"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { sampleBook, sha256 } from "../../fixtures/makeUsage.ts"
import { cardHash } from "./cardHash.ts"
import type { RateCard } from "./RateBook.ts"
import { readRateBook } from "./readRateBook.ts"

const yaml = `
# prices need no quotes
format: 1
currency: { code: THB, exponent: 2 }
zone: Asia/Bangkok
tiers: []
overrides: []
cards:
  - id: list
    version: 1
    tier: null
    effectiveFrom: 2026-01-01
    effectiveUntil: null
    basis: allocated
    charged: { minimumSeconds: 10 }
    imputed: [{ partition: null, whenAtLeast: { cpu: 48 }, perNode: { gres/gpu: 4 } }]
    constants: { discount: 0.10 }
    meters:
      - { sku: cpu, resource: cpu, unit: core-h, price: 0.50 }
      - { sku: gpu, resource: gres/gpu, unit: GPU-h, price: 5 }
      - { sku: disk, resource: reading/storage, unit: TiB-h, model: { kind: graduated, bands: [{ upTo: 1000, price: 0.1000000001 }, { upTo: null, price: 0.05 }] } }
`

const messages = (text: string): string => {
  const read = readRateBook(text)
  return Result.isFailure(read) ? read.failure.map((problem) => problem.message).join("\n") : "read"
}

describe("readRateBook", () => {
  it("reads YAML; numbers are taken as they are written", () => {
    const [card] = Result.getOrThrow(readRateBook(yaml)).cards
    expect(card?.meters.map((meter) => meter.price)).toEqual(["0.50", "5", undefined])
    expect(card?.meters[2]?.model).toEqual({
      kind: "graduated",
      bands: [
        { upTo: "1000", price: "0.1000000001" },
        { upTo: null, price: "0.05" },
      ],
    })
    expect(card).toMatchObject({
      version: 1,
      effectiveFrom: "2026-01-01",
      constants: { discount: "0.10" },
      charged: { minimumSeconds: 10 },
    })
  })

  it("reads values that have a name in YAML", () => {
    const named = yaml.replace("price: 0.50 }", "price: &basic 0.50 }").replace("price: 5 }", "price: *basic }")
    expect(Result.getOrThrow(readRateBook(named)).cards[0]?.meters.map(({ price }) => price)).toEqual(["0.50", "0.50", undefined])
  })

  it("reads JSON to the same book, and the hash of a card does not know the difference", () => {
    const text = readFileSync(new URL("../../fixtures/sample-rate-book.json", import.meta.url), "utf8")
    expect(Result.getOrThrow(readRateBook(text))).toEqual(sampleBook())
    const [card] = Result.getOrThrow(readRateBook(yaml)).cards as [RateCard]
    const reordered = Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(card))).reverse()) as RateCard
    expect(cardHash(reordered, sha256)).toBe(cardHash(card, sha256))
    expect(cardHash({ ...card, basis: "consumed" }, sha256)).not.toBe(cardHash(card, sha256))
  })

  it.each([
    ["a: [1", /^line 1, column 6: .* Mend the YAML or JSON there\.$/],
    ["a: 1\na: 2", /^line 2, column 1: Map keys must be unique/],
    [yaml.replace("price: 0.50", "price: 1e3"), /price: it is "1e3": write a decimal number/],
    [yaml.replace("basis: allocated", "basis: alocated"), /basis: it is "alocated"/],
    [`a: &x [1]\nb: [${"*x, ".repeat(1_001)}]`, /1,000 .*aliases|aliases/],
    ["", /the document: it is null|the document: it is nothing/],
  ])("%s", (text, message) => {
    expect(messages(text)).toMatch(message)
  })
})
