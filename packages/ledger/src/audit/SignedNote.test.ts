import { expect, test } from "vitest"
import { cryptography, origin, publicKey, seedOf } from "../../test/chains.ts"
import { base64, bytesOfBase64 } from "../bytes.ts"
import { type Checkpoint, isSignedBy, readNote, signNote } from "./SignedNote.ts"

const checkpoint: Checkpoint = {
  origin,
  size: 12n,
  root: new Uint8Array(32).fill(1),
  link: new Uint8Array(32).fill(2),
  epoch: 3,
  atMicroseconds: 1_793_000_000_000_000n,
}
const note = signNote(cryptography, checkpoint, seedOf(0))

test("a note reads back, and its key alone has signed it", () => {
  expect(readNote(note)).toEqual(checkpoint)
  expect(isSignedBy(cryptography, note, publicKey)).toBe(true)
  expect(isSignedBy(cryptography, note, cryptography.ed25519PublicKey(seedOf(1)))).toBe(false)
})

test.each([
  ["text before it", `x\n${note}`],
  ["text after it", `${note}x`],
  ["no last line break", note.trimEnd()],
  ["a size in another spelling", note.replace("\n12\n", "\n012\n")],
  ["a size that is no number", note.replace("\n12\n", "\nx\n")],
  ["a size beyond 64 bits", note.replace("\n12\n", `\n${"1".repeat(21)}\n`)],
  ["an epoch in another spelling", note.replace("epoch 3", "epoch 03")],
  ["a time below zero", note.replace("time 1", "time -1")],
  ["a root of 31 bytes", note.replace(base64(checkpoint.root), base64(checkpoint.root.subarray(1)))],
  ["a link of 33 bytes", note.replace(base64(checkpoint.link), base64(Uint8Array.of(2, ...checkpoint.link)))],
  ["a link that is no base64", note.replace(base64(checkpoint.link), `=${base64(checkpoint.link).slice(1)}`)],
  ["a root in another spelling", note.replace(base64(checkpoint.root), base64(checkpoint.root).replace(/.=$/, "F="))],
  ["another name on the signature", note.replace(`— ${origin}`, "— site.example/other")],
  ["a signature too short", note.replace(/.{4}\n$/, "\n")],
  ["nothing", ""],
])("with %s it is no note", (_, text) => {
  expect(text).not.toBe(note)
  expect(readNote(text)).toBeNull()
  expect(isSignedBy(cryptography, text, publicKey)).toBe(false)
})

const [, signatureText = ""] = /([\w+/=]{92})\n$/.exec(note) ?? []
const signature = bytesOfBase64(signatureText) ?? new Uint8Array()
const flipped = (at: number): Uint8Array => signature.with(at, (signature[at] as number) ^ 1)

test.each([
  ["what it says", note.replace("\n12\n", "\n13\n")],
  ["the name of its key", note.replace(signatureText, base64(flipped(0)))],
  ["its signature", note.replace(signatureText, base64(flipped(67)))],
  ["the spelling of its signature", note.replace(signatureText, `=${signatureText.slice(1)}`)],
  ["the length of its signature", note.replace(signatureText, base64(signature.subarray(0, 67)))],
])("a note that reads, with %s changed, is not signed", (_, text) => {
  expect(readNote(text)).not.toBeNull()
  expect(isSignedBy(cryptography, text, publicKey)).toBe(false)
})
