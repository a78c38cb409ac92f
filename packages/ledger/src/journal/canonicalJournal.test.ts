import { canonicalJson } from "@hpc-billing/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cryptography } from "../../test/chains.ts"
import { yearOfEntries } from "../../test/year.ts"
import { textOfUtf8 } from "../bytes.ts"
import type { Entry } from "../Entry.ts"
import { canonicalJournal, journalDigest, readCanonicalJournal } from "./canonicalJournal.ts"

const { entries } = yearOfEntries(20, 11)
const words = fc.string({ unit: "grapheme", maxLength: 12 })
const anyEntry: fc.Arbitrary<Entry> = fc.record({
  id: words,
  tenant: words,
  effectiveDate: fc.constant("2026-10-31"),
  month: fc.constant("2026-10"),
  currency: words,
  currencyExponent: fc.nat(6),
  memo: words,
  source: fc.record({ kind: fc.constant("issue" as const), receiptId: fc.option(words), receiptNumber: fc.option(words) }),
  transfers: fc.array(
    fc.record({ debitAccount: words, creditAccount: words, amountMinor: fc.bigInt(1n, 10n ** 20n), payerId: words, memo: words }),
    { maxLength: 3 },
  ),
  reverses: fc.option(words),
})

test("a line is the canonical JSON of its entry, whatever its texts, and reads back the same", () => {
  fc.assert(
    fc.property(anyEntry, (entry) => {
      const plain = {
        ...entry,
        source: { ...entry.source },
        transfers: entry.transfers.map((transfer) => ({ ...transfer, amountMinor: String(transfer.amountMinor) })),
      }
      const line = textOfUtf8(canonicalJournal([entry])) ?? ""
      expect(line).toBe(`${canonicalJson(plain)}\n`)
      expect(readCanonicalJournal(line)).toEqual([entry])
    }),
  )
})

test("I6: the digest does not depend on the order of posting", () => {
  expect(journalDigest(cryptography, entries.toReversed())).toBe(journalDigest(cryptography, entries))
  expect(journalDigest(cryptography, entries.slice(1))).not.toBe(journalDigest(cryptography, entries))
})

describe("what is not a canonical journal is refused by line", () => {
  const text = textOfUtf8(canonicalJournal(entries)) ?? ""
  const rows: readonly (readonly [string, string, number])[] = [
    ["another order of keys", text.replace('{"currency":"THB","currencyExponent":2', '{"currencyExponent":2,"currency":"THB"'), 1],
    ["a key too many", text.replace("{", '{"a":1,'), 1],
    ["a key too few", text.replace('"memo":', '"mxmo":'), 1],
    ["an amount that is no number", text.replace(/"amountMinor":"\d+"/, '"amountMinor":"x"'), 1],
    ["a date that is none", text.replace(/"effectiveDate":"2026-/, '"effectiveDate":"26-'), 1],
    ["text that is no JSON", `${text}nonsense\n`, entries.length + 1],
    ["a last line without end", text.trimEnd(), entries.length],
  ]
  test.each(rows)("%s", (_, changed, badLine) => {
    expect(readCanonicalJournal(changed)).toEqual({ badLine })
  })
})
