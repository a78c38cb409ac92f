import { expect, it } from "vitest"
import { conservationHistories } from "../../testing/conservationModel.ts"

const operations = 20_000

it("whatever comes late, is voided, mapped, removed, published and reopened: receipts charge what is rated, and each usage has one fate", async () => {
  const totals = await conservationHistories({ operations, seed: 20_261_031 })
  expect(totals.operations).toBeGreaterThanOrEqual(operations)
  for (const [name, total] of Object.entries(totals)) expect([name, total > 0]).toEqual([name, true])
}, 1_200_000)
