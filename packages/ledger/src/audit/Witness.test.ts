import { expect, test } from "vitest"
import { grow } from "../../test/chains.ts"
import { base64, utf8 } from "../bytes.ts"
import { noteOf, readWitness, witnessLineOfCheckpoint, witnessLineOfHead } from "./Witness.ts"

const { records, head } = grow([2, "checkpoint"])
const [event, , checkpoint] = records
const note = checkpoint === undefined ? null : noteOf(checkpoint)
const lines = [witnessLineOfHead(head), ...(checkpoint === undefined ? [] : [witnessLineOfCheckpoint(checkpoint)])]
const seen = { origin: head.origin, sequence: "3", epoch: 0, link: base64(head.link) }

test("heads and notes read back in order, empty lines between them are nothing", () => {
  const { origin, sequence, epoch, link } = head
  const witness = { heads: [{ origin, sequence, epoch, link }], notes: [note] }
  expect(readWitness(lines.join(""))).toEqual({ witness, unreadableLines: [] })
  expect(readWitness(`\n${lines.join("\n")}\n`)).toEqual({ witness, unreadableLines: [] })
  expect(readWitness("")).toEqual({ witness: { heads: [], notes: [] }, unreadableLines: [] })
})

test("every line that is neither is named, but for a last one that a crash cut short", () => {
  const wrong = [
    "nonsense",
    "null",
    "{}",
    ...[
      { note: "no note" },
      { note: 7 },
      { ...seen, origin: 7 },
      { ...seen, epoch: "0" },
      { ...seen, epoch: 0.5 },
      { ...seen, sequence: "x" },
      { ...seen, link: 7 },
      { ...seen, link: "#" },
      { ...seen, link: base64(head.link.subarray(1)) },
    ].map((each) => JSON.stringify(each)),
  ]
  const { witness, unreadableLines } = readWitness(`${wrong.join("\n")}\n${lines[0]}`)
  expect(unreadableLines).toEqual(wrong.map((_, index) => index + 1))
  expect([witness.heads.length, witness.notes.length]).toEqual([1, 0])
  expect(readWitness(`${lines[0]}${lines[1]?.slice(0, 20)}`).unreadableLines).toEqual([])
  for (const last of ["{}", JSON.stringify({ ...seen, link: 7 })]) expect(readWitness(`${lines[0]}${last}`).unreadableLines).toEqual([2])
})

test("a record that holds no note has none", () => {
  const payloads = [utf8("nonsense"), utf8("null"), utf8('{"note":7}'), utf8("{}"), Uint8Array.of(0xff)]
  expect(payloads.map((payload) => noteOf({ payload }))).toEqual(payloads.map(() => null))
  expect(event === undefined ? "" : witnessLineOfCheckpoint(event)).toBe('{"note":""}\n')
  expect(typeof note).toBe("string")
})
