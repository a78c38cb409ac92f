import type { Cryptography } from "../Cryptography.ts"

/**
 * The right edge of an RFC 9162 hash tree over n leaves: the roots of its perfect subtrees, largest first, one per set bit
 * of n. Enough to add a leaf and to compute the root, never the whole tree.
 */
export type CompactRange = readonly Uint8Array[]

const nodePrefix = 0x01

// one for all nodes: hashing is synchronous and keeps none of it
const nodeBytes = new Uint8Array(65)

const nodeOf = (cryptography: Cryptography, left: Uint8Array, right: Uint8Array): Uint8Array => {
  nodeBytes[0] = nodePrefix
  nodeBytes.set(left, 1)
  nodeBytes.set(right, 33)
  return cryptography.sha256(nodeBytes)
}

/** Adds a leaf in place; `size` is the number of leaves before it. */
export const pushLeaf = (cryptography: Cryptography, range: Uint8Array[], size: bigint, leaf: Uint8Array): void => {
  let node = leaf
  for (let rest = Number(size); rest % 2 === 1; rest = (rest - 1) / 2) node = nodeOf(cryptography, range.pop() as Uint8Array, node)
  range.push(node)
}

/** `size` is the number of leaves before the new one. */
export const addLeaf = (cryptography: Cryptography, range: CompactRange, size: bigint, leaf: Uint8Array): CompactRange => {
  const next = range.slice()
  pushLeaf(cryptography, next, size, leaf)
  return next
}

/** The root of the tree; of no leaves it is the hash of nothing. */
export const rootOf = (cryptography: Cryptography, range: CompactRange): Uint8Array =>
  range.length === 0 ? cryptography.sha256(new Uint8Array()) : range.reduceRight((right, left) => nodeOf(cryptography, left, right))
