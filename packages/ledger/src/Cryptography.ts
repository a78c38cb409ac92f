/**
 * The primitives the ledger needs, synchronous, as a port: the ledger itself sees neither Node nor the DOM. Keys are raw
 * bytes: an Ed25519 seed and an Ed25519 public key have 32 bytes, a signature has 64.
 */
export interface Cryptography {
  readonly sha256: (bytes: Uint8Array) => Uint8Array
  /** Of the parts one after another; each is taken in before the next is asked for. */
  readonly sha256OfAll: (parts: Iterable<Uint8Array>) => Uint8Array
  readonly hmacSha256: (key: Uint8Array, bytes: Uint8Array) => Uint8Array
  readonly blake2b512: (bytes: Uint8Array) => Uint8Array
  readonly ed25519PublicKey: (seed: Uint8Array) => Uint8Array
  readonly ed25519Sign: (seed: Uint8Array, message: Uint8Array) => Uint8Array
  /** False, never a throw, on a malformed key or signature. */
  readonly ed25519Verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean
}
