import { Result } from "effect"
import { expect, test } from "vitest"
import { issuedOf, payerOf } from "../../test/receipts.ts"
import { defaultPolicy } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { deriveEntries } from "./deriveEntries.ts"
import { impairByAge } from "./impairByAge.ts"

const month = "2026-10"
const receipts = [issuedOf(payerOf("p2"), [10_000n]), issuedOf(payerOf("p1"), [20_000n]), issuedOf(payerOf("p3"), [-5_000n])]
const posted = receipts.flatMap((receipt) => Result.getOrThrow(deriveEntries({ kind: "issued", receipt, month }, defaultPolicy)))
const at = (percent: bigint, of: readonly Entry[]): readonly Entry[] =>
  impairByAge(of, { tenant: "mu", month, losses: { buckets: [], rates: [{ units: percent, scale: 2 }] }, roles: defaultPolicy.roles })
const moves = (entries: readonly Entry[]): string[] =>
  entries.flatMap(({ transfers }) =>
    transfers.map(
      ({ debitAccount, creditAccount, amountMinor, payerId }) => `${payerId} ${debitAccount} < ${creditAccount} ${amountMinor}`,
    ),
  )

test("every debtor by id, in one entry of no receipt; who stands in credit has no loss", () => {
  const entries = at(5n, posted)
  expect(moves(entries)).toEqual(["p1 6100 < 1190 1070", "p2 6100 < 1190 535"])
  expect(entries).toMatchObject([{ currencyExponent: 2, source: { kind: "impairment", receiptId: null, receiptNumber: null } }])
})

test("the allowance follows the rate up and down, and a second run at the same rate moves nothing", () => {
  const raised = [...posted, ...at(5n, posted)]
  const halved = at(2n, raised)
  expect(moves(halved)).toEqual(["p1 1190 < 6100 642", "p2 1190 < 6100 321"])
  expect(at(2n, [...raised, ...halved])).toEqual([])
  expect(moves(at(4n, [...raised, ...halved]))).toEqual(["p1 6100 < 1190 428", "p2 6100 < 1190 214"])
})

test("an allowance without a receivable is given back in its own currency", () => {
  const [raised] = at(5n, posted)
  expect(at(5n, raised === undefined ? [] : [raised])).toMatchObject([{ currency: "THB", currencyExponent: 2 }])
})
