import type { JobRecord } from "@hpc-billing/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { sampleRecord } from "../../testing/samples.ts"
import { decodeRecordBody, encodeRecordBody } from "./recordBody.ts"

const seconds = fc.integer({ min: 0, max: 4_000_000_000 })
const counts = fc.dictionary(
  fc.string({ unit: "binary", maxLength: 8 }).filter((name) => name !== "__proto__"),
  fc.nat(),
  { noNullPrototype: true },
)
const record = fc
  .record({
    name: fc.string({ unit: "binary" }),
    user: fc.string(),
    startSeconds: fc.option(seconds),
    endSeconds: fc.option(seconds),
    suspendedWindows: fc.option(fc.array(fc.record({ startSeconds: seconds, endSeconds: seconds }, { noNullPrototype: true }))),
    requested: counts,
    allocated: counts,
    energyJoules: fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n })),
    consumedCpuMilliseconds: fc.option(fc.nat()),
  })
  .map((change) => sampleRecord(1, change))

const reversed = <A extends object>(value: A): A => Object.fromEntries(Object.entries(value).reverse()) as A

describe("encodeRecordBody", () => {
  it("is read back as it was", () => {
    fc.assert(fc.property(record, (value) => void expect(decodeRecordBody(encodeRecordBody(value))).toEqual(value)))
  })

  it("is one text whatever order the record was built in", () => {
    const shuffled = (value: JobRecord): JobRecord =>
      reversed({ ...value, requested: reversed(value.requested), allocated: reversed(value.allocated) })
    fc.assert(fc.property(record, (value) => void expect(encodeRecordBody(shuffled(value))).toBe(encodeRecordBody(value))))
  })

  it("tells records apart that differ in any field", () => {
    const base = sampleRecord(1)
    for (const field of Object.keys(base) as (keyof JobRecord)[]) {
      expect(encodeRecordBody({ ...base, [field]: field === "energyJoules" ? 1n : field === "suspendedWindows" ? [] : "other" })).not.toBe(
        encodeRecordBody(base),
      )
    }
  })
})
