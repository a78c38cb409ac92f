import { base64, concatenate, hex } from "../bytes.ts"
import type { Cryptography } from "../Cryptography.ts"

const spkiPrefix = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00)

const spkiOf = (publicKey: Uint8Array): Uint8Array => concatenate(spkiPrefix, publicKey)

/** SHA-256 (hex) of the key's DER form: `openssl pkey -pubin -in pub.pem -outform DER | sha256sum` prints the same. */
export const fingerprintOf = (cryptography: Cryptography, publicKey: Uint8Array): string => hex(cryptography.sha256(spkiOf(publicKey)))

export const pemOf = (publicKey: Uint8Array): string =>
  `-----BEGIN PUBLIC KEY-----\n${base64(spkiOf(publicKey))}\n-----END PUBLIC KEY-----\n`
