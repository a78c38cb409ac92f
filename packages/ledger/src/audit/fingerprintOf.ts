import { base64, bytesOfBase64, concatenate, equalBytes, hex } from "../bytes.ts"
import type { Cryptography } from "../Cryptography.ts"

const spkiPrefix = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00)

const spkiOf = (publicKey: Uint8Array): Uint8Array => concatenate(spkiPrefix, publicKey)

/** SHA-256 (hex) of the key's DER form: `openssl pkey -pubin -in pub.pem -outform DER | sha256sum` prints the same. */
export const fingerprintOf = (cryptography: Cryptography, publicKey: Uint8Array): string => hex(cryptography.sha256(spkiOf(publicKey)))

export const pemOf = (publicKey: Uint8Array): string =>
  `-----BEGIN PUBLIC KEY-----\n${base64(spkiOf(publicKey))}\n-----END PUBLIC KEY-----\n`

const pemText = /^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=]{60})\n-----END PUBLIC KEY-----\n$/

/** The raw key of such a PEM text; null of any other. */
export const publicKeyOfPem = (pem: string): Uint8Array | null => {
  const der = bytesOfBase64(pemText.exec(pem)?.[1] ?? "")
  return der?.length === 44 && equalBytes(der.subarray(0, 12), spkiPrefix) ? der.subarray(12) : null
}
