import { expect, test } from "vitest"
import { modelRun } from "../test/modelRun.ts"

test("I1 I2 I3 I4 I5 I7 I8 I9 I11 I12 I14 I15: 20 000 random operations agree with the reference ledger", () => {
  const report = modelRun(20_261_122, 20_000)
  expect(report).toMatchObject({ operations: 20_000, fullChecks: 21, closes: expect.any(Number) })
  expect(report.entries).toBeGreaterThan(10_000)
  expect(report.reopens).toBeGreaterThan(5)
  expect(report.crashes).toBeGreaterThan(50)
}, 180_000)
