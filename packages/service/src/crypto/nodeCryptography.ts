import { createHash, createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from "node:crypto"
import type { Cryptography } from "@hpc-billing/ledger"

const blockBytes = 64
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex")
const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex")

/** Of more, the one-shot hash makes a copy first. */
const oneShotBytesMaximum = 1 << 16

const sha256OfAll = (parts: Iterable<Uint8Array>): Uint8Array => {
  const digest = createHash("sha256")
  for (const part of parts) digest.update(part)
  return digest.digest()
}

/** Taken over as text, one character a byte: three times as fast as a buffer of its own for each digest. */
const sha256Into = (target: Uint8Array, offset: number, bytes: Uint8Array): void => {
  const text = hash("sha256", bytes, "binary")
  for (let at = 0; at < 32; at += 1) target[offset + at] = text.charCodeAt(at)
}

const sha256 = (bytes: Uint8Array): Uint8Array => {
  if (bytes.length > oneShotBytesMaximum) return sha256OfAll([bytes])
  const digest = new Uint8Array(32)
  sha256Into(digest, 0, bytes)
  return digest
}

interface Pads {
  readonly key: Uint8Array
  /** The inner pad, and room for messages of the last one's length behind it. */
  inner: Uint8Array
  /** The outer pad, and room for the inner digest behind it. */
  readonly outer: Uint8Array
}

const padsOf = (key: Uint8Array): Pads => {
  const block = new Uint8Array(blockBytes)
  block.set(key.length > blockBytes ? sha256(key) : key)
  const outer = new Uint8Array(blockBytes + 32)
  outer.set(block.map((byte) => byte ^ 0x5c))
  return { key: Uint8Array.from(key), inner: block.map((byte) => byte ^ 0x36), outer }
}

/** HMAC by two one-shot hashes: a chain uses one key for thousands of short messages, so the last key's pads are kept. */
const makeHmacSha256 = (): Cryptography["hmacSha256"] => {
  let pads: Pads | null = null
  return (key, bytes) => {
    if (pads === null || Buffer.compare(pads.key, key) !== 0) pads = padsOf(key)
    if (pads.inner.length !== blockBytes + bytes.length) {
      const inner = new Uint8Array(blockBytes + bytes.length)
      inner.set(pads.inner.subarray(0, blockBytes))
      pads.inner = inner
    }
    pads.inner.set(bytes, blockBytes)
    sha256Into(pads.outer, blockBytes, pads.inner)
    return sha256(pads.outer)
  }
}

/** The last key is kept: a chain's checkpoints are all signed by the key of their epoch, and reading it costs as much as verifying. */
const makeEd25519Verify = (): Cryptography["ed25519Verify"] => {
  let kept: { readonly publicKey: Uint8Array; readonly key: KeyObject } | null = null
  return (publicKey, message, signature) => {
    if (publicKey.length !== 32 || signature.length !== 64) return false
    try {
      if (kept === null || Buffer.compare(kept.publicKey, publicKey) !== 0) {
        const key = createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: "der", type: "spki" })
        kept = { publicKey: Uint8Array.from(publicKey), key }
      }
      return verify(null, message, kept.key, signature)
    } catch {
      return false
    }
  }
}

const privateKeyOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: "der", type: "pkcs8" })

export const nodeCryptography: Cryptography = {
  sha256,
  sha256OfAll,
  hmacSha256: makeHmacSha256(),
  blake2b512: (bytes) => createHash("blake2b512").update(bytes).digest(),
  ed25519PublicKey: (seed) => createPublicKey(privateKeyOf(seed)).export({ format: "der", type: "spki" }).subarray(spkiPrefix.length),
  ed25519Sign: (seed, message) => sign(null, message, privateKeyOf(seed)),
  ed25519Verify: makeEd25519Verify(),
}

/** SHA-256 as 64 hexadecimal digits. */
export const sha256Hex = (bytes: Uint8Array): string => hash("sha256", bytes, "hex")
