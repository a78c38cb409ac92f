import { divideFloor } from "./divide.ts"

export interface AllocationShare {
  /** Breaks ties: of two equal remainders the smaller key (by code unit) gets the unit. Keys are distinct. */
  readonly key: string
  /** Not negative. */
  readonly weight: bigint
}

/**
 * Splits `total` over the shares in proportion to their weights by largest remainder: the parts sum to `total` exactly and
 * each is within one unit of its proportion. All weights zero: the total must be zero too.
 */
export const allocate = (total: bigint, shares: readonly AllocationShare[]): readonly bigint[] => {
  let weightTotal = 0n
  for (const share of shares) {
    if (share.weight < 0n) throw new RangeError(`share ${share.key} has the negative weight ${share.weight}`)
    weightTotal += share.weight
  }
  if (weightTotal === 0n) {
    if (total !== 0n) throw new RangeError(`${total} cannot be allocated: every weight is zero`)
    return shares.map(() => 0n)
  }
  const parts = shares.map((share) => divideFloor(total * share.weight, weightTotal))
  let left = total - parts.reduce((sum, part) => sum + part, 0n)
  const order = shares
    .map((share, index) => ({ index, key: share.key, remainder: total * share.weight - (parts[index] as bigint) * weightTotal }))
    .sort((a, b) => (a.remainder === b.remainder ? (a.key < b.key ? -1 : 1) : a.remainder > b.remainder ? -1 : 1))
  for (const { index } of order) {
    if (left === 0n) break
    parts[index] = (parts[index] as bigint) + 1n
    left -= 1n
  }
  return parts
}
