import { expect, test } from "vitest"
import { cryptography, eventOf, grow, publicKey, seedOf } from "../../test/chains.ts"
import { textOfUtf8 } from "../bytes.ts"
import { appendRecords, checkpoint, isCheckpointDue, rotate, rotationStatement } from "./appendRecords.ts"
import { encodeChainHead } from "./ChainHead.ts"

test("a checkpoint is due a minute after the last one, once a record stands after it", () => {
  const sealed = grow([2, "checkpoint"])
  const since = sealed.head.checkpointAtMicroseconds
  const { head } = appendRecords(cryptography, sealed.head, [eventOf(1)], sealed.keys, since + 5n)
  expect([isCheckpointDue(head, since + 59_999_999n), isCheckpointDue(head, since + 60_000_000n)]).toEqual([false, true])
  expect(isCheckpointDue(sealed.head, since + 600_000_000n)).toBe(false)
})

test("after a checkpoint or a rotation the count begins anew", () => {
  const sealed = grow([2, "checkpoint"])
  expect(sealed.head).toMatchObject({ sequence: 3n, checkpointSequence: 3n, checkpointAtMicroseconds: sealed.records[2]?.atMicroseconds })
  const rotated = grow([2, "rotate"])
  expect(rotated.head).toMatchObject({ sequence: 4n, epoch: 1, checkpointSequence: 4n })
  expect(rotated.head.checkpointAtMicroseconds).toBe(rotated.records[3]?.atMicroseconds)
  expect(rotated.records.map(({ kind, epoch }) => [kind, epoch])).toEqual([
    ["event", 0],
    ["event", 0],
    ["checkpoint", 0],
    ["rotate", 0],
  ])
})

test("the thousandth record after a checkpoint brings the next one with it, not the one before", () => {
  const kinds = (events: number): string[] =>
    grow(["checkpoint", events])
      .records.slice(-1)
      .map(({ kind }) => kind)
  expect([kinds(999), kinds(1_000)]).toEqual([["event"], ["checkpoint"]])
})

test("a head that was appended to is as before: a lost race appends to it again", () => {
  const { head, keys } = grow([3])
  const text = encodeChainHead(head)
  const [first, second] = [1, 2].map(() => appendRecords(cryptography, head, [eventOf(1), eventOf(2)], keys, 1n))
  expect(second).toEqual(first)
  expect(encodeChainHead(head)).toBe(text)
})

test("a rotation is signed by the old key over the place, the epoch and the next key", () => {
  const { head, keys } = grow([2])
  const { records } = rotate(cryptography, head, keys, seedOf(1), 1n)
  const [sealed, handover] = records
  const { epoch, publicKey: next, signature } = JSON.parse(textOfUtf8(handover?.payload ?? new Uint8Array()) ?? "")
  const nextKey = cryptography.ed25519PublicKey(seedOf(1))
  expect([epoch, next]).toEqual(["1", Buffer.from(nextKey).toString("hex")])
  const statement = rotationStatement(head.origin, sealed?.link ?? new Uint8Array(), 1, nextKey)
  expect(cryptography.ed25519Verify(publicKey, statement, Uint8Array.from(Buffer.from(signature, "hex")))).toBe(true)
})

test("keys of another epoch seal nothing", () => {
  const { head, keys } = grow([1])
  for (const act of [
    () => appendRecords(cryptography, head, [eventOf(1)], { ...keys, epoch: 1 }, 1n),
    () => checkpoint(cryptography, head, { ...keys, epoch: 1 }, 1n),
    () => rotate(cryptography, head, { ...keys, epoch: 1 }, seedOf(1), 1n),
  ])
    expect(act).toThrow(/keys of epoch 1 cannot seal records of epoch 0/)
})
