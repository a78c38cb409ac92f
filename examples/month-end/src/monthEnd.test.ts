import { cp, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { receiptFromJson } from "@hpc-billing/core"
import { Effect, Result } from "effect"
import { expect, it } from "vitest"
import { monthEndHolds } from "./monthEndHolds.ts"
import { runMonthEnd } from "./runMonthEnd.ts"
import { ciSite, generatedSite, lateSite } from "./sources.ts"

monthEndHolds("a real cluster and a generated one", async () => [ciSite, { ...generatedSite(150), crossingUsagesMinimum: 0 }])

it("bills a record that came after the close as a correction of the open month, and leaves the closed month alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hpc-billing-late-"))
  try {
    const run = (sites: Parameters<typeof runMonthEnd>[0]["sites"]) =>
      Effect.runPromise(
        runMonthEnd({
          location: { kind: "folder", folder: join(folder, "data") },
          keysFolder: join(folder, "keys"),
          outFolder: join(folder, "out"),
          sites,
          print: () => {},
        }),
      )
    await run([ciSite])
    await cp(join(folder, "out"), join(folder, "before"), { recursive: true })
    const [late] = await run([lateSite])
    expect(late?.months[0]?.correctionLines).toBe(2)
    const manifest = "ci-2026-10-1/manifest.json"
    expect(await readFile(join(folder, "out", manifest))).toEqual(await readFile(join(folder, "before", manifest)))
    const receipt = Result.getOrThrow(
      receiptFromJson(JSON.parse(await readFile(join(folder, "out", "ci-2026-11-1/receipts/R2026-000005.json"), "utf8"))),
    )
    const corrections = receipt.lines.filter(({ kind }) => kind === "correction")
    // 8 cores and 8 GiB for two hours at the prices of companies
    expect(corrections.map(({ sku, amount, corrects }) => ({ sku, amount: amount.units, corrects }))).toEqual([
      { sku: "cpu", amount: 80_000_000n, corrects: { month: "2026-10", lineId: null, receiptNumber: null } },
      { sku: "mem", amount: 32_000_000n, corrects: { month: "2026-10", lineId: null, receiptNumber: null } },
    ])
    expect((await run([ciSite, lateSite])).flatMap(({ months }) => months.map(({ newReceipts }) => newReceipts))).toEqual([0, 0])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 300_000)
