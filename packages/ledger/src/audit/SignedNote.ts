import { base64, bytesOfBase64, concatenate, equalBytes, utf8 } from "../bytes.ts"
import type { Cryptography } from "../Cryptography.ts"

/**
 * What a checkpoint says, in the signed-note form of transparency logs: origin, size, root, and as extension lines the link,
 * epoch and time; then one Ed25519 signature line. A witness outside the database keeps it as it is.
 */
export interface Checkpoint {
  readonly origin: string
  /** Records under it: its own is not among them. */
  readonly size: bigint
  readonly root: Uint8Array
  readonly link: Uint8Array
  readonly epoch: number
  readonly atMicroseconds: bigint
}

const bodyOf = (checkpoint: Checkpoint): string =>
  [
    checkpoint.origin,
    checkpoint.size.toString(),
    base64(checkpoint.root),
    `link ${base64(checkpoint.link)}`,
    `epoch ${checkpoint.epoch}`,
    `time ${checkpoint.atMicroseconds}`,
    "",
  ].join("\n")

/** First four bytes of `SHA256(name | "\n" | 0x01 | public key)`. */
const keyIdOf = (cryptography: Cryptography, origin: string, publicKey: Uint8Array): Uint8Array =>
  cryptography.sha256(concatenate(utf8(`${origin}\n`), Uint8Array.of(0x01), publicKey)).subarray(0, 4)

export const signNote = (cryptography: Cryptography, checkpoint: Checkpoint, signingSeed: Uint8Array): string => {
  const body = bodyOf(checkpoint)
  const keyId = keyIdOf(cryptography, checkpoint.origin, cryptography.ed25519PublicKey(signingSeed))
  return `${body}\n— ${checkpoint.origin} ${base64(concatenate(keyId, cryptography.ed25519Sign(signingSeed, utf8(body))))}\n`
}

const noteText =
  /^([\x21-\x7e]+)\n(\d{1,20})\n([\w+/=]{44})\nlink ([\w+/=]{44})\nepoch (\d{1,10})\ntime (\d{1,19})\n\n— ([\x21-\x7e]+) ([\w+/=]{92})\n$/

/** The checkpoint that a note holds, whoever signed it; null when the text is no such note. */
export const readNote = (note: string): Checkpoint | null => {
  const match = noteText.exec(note)
  if (match === null) return null
  const [, origin = "", size = "", root = "", link = "", epoch = "", time = "", signer] = match
  const rootBytes = bytesOfBase64(root)
  const linkBytes = bytesOfBase64(link)
  if (rootBytes?.length !== 32 || linkBytes?.length !== 32 || signer !== origin) return null
  const checkpoint = { origin, size: BigInt(size), root: rootBytes, link: linkBytes, epoch: Number(epoch), atMicroseconds: BigInt(time) }
  return note.startsWith(`${bodyOf(checkpoint)}\n`) ? checkpoint : null
}

export const isSignedBy = (cryptography: Cryptography, note: string, publicKey: Uint8Array): boolean => {
  const checkpoint = readNote(note)
  const signature = bytesOfBase64(noteText.exec(note)?.[8] ?? "")
  if (checkpoint === null || signature?.length !== 68) return false
  return (
    equalBytes(signature.subarray(0, 4), keyIdOf(cryptography, checkpoint.origin, publicKey)) &&
    cryptography.ed25519Verify(publicKey, utf8(bodyOf(checkpoint)), signature.subarray(4))
  )
}
