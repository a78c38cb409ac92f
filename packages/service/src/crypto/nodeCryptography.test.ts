import { createHmac } from "node:crypto"
import fc from "fast-check"
import { expect, test } from "vitest"
import { nodeCryptography as cryptography } from "./nodeCryptography.ts"

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")
const unhex = (text: string): Uint8Array => Buffer.from(text, "hex")

test("SHA-256 and BLAKE2b give the published digests of abc", () => {
  expect(hex(cryptography.sha256(Buffer.from("abc")))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  expect(hex(cryptography.blake2b512(Buffer.from("abc")))).toBe(
    "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
  )
})

test("HMAC equals the runtime's for every key length, keys alternating", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 130 }), fc.uint8Array({ maxLength: 200 })), { maxLength: 4 }), (pairs) => {
      for (const [key, bytes] of [...pairs, ...pairs])
        expect(hex(cryptography.hmacSha256(key, bytes))).toBe(createHmac("sha256", key).update(bytes).digest("hex"))
    }),
  )
})

test("Ed25519 gives RFC 8032's first test vector", () => {
  const seed = unhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
  const publicKey = cryptography.ed25519PublicKey(seed)
  const signature = cryptography.ed25519Sign(seed, new Uint8Array())
  expect(hex(publicKey)).toBe("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
  expect(hex(signature)).toBe(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  )
  expect(cryptography.ed25519Verify(publicKey, new Uint8Array(), signature)).toBe(true)
  expect(cryptography.ed25519Verify(publicKey, Buffer.from("x"), signature)).toBe(false)
  expect(cryptography.ed25519Verify(new Uint8Array(31), new Uint8Array(), signature)).toBe(false)
  expect(cryptography.ed25519Verify(new Uint8Array(32).fill(255), new Uint8Array(), signature)).toBe(false)
})

test("signatures of two keys in turn are each judged by their own", () => {
  const message = Buffer.from("x")
  const [first, second] = [1, 2].map((byte) => {
    const seed = new Uint8Array(32).fill(byte)
    return { publicKey: cryptography.ed25519PublicKey(seed), signature: cryptography.ed25519Sign(seed, message) }
  })
  if (first === undefined || second === undefined) throw new Error("two keys were asked for")
  for (const [signed, key] of [first, second, first, second].flatMap((pair) => [[pair, first] as const, [pair, second] as const]))
    expect(cryptography.ed25519Verify(key.publicKey, message, signed.signature)).toBe(signed === key)
})
