import { journalDigest } from "@hpc-billing/ledger"
import { Result } from "effect"
import { expect, it } from "vitest"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import type { LedgerHead } from "../store/index.ts"
import { octoberActor, octoberSite } from "../testing/octoberBooks.ts"
import { openPeriod, sampleEntry } from "../testing/samples.ts"
import { testingChain } from "../testing/testingChain.ts"
import { postingOf } from "./postingOf.ts"

const site = octoberSite("reef")

it("tells the audit chain the digest of every entry, a hundred to a record and each month by itself", () => {
  const october = Array.from({ length: 230 }, (_, index) => sampleEntry("reef", `o${index}`, BigInt(index + 1)))
  const november = [sampleEntry("reef", "n1", 5n, { month: "2026-11" })]
  const entries = [...october.slice(0, 120), ...november, ...october.slice(120)]
  const head: LedgerHead = {
    tenant: "reef",
    nextNumber: () => 1n,
    documentVersion: () => 0,
    documentKinds: () => [],
    commitSequence: 0n,
    entryCount: 0n,
    chain: testingChain.genesis("reef"),
    atMicroseconds: 0n,
    periods: new Map([["2026-10", openPeriod("reef")]]),
  }
  const posting = Result.getOrThrow(postingOf(entries, head, site, octoberActor))
  expect(posting.events.map(({ action, subject, detail }) => [action, subject, Object.keys(detail).length])).toEqual([
    ["entry.post", "2026-10", 100],
    ["entry.post", "2026-10", 100],
    ["entry.post", "2026-10", 30],
    ["entry.post", "2026-11", 1],
  ])
  expect(Object.assign({}, ...posting.events.map(({ detail }) => detail))).toEqual(
    Object.fromEntries(entries.map((entry) => [entry.id, journalDigest(nodeCryptography, [entry])])),
  )
  expect(posting.periods.map(({ month }) => month)).toEqual(["2026-11"])
})
