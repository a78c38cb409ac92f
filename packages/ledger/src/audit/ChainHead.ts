import { canonicalJson } from "@hpc-billing/core"
import { bytesOfHex, concatenate, hex, utf8 } from "../bytes.ts"
import type { Cryptography } from "../Cryptography.ts"
import type { CompactRange } from "./CompactRange.ts"

/** Where a chain stands: all that is needed to append to it. One per tenant; the store compares and sets it in one statement. */
export interface ChainHead {
  readonly chain: number
  /** Names the chain in its signed notes, `site.example/tenant`; no spaces, no line breaks. */
  readonly origin: string
  /** Of the last record; 0 when there is none. */
  readonly sequence: bigint
  readonly epoch: number
  readonly link: Uint8Array
  readonly range: CompactRange
  /** Sequence and time of the last checkpoint record; 0 when there is none. */
  readonly checkpointSequence: bigint
  readonly checkpointAtMicroseconds: bigint
}

/** What signs and seals the rows of one epoch. Kept outside the database and outside the data folder. */
export interface ChainKeys {
  readonly epoch: number
  readonly macKey: Uint8Array
  readonly signingSeed: Uint8Array
}

const originText = /^[\x21-\x7e]{1,200}$/

/** The head of an empty chain: its first link commits to the chain's name and to the public key of epoch 0. */
export const genesis = (cryptography: Cryptography, chain: number, origin: string, publicKey: Uint8Array): ChainHead => {
  if (!originText.test(origin)) throw new RangeError(`"${origin}" is no name for a chain: 1 to 200 visible ASCII characters`)
  return {
    chain,
    origin,
    sequence: 0n,
    epoch: 0,
    link: cryptography.sha256(concatenate(utf8(`hpc-billing/audit/v1\n${origin}\n`), publicKey)),
    range: [],
    checkpointSequence: 0n,
    checkpointAtMicroseconds: 0n,
  }
}

/** The key of the next epoch; whoever has it cannot find the one before. */
export const evolveMacKey = (cryptography: Cryptography, macKey: Uint8Array): Uint8Array =>
  cryptography.hmacSha256(macKey, utf8("hpc-billing/evolve/v1"))

export const encodeChainHead = (head: ChainHead): string =>
  canonicalJson({
    chain: head.chain,
    checkpointAtMicroseconds: head.checkpointAtMicroseconds.toString(),
    checkpointSequence: head.checkpointSequence.toString(),
    epoch: head.epoch,
    link: hex(head.link),
    origin: head.origin,
    range: head.range.map(hex),
    sequence: head.sequence.toString(),
  })

/** Reads what `encodeChainHead` wrote; throws on anything else. */
export const decodeChainHead = (text: string): ChainHead => {
  const head = JSON.parse(text)
  const bytes = (value: string): Uint8Array => {
    const decoded = bytesOfHex(value)
    if (decoded?.length !== 32) throw new TypeError("the stored chain head holds a hash that is not 32 bytes of hex")
    return decoded
  }
  return {
    chain: head.chain,
    origin: head.origin,
    sequence: BigInt(head.sequence),
    epoch: head.epoch,
    link: bytes(head.link),
    range: head.range.map(bytes),
    checkpointSequence: BigInt(head.checkpointSequence),
    checkpointAtMicroseconds: BigInt(head.checkpointAtMicroseconds),
  }
}
