import { fingerprintOf, publicKeyOfPem } from "../audit/fingerprintOf.ts"
import { bytesOfBase64, concatenate, equalBytes, hex, textOfUtf8, utf8 } from "../bytes.ts"
import type { Cryptography } from "../Cryptography.ts"
import type { ExportTrust } from "./ExportTrust.ts"
import { type ExportFile, manifestPaths, minisignComment, minisignKeyId, minisignKeyText } from "./Manifest.ts"

export type Find = (file: string, finding: string) => void
export type Files = ReadonlyMap<string, ExportFile>

const minisignText = /^(.*)\n(.*)\ntrusted comment: (.*)\n(.*)\n$/

/** Whether the files beside the manifest sign it with the keys that are trusted. */
export const checkSignatures = (
  cryptography: Cryptography,
  files: Files,
  manifest: Uint8Array,
  trust: ExportTrust,
  find: Find,
  unproven: string[],
): void => {
  const bytesOf = (path: string): Uint8Array | null => {
    const file = files.get(path)
    if (file === undefined) find(path, "is missing")
    return file?.bytes ?? null
  }
  const pem = bytesOf(manifestPaths.publicKey)
  const signature = bytesOf(manifestPaths.signature)
  const publicKey = pem === null ? null : publicKeyOfPem(textOfUtf8(pem) ?? "")
  if (pem !== null && publicKey === null) find(manifestPaths.publicKey, "is not an Ed25519 public key in PEM")
  if (publicKey !== null) {
    if (trust.publicKeyFingerprint === undefined) unproven.push("who signed: no fingerprint of the signing key was given")
    else if (fingerprintOf(cryptography, publicKey) !== trust.publicKeyFingerprint) {
      find(manifestPaths.publicKey, "is not the key with the fingerprint that was given: someone else signed this export")
    }
    const minisignKey = bytesOf(manifestPaths.minisignKey)
    if (minisignKey !== null && textOfUtf8(minisignKey) !== minisignKeyText(cryptography, publicKey)) {
      find(manifestPaths.minisignKey, "does not hold the same key as pub.pem")
    }
    const minisign = bytesOf(manifestPaths.minisignSignature)
    const signed = signature === null || cryptography.ed25519Verify(publicKey, manifest, signature)
    const minisigned = minisign === null || isMinisigned(cryptography, manifest, publicKey, minisign)
    if (!signed && !minisigned) find(manifestPaths.manifest, "is not what the key in pub.pem signed: it was changed, or the key was")
    else if (!signed) find(manifestPaths.signature, "is not the signature of manifest.json by pub.pem")
    else if (!minisigned) find(manifestPaths.minisignSignature, "is not the minisign signature of manifest.json by pub.pem")
  }
  const hmac = bytesOf(manifestPaths.hmac)
  if (trust.hmacKey === undefined) unproven.push("the HMAC of the manifest: no HMAC key was given")
  else if (hmac !== null && textOfUtf8(hmac) !== `${hex(cryptography.hmacSha256(trust.hmacKey, manifest))}\n`) {
    find(manifestPaths.hmac, "is not the HMAC of manifest.json with the key that was given")
  }
}

const isMinisigned = (cryptography: Cryptography, manifest: Uint8Array, publicKey: Uint8Array, file: Uint8Array): boolean => {
  const match = minisignText.exec(textOfUtf8(file) ?? "")
  const [signed, global] = [bytesOfBase64(match?.[2] ?? ""), bytesOfBase64(match?.[4] ?? "")]
  if (match?.[1] !== minisignComment || signed?.length !== 74 || global === null) return false
  const [keyId, signature] = [signed.subarray(0, 10), signed.subarray(10)]
  return (
    equalBytes(keyId, concatenate(utf8("ED"), minisignKeyId(cryptography, publicKey))) &&
    cryptography.ed25519Verify(publicKey, cryptography.blake2b512(manifest), signature) &&
    cryptography.ed25519Verify(publicKey, concatenate(signature, utf8(match[3] ?? "")), global)
  )
}
