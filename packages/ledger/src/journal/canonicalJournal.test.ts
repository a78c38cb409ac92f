import { type CanonicalValue, canonicalJson } from "@hpc-billing/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cryptography } from "../../test/chains.ts"
import { yearOfEntries } from "../../test/year.ts"
import { textOfUtf8 } from "../bytes.ts"
import type { Entry, Transfer } from "../Entry.ts"
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

const plainOf = (entry: Entry): { readonly [key: string]: CanonicalValue } => ({
  ...entry,
  source: { ...entry.source },
  transfers: entry.transfers.map((transfer) => ({ ...transfer, amountMinor: String(transfer.amountMinor) })),
})

test("a line is the canonical JSON of its entry, whatever its texts, and reads back the same", () => {
  fc.assert(
    fc.property(anyEntry, (entry) => {
      const line = textOfUtf8(canonicalJournal([entry])) ?? ""
      expect(line).toBe(`${canonicalJson(plainOf(entry))}\n`)
      expect(readCanonicalJournal(line)).toEqual([entry])
    }),
  )
})

const entry: Entry = {
  id: "mu/e",
  tenant: "mu",
  effectiveDate: "2026-10-31",
  month: "2026-10",
  currency: "THB",
  currencyExponent: 2,
  memo: "plain",
  source: { kind: "issue", receiptId: "r", receiptNumber: "IV-1" },
  transfers: [{ debitAccount: "1100", creditAccount: "4000", amountMinor: 1n, payerId: "p1", memo: "net" }],
  reverses: "mu/d",
}
const [transfer] = entry.transfers

test("a quote or a line break in any one text is written as JSON has it", () => {
  for (const text of ['"', "\\", "\n", "é", "ก"]) {
    const inOne = [
      ...(["id", "tenant", "currency", "memo", "reverses"] as const).map((field) => ({ ...entry, [field]: text })),
      ...(["receiptId", "receiptNumber"] as const).map((field) => ({ ...entry, source: { ...entry.source, [field]: text } })),
      ...(["debitAccount", "creditAccount", "payerId", "memo"] as const).map((field) => ({
        ...entry,
        transfers: [{ ...(transfer as Transfer), [field]: text }],
      })),
    ]
    for (const each of inOne) expect(textOfUtf8(canonicalJournal([each]))).toBe(`${canonicalJson(plainOf(each))}\n`)
  }
})

test("lines stand in order of id, by code unit, whatever order and kind of list they come in", () => {
  const idsOf = (entries: Iterable<Entry>): unknown => {
    const read = readCanonicalJournal(textOfUtf8(canonicalJournal(entries)) ?? "")
    return "badLine" in read ? read : read.map(({ id }) => id)
  }
  const inOrder = ["mu/B", "mu/a", "mu/a/1", "mu/b", "mu/c", "mu/é"].map((id) => ({ ...entry, id }))
  const mixed = [3, 1, 0, 5, 4, 2].map((index) => inOrder[index] as Entry)
  const ids = inOrder.map(({ id }) => id)
  expect([inOrder, inOrder.toReversed(), mixed, new Set(mixed)].map(idsOf)).toEqual([ids, ids, ids, ids])
  expect(mixed[0]?.id).toBe("mu/b")
})

test("a value of another kind in any one place is refused, however it is spelled", () => {
  const of = plainOf({ ...entry, memo: 'with "quotes"' })
  const inSource = (field: string, value: number | null) => ({ ...of, source: { ...entry.source, [field]: value } })
  const inTransfer = (field: string, value: number | null) => ({ ...of, transfers: [{ ...transfer, amountMinor: "1", [field]: value }] })
  const wrong = [
    ...[7, null].flatMap((value) => [
      ...["id", "tenant", "effectiveDate", "month", "currency", "memo"].map((field) => ({ ...of, [field]: value })),
      inSource("kind", value),
      ...["debitAccount", "creditAccount", "payerId", "memo"].map((field) => inTransfer(field, value)),
    ]),
    { ...of, reverses: 7 },
    inSource("receiptId", 7),
    inSource("receiptNumber", 7),
    ...[true, null].map((value) => ({ ...of, currencyExponent: value })),
    { ...of, month: "2026-13" },
  ]
  expect(readCanonicalJournal(`${canonicalJson(of)}\n`)).toHaveLength(1)
  for (const each of wrong) expect(readCanonicalJournal(`${canonicalJson(each)}\n`), canonicalJson(each)).toEqual({ badLine: 1 })
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
