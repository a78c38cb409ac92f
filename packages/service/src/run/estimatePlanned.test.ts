import { checkRateBook, type PlannedJob, preparePayers, prepareRates, type RateBook, readSbatch } from "@hpc-billing/core"
import { Result } from "effect"
import { expect, test } from "vitest"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import { octoberPayerBook, octoberRateBook, octoberSite } from "../testing/octoberBooks.ts"
import { octoberEndSeconds } from "../testing/samples.ts"
import type { Books } from "./Books.ts"
import { estimatePlanned } from "./estimatePlanned.ts"

const booksOf = (rateBook: RateBook): Books => ({
  site: octoberSite("t"),
  rateBook,
  rates: prepareRates(rateBook, sha256Hex),
  rateBookVersion: 1,
  payerBook: octoberPayerBook,
  payers: Result.getOrThrow(preparePayers(octoberPayerBook.payers, octoberPayerBook.mappings, "UTC")),
  payerBookVersion: 1,
})

const [card] = octoberRateBook.cards
if (card === undefined) throw new Error("no card")
const priced = booksOf(octoberRateBook)
const ofTier = (tier: string): Books =>
  booksOf(Result.getOrThrow(checkRateBook({ ...octoberRateBook, tiers: [{ name: tier, rules: [] }], cards: [{ ...card, tier }] })))

const job = (text: string): PlannedJob =>
  Result.getOrThrow(readSbatch(text, "", { partition: "", qos: "normal", account: "", memMebibytesPerCpu: 1_024, seconds: 3_600 }))

const said = (text: string, books: Books) =>
  Result.match(estimatePlanned(job(text), { cluster: "ci", user: "nok", startSeconds: octoberEndSeconds }, books), {
    onSuccess: ({ total }) => Number(total.units) / 10 ** total.scale,
    onFailure: ({ code, params }) => [code, params],
  })

test.each<readonly [string, string, Books, ReturnType<typeof said>]>([
  ["a job of a payer is priced", "sbatch -A account0 -n 4 run.sh", priced, 10],
  ["without an account the prices of all tiers hold, where there are such", "sbatch -n 4 run.sh", priced, 10],
  ["without an account and such prices it says so", "sbatch -n 4 run.sh", ofTier("all"), ["estimate-account-missing", {}]],
  [
    "an account without a payer is named",
    "sbatch -A nobody -n 4 run.sh",
    ofTier("all"),
    ["estimate-account-unmapped", { account: "nobody", cluster: "ci" }],
  ],
  ["a tier without a card is named", "sbatch -A account0 -n 4 run.sh", ofTier("other"), ["formula-not-in-force", { tier: "all" }]],
])("%s", (_, text, books, expected) => expect(said(text, books)).toEqual(expected))
