import { randomInt } from "node:crypto"
import { readFileSync } from "node:fs"
import { rejectionRawCharactersMaximum } from "@hpc-billing/core"
import fc from "fast-check"
import { expect, it } from "vitest"
import { SlurmReadError } from "../SlurmReadError.ts"
import { sacctDecoder } from "./sacctDecoder.ts"

const casesWanted = 100_000
const casesTogether = 200
const seed = Number(process.env.DAMAGED_LINES_SEED ?? randomInt(2 ** 31))
const lineFeed = 10

interface Sample {
  readonly header: Buffer
  readonly lines: readonly Buffer[]
  readonly delimiter: number
  /** A whole job row, and its record. */
  readonly good: Buffer
  readonly goodRecord: object
}

const recordOf = (header: Buffer, line: Buffer): object | null => {
  const decoder = sacctDecoder({ source: "test", timeZone: "UTC" })
  const [item] = [...decoder.push(Buffer.concat([header, line])), ...decoder.end()]
  return item?._tag === "Record" ? item.record : null
}

const sampleOf = (path: string, delimiter: number): Sample => {
  const bytes = readFileSync(new URL(`../../fixtures/${path}`, import.meta.url))
  const lines: Buffer[] = []
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf(lineFeed, from)
    lines.push(bytes.subarray(from, to + 1))
    from = to + 1
  }
  const [header, ...rows] = lines as [Buffer, ...Buffer[]]
  for (const good of rows) {
    const goodRecord = recordOf(header, good)
    if (goodRecord !== null) return { header, lines: rows, delimiter, good, goodRecord }
  }
  throw new Error(`${path} holds no job`)
}
const samples = [
  sampleOf("22.05-debian/settled/sacct/all.psv", 0x7c),
  sampleOf("25.11/live/sacct/all.epoch.noconvert.us.txt", 0x1f),
  sampleOf("24.05-energy-extern/live/sacct/all.epoch.noconvert.us.txt", 0x1f),
]

type Damage = (line: Buffer, at: number, value: number, delimiter: number) => Buffer
const insert = (line: Buffer, at: number, bytes: Uint8Array): Buffer => Buffer.concat([line.subarray(0, at), bytes, line.subarray(at)])
const absurd = [
  "-1",
  "NaN",
  "1e309",
  "99999999999999999999999999",
  "18446744073709551615",
  "0x10",
  "٣",
  "1,2",
  "=cmd()",
  "2026-02-30T00:00:00",
]

const damages: Readonly<Record<string, Damage>> = {
  bitFlip: (line, at, value) => {
    const flipped = Buffer.from(line)
    flipped[at] = (flipped[at] as number) ^ (1 << (value % 8))
    return flipped
  },
  cut: (line, at) => line.subarray(0, at),
  cutInside: (line, at, value) => Buffer.concat([line.subarray(0, at), line.subarray(Math.min(line.length, at + (value % 200)))]),
  extraDelimiters: (line, at, value, delimiter) => insert(line, at, new Uint8Array((value % 5) + 1).fill(delimiter)),
  absurdNumber: (line, at, value, delimiter) => {
    const from = line.indexOf(delimiter, at) + 1
    const to = line.indexOf(delimiter, from)
    const word = Buffer.from(absurd[value % absurd.length] as string)
    return from === 0 || to < 0 ? insert(line, at, word) : Buffer.concat([line.subarray(0, from), word, line.subarray(to)])
  },
  invalidUtf8: (line, at, value) => insert(line, at, Uint8Array.of(0x80 + (value % 0x80))),
  nul: (line, at) => insert(line, at, Uint8Array.of(0)),
  noise: (_, at, value) => Buffer.from(Array.from({ length: (value % 40) + 1 }, (__, index) => (at * 31 + index * value) & 0xff)),
}

const cases = fc.record({
  line: fc.nat(),
  damage: fc.constantFrom(...Object.keys(damages)),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  value: fc.nat(1_000_000),
})

it("reads every damaged line to a record or a rejection, never fails, and harms no line beside it", { timeout: 300_000 }, () => {
  console.log(`damaged lines: ${casesWanted} cases, seed ${seed}`)
  let rejected = 0
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.array(cases, { minLength: casesTogether, maxLength: casesTogether }),
      ({ header, lines, delimiter, good, goodRecord }, drawn) => {
        const decoder = sacctDecoder({ source: "test", timeZone: "UTC" })
        decoder.push(header)
        let pushed = 1
        let goodCount = 0
        const decoded = []
        for (const { line, damage, at, value } of drawn) {
          const original = lines[line % lines.length] as Buffer
          const whole = original.subarray(0, original.length - 1)
          const damaged = (damages[damage] as Damage)(whole, Math.floor(at * whole.length), value, delimiter).filter(
            (byte) => byte !== lineFeed && byte !== 13,
          )
          decoded.push(...decoder.push(Buffer.concat([good, damaged, Buffer.of(lineFeed), good])))
          goodCount += 2
          pushed += damaged.length === 0 ? 2 : 3
        }
        decoded.push(...decoder.end())
        const { recordCount, stepCount, rejectionCount } = decoder.counts()
        expect(decoded.filter((item) => item._tag === "Record" && same(item.record, goodRecord)).length).toBeGreaterThanOrEqual(goodCount)
        expect(1 + recordCount + stepCount + rejectionCount).toBe(pushed)
        expect(decoded.length).toBe(recordCount + rejectionCount)
        for (const item of decoded) {
          if (item._tag === "Record") continue
          const { lineNumber, reason, raw } = item.rejection
          expect(lineNumber).toBeGreaterThan(1)
          expect(reason.length).toBeGreaterThan(10)
          expect(raw.length).toBeLessThanOrEqual(rejectionRawCharactersMaximum)
        }
        rejected += rejectionCount
      },
    ),
    { seed, numRuns: casesWanted / casesTogether, endOnFailure: true },
  )
  expect(rejected).toBeGreaterThan(casesWanted / 3)
})

it("never fails on any bytes but by saying that they are no sacct output", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, withHeader) => {
      const decoder = sacctDecoder({ source: "test", timeZone: "UTC" })
      try {
        if (withHeader) decoder.push((samples[0] as Sample).header)
        decoder.push(bytes)
        decoder.end()
      } catch (error) {
        expect(error).toBeInstanceOf(SlurmReadError)
        expect(withHeader).toBe(false)
      }
    }),
    { seed, numRuns: 300 },
  )
})

const same = (left: object, right: object): boolean => text(left) === text(right)
const text = (record: object): string =>
  JSON.stringify({ ...record, consumedMemoryBytesMaximum: 0 }, (_, value) => (typeof value === "bigint" ? `${value}` : value))
