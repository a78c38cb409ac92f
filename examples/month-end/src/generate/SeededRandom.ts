/**
 * A small repeatable source of chance: sfc32 (Chris Doty-Humphrey's Small Fast Counter, 128 bits of state), its state filled
 * from the seed by splitmix32. The same seed gives the same draws on every machine. Not for secrets.
 */
export interface SeededRandom {
  /** In `[0, 1)`, a multiple of 2^-32. */
  readonly unit: () => number
  /** A whole number in `[0, bound)`. */
  readonly below: (bound: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <Item>(items: readonly Item[]) => Item
  /** By Box and Muller; one of their pair. */
  readonly normal: () => number
  /** exp(mu + sigma x normal). */
  readonly lognormal: (mu: number, sigma: number) => number
  /** Pareto's tail with the least value `least`: P(x > v) = (least / v)^shape. */
  readonly pareto: (least: number, shape: number) => number
}

const splitmix32 = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
}

export const seededRandom = (seed: number): SeededRandom => {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed ${seed} is not a whole number`)
  const fill = splitmix32(seed)
  let [a, b, c, counter] = [fill(), fill(), fill(), 1] as [number, number, number, number]
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
  for (let round = 0; round < 12; round += 1) next()
  const unit = (): number => next() / 0x1_0000_0000
  const below = (bound: number): number => Math.floor(unit() * bound)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit())
  return {
    unit,
    below,
    chance: (probability) => unit() < probability,
    pick: <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item,
    normal,
    lognormal: (mu, sigma) => Math.exp(mu + sigma * normal()),
    pareto: (least, shape) => least / (1 - unit()) ** (1 / shape),
  }
}

/** Draws items in proportion to weights: the running sums once, a binary search a draw. */
export const weighted = <Item>(entries: readonly (readonly [Item, weight: number])[]): ((random: SeededRandom) => Item) => {
  const bounds: number[] = []
  let total = 0
  for (const [, weight] of entries) {
    total += weight
    bounds.push(total)
  }
  return (random) => {
    const at = random.unit() * total
    let low = 0
    let high = bounds.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((bounds[middle] as number) > at) high = middle
      else low = middle + 1
    }
    return (entries[low] as readonly [Item, number])[0]
  }
}
