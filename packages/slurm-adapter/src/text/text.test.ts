import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { localClock } from "./LocalClock.ts"
import { Memo } from "./Memo.ts"
import { parseScaled } from "./parseScaled.ts"
import { parseState } from "./parseState.ts"
import { parseTres } from "./parseTres.ts"
import { badDuration, readDurationMilliseconds } from "./readDuration.ts"
import { badInstant, noInstant, readInstant } from "./readInstant.ts"
import { badSize, noSize, readSize } from "./readSize.ts"

it.each([
  ["00:00.001", 1],
  ["01:02.500", 62_500],
  ["00:00:06", 6_000],
  ["100:00:00", 360_000_000],
  ["1-23:00:00", 169_200_000],
  ["10-13:27:06", 912_426_000],
  ["00:01.5", 1_500],
  ["", badDuration],
  ["12", badDuration],
  ["1:2", badDuration],
  ["1-00:10", badDuration],
  ["1-2-00:00:10", badDuration],
  ["00:00:00:00", badDuration],
  ["00:01.", badDuration],
  ["00:01.5x", badDuration],
  ["INVALID", badDuration],
  ["00:0a:00", badDuration],
  ["-1:00", badDuration],
])("duration %s", (text, milliseconds) => {
  const bytes = Buffer.from(text)
  expect(readDurationMilliseconds(bytes, 0, bytes.length)).toBe(milliseconds)
})

it.each([
  ["", noSize],
  ["3411968", 3_411_968],
  ["3332K", 3_411_968],
  ["1.5M", 1_572_864],
  ["K", badSize],
  ["3K2", badSize],
  ["1.2.3M", badSize],
  ["12X", badSize],
  ["-1", badSize],
  ["99999999999999999999P", badSize],
  ["18446744073709551614", noSize],
  ["16E", noSize],
  ["4294967294", 4_294_967_294],
])("size %s", (text, size) => {
  const bytes = Buffer.from(text)
  expect(readSize(bytes, 0, bytes.length)).toBe(size)
})

it.each([
  ["3332K", 1024n, 3_411_968n],
  ["62.50G", 1024n, 67_108_864_000n],
  ["1.80K", 1000n, 1_800n],
  ["0", 1000n, 0n],
  ["0.3K", 1024n, null],
  ["12X", 1024n, null],
  ["1e3", 1024n, null],
] as const)("scaled %s", (text, base, value) => {
  expect(parseScaled(text, base)).toBe(value)
})

it.each<[string, unknown]>([
  ["", { counts: {}, energyJoules: null }],
  ["billing=1,cpu=1,mem=1G,node=1", { counts: { billing: 1, cpu: 1, mem: 1024, node: 1 }, energyJoules: null }],
  ["cpu=1,mem=1024M", { counts: { cpu: 1, mem: 1024 }, energyJoules: null }],
  ["mem=1000", { counts: { mem: 1000 }, energyJoules: null }],
  ["mem=62.50G", { counts: { mem: 64_000 }, energyJoules: null }],
  ["energy=3600000,cpu=1", { counts: { cpu: 1 }, energyJoules: 3_600_000n }],
  ["cpu=1,energy=18446744073709551614", { counts: { cpu: 1 }, energyJoules: null }],
  [
    "gres/gpu:a100=2,gres/gpu=2,license/matlab=3",
    { counts: { "gres/gpu:a100": 2, "gres/gpu": 2, "license/matlab": 3 }, energyJoules: null },
  ],
  ["cpu", '"cpu" is not name=count'],
  ["cpu=", 'cpu "" is not a whole number'],
  ["cpu=-1", 'cpu "-1" is not a whole number'],
  ["cpu=1,cpu=2", "cpu stands twice"],
  ["cpu=4294967294,cpu=2", "cpu stands twice"],
  ["cpu=4294967294,node=2", { counts: { node: 2 }, energyJoules: null }],
  ["billing=4294967295,cpu=3", { counts: { cpu: 3 }, energyJoules: null }],
  ["gres/gpu=18446744073709551614,license/ansys=18446744073709551615", { counts: {}, energyJoules: null }],
  ["node=9223372036854775808,energy=18446744073708557016", { counts: {}, energyJoules: null }],
  ["mem=4294967294M,vmem=18446744073709551613", { counts: {}, energyJoules: null }],
  ["mem=4294967294", { counts: {}, energyJoules: null }],
  ["mem=18446744073709551615M,cpu=2", { counts: { cpu: 2 }, energyJoules: null }],
  ["mem=4.00P", { counts: {}, energyJoules: null }],
  ["mem=4P", { counts: { mem: 4_294_967_296 }, energyJoules: null }],
  ["gres/craynetwork=65534", { counts: { "gres/craynetwork": 65_534 }, energyJoules: null }],
  ["cpu=4294963696", 'cpu "4294963696" is larger than any machine'],
  ["node=2147483648", 'node "2147483648" is larger than any machine'],
  ["cpu=1,,mem=1G", '"" is not name=count'],
  ["mem=.98G", 'mem ".98G" is not a whole number of MiB; export with --noconvert'],
  ["cpu=99999999999999999999", 'cpu "99999999999999999999" is larger than any machine'],
  ["__proto__=1", '"__proto__=1" is not name=count'],
])("TRES %s", (text, tres) => {
  expect(parseTres(text)).toEqual(tres)
})

it.each([
  ["COMPLETED", "COMPLETED"],
  ["CANCELLED by 1003", "CANCELLED"],
  ["RESIZING", "RESIZING"],
  ["COMPLETE", null],
  ["constructor", null],
  ["", null],
])("state %s", (text, state) => {
  expect(parseState(text)).toBe(state)
})

describe("time stamps", () => {
  const read = (text: string, zone = "UTC"): number => {
    const bytes = Buffer.from(text)
    return readInstant(bytes, 0, bytes.length, localClock(zone))
  }

  it.each([
    ["1788998400", "UTC", 1_788_998_400],
    ["2026-09-10T00:00:00", "UTC", 1_788_998_400],
    ["2026-09-10 00:00:00", "UTC", 1_788_998_400],
    ["2026-09-10T07:00:00", "Asia/Bangkok", 1_788_998_400],
    ["2024-02-29T12:00:00", "UTC", 1_709_208_000],
    ["2026-11-01T01:30:00", "America/New_York", 1_793_511_000],
    ["Unknown", "UTC", noInstant],
    ["None", "UTC", noInstant],
    ["", "UTC", noInstant],
    ["0", "UTC", noInstant],
    ["4294967294", "UTC", noInstant],
    ["4294967295", "UTC", noInstant],
    ["18446744073709551614", "UTC", noInstant],
    ["4294967292", "UTC", 4_294_967_292],
    ["2026-02-29T12:00:00", "UTC", badInstant],
    ["2026-13-01T12:00:00", "UTC", badInstant],
    ["2026-01-01T24:00:00", "UTC", badInstant],
    ["2026-1a-01T12:00:00", "UTC", badInstant],
    ["9999999999999", "UTC", badInstant],
    ["999999999999", "UTC", badInstant],
    ["12x", "UTC", badInstant],
    ["never", "UTC", badInstant],
  ])("%s in %s", (text, zone, instant) => {
    expect(read(text, zone)).toBe(instant)
  })

  it("reads back every second it can print", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_102_444_800 }), (instant) => {
        expect(read(new Date(instant * 1000).toISOString().slice(0, 19))).toBe(instant)
      }),
    )
  })

  it("knows the hour that a clock shows twice", () => {
    const clock = localClock("America/New_York")
    expect(clock.repeatsAfterSeconds(1_793_511_000)).toBe(3_600)
    expect(clock.repeatsAfterSeconds(1_793_511_000 + 3_600)).toBe(0)
    expect(clock.repeatsAfterSeconds(1_793_511_000 - 7_200)).toBe(0)
  })
})

const alike = fc.constantFrom("a", "b", "é", "ก", "\u0000")

it("remembers values by their bytes and forgets what hashes alike, never mixing the two", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: alike, maxLength: 9 }), { maxLength: 200 }), (texts) => {
      const memo = new Memo<string | null>(8, (text) => text, null)
      const read = texts.map((text) => {
        const bytes = Buffer.from(`,${text},`)
        return memo.read(viewOf(bytes), 1, bytes.length - 1)
      })
      expect(read).toEqual(texts.map((text) => (text.includes("\u0000") ? null : Buffer.from(text).toString("utf8"))))
    }),
  )
  const broken = Buffer.of(0x61, 0xff)
  expect(new Memo<string | null>(8, (text) => text, null).read(viewOf(broken), 0, 2)).toBe(null)
})

it("reads no repeated value twice while the table is not full", () => {
  let parses = 0
  const memo = new Memo<string | null>(
    1_024,
    (text) => {
      parses++
      return text
    },
    null,
  )
  const bytes = Buffer.from(Array.from({ length: 400 }, (_, person) => `user${String(person).padStart(3, "0")}`).join(""))
  for (let round = 0; round < 3; round++)
    for (let from = 0; from < bytes.length; from += 7)
      expect(memo.read(viewOf(bytes), from, from + 7)).toBe(bytes.toString("latin1", from, from + 7))
  expect(parses).toBeLessThan(440)
})

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
