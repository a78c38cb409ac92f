import { createHash, createHmac } from "node:crypto"
import { expect, test } from "vitest"
import { cryptography, macKey } from "../../test/chains.ts"
import { hex } from "../bytes.ts"
import { leafOf, linkOf, tagOf, type UnsealedRecord } from "./sealRecord.ts"

const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest()

/** The leaf by its published description, with a buffer of its own. */
const described = ({ chain, sequence, epoch, atMicroseconds, kind, payload }: UnsealedRecord): string => {
  const header = Buffer.alloc(35)
  header.write("BHA1", 1, "latin1")
  header.writeUInt32BE(chain, 5)
  header.writeBigUInt64BE(sequence, 9)
  header.writeUInt32BE(epoch, 17)
  header.writeBigInt64BE(atMicroseconds, 21)
  header.writeUInt16BE({ event: 1, checkpoint: 2, rotate: 3 }[kind], 29)
  header.writeUInt32BE(payload.length, 31)
  return sha256(header, payload).toString("hex")
}

test("a leaf is as described, whatever its length and whatever leaf came before it", () => {
  const lengths = [0, 1, 500, 989, 990, 1_023, 1_024, 70_000, 989, 1]
  lengths.forEach((length, index) => {
    const record: UnsealedRecord = {
      chain: 0x01020304 + index,
      sequence: 0x0102030405060708n + BigInt(index),
      epoch: 7 + index,
      atMicroseconds: index === 0 ? -1n : 1_793_000_000_000_000n + BigInt(index),
      kind: (["event", "checkpoint", "rotate"] as const)[index % 3] ?? "event",
      payload: new Uint8Array(length).fill(65 + index),
    }
    expect(hex(leafOf(cryptography, record))).toBe(described(record))
  })
})

test("a link is of the link before and the leaf, a tag of the link", () => {
  const [previous, leaf] = [Uint8Array.from(sha256(Buffer.from("previous"))), Uint8Array.from(sha256(Buffer.from("leaf")))]
  const link = linkOf(cryptography, previous, leaf)
  expect(hex(link)).toBe(sha256(Uint8Array.of(2), previous, leaf).toString("hex"))
  expect(hex(tagOf(cryptography, macKey, link))).toBe(createHmac("sha256", macKey).update(Uint8Array.of(3)).update(link).digest("hex"))
})
