import { createHash, createPublicKey } from "node:crypto"
import { expect, test } from "vitest"
import { cryptography, publicKey } from "../../test/chains.ts"
import { base64, bytesOfBase64 } from "../bytes.ts"
import { fingerprintOf, pemOf, publicKeyOfPem } from "./fingerprintOf.ts"

test("the PEM is one that OpenSSL reads, and the fingerprint is that of its DER form", () => {
  const der = createPublicKey(pemOf(publicKey)).export({ format: "der", type: "spki" })
  expect(fingerprintOf(cryptography, publicKey)).toBe(createHash("sha256").update(der).digest("hex"))
})

test("a PEM reads back to its key, other text to none", () => {
  const pem = pemOf(publicKey)
  const [, body = ""] = pem.split("\n")
  const der = bytesOfBase64(body) ?? new Uint8Array()
  const ofAnotherKind = base64(der.with(8, 0x6e))
  expect(publicKeyOfPem(pem)).toEqual(Uint8Array.from(publicKey))
  const others = [
    pem.trimEnd(),
    `${pem}\n`,
    ` ${pem}`,
    pem.replaceAll("PUBLIC", "PRIVATE"),
    pem.replace(body, ofAnotherKind),
    pem.replace(body, base64(der.subarray(0, 43))),
    pem.replace(body, body.slice(4)),
    pem.replace(body, `#${body.slice(1)}`),
    pem.replace(body, `=${body.slice(1)}`),
    "",
  ]
  expect(others.map(publicKeyOfPem)).toEqual(others.map(() => null))
})
