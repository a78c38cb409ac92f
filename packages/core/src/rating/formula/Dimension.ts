/**
 * What a value is measured in: exponents by unit, `core·h` is { core: 1, h: 1 }. Units named `?1` stand for what a literal takes on where
 * it is used: in `cpu_hours * 0.85` the number becomes a price of a core·h. `Dimensions` finds them by solving linear equations.
 */
export type Dimension = ReadonlyMap<string, number>

const dimensionless: Dimension = new Map()

const combine = (left: Dimension, right: Dimension, times: number): Dimension => {
  const sum = new Map(left)
  for (const [unit, exponent] of right) {
    const next = (sum.get(unit) ?? 0) + times * exponent
    if (next === 0) sum.delete(unit)
    else sum.set(unit, next)
  }
  return sum
}

export const multiplyDimensions = (left: Dimension, right: Dimension): Dimension => combine(left, right, 1)

export const divideDimensions = (left: Dimension, right: Dimension): Dimension => combine(left, right, -1)

const isOpen = (unit: string): boolean => unit.startsWith("?")

/** `core·h`, `THB/(core·h)`; `1` for a plain number. Open units are left out. */
export const dimensionText = (dimension: Dimension): string => {
  const part = (sign: 1 | -1): readonly string[] =>
    [...dimension]
      .filter(([unit, exponent]) => !isOpen(unit) && Math.sign(exponent) === sign)
      .map(([unit, exponent]) => (Math.abs(exponent) === 1 ? unit : `${unit}^${Math.abs(exponent)}`))
  const above = part(1).join("·")
  const below = part(-1)
  if (below.length === 0) return above === "" ? "a plain number" : above
  return `${above === "" ? "1" : above}/${below.length === 1 ? below[0] : `(${below.join("·")})`}`
}

/** `core-h` is core·h, `kWh` is kWh: the dimension of a unit's name. */
export const dimensionOfUnit = (unit: string): Dimension => {
  const dimension = new Map<string, number>()
  for (const part of unit.split("-")) dimension.set(part, (dimension.get(part) ?? 0) + 1)
  return dimension
}

/** Solves which dimensions must be equal; open units are settled as equations come in. */
export class Dimensions {
  private readonly settled = new Map<string, Dimension>()
  private count = 0

  open(): Dimension {
    this.count += 1
    return new Map([[`?${this.count}`, 1]])
  }

  resolve(dimension: Dimension): Dimension {
    let resolved: Dimension = dimensionless
    for (const [unit, exponent] of dimension) {
      const value = this.settled.get(unit)
      resolved = combine(resolved, value === undefined ? new Map([[unit, 1]]) : this.resolve(value), exponent)
    }
    return resolved
  }

  /** Makes the two equal; false when no choice of open units can. */
  equate(left: Dimension, right: Dimension): boolean {
    const difference = this.resolve(divideDimensions(left, right))
    if (difference.size === 0) return true
    const open = [...difference].find(([unit]) => isOpen(unit))
    if (open === undefined) return false
    const [unit, exponent] = open
    const others = new Map([...difference].filter(([name]) => name !== unit))
    this.settled.set(unit, combine(dimensionless, others, -1 / exponent))
    return true
  }
}
