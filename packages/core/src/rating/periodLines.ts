import { allocate } from "../money/allocate.ts"
import {
  addDecimals,
  compareDecimals,
  type Decimal,
  decimal,
  decimalZero,
  formatDecimal,
  multiplyDecimals,
  normaliseDecimal,
  rescaleExact,
  subtractDecimals,
} from "../money/Decimal.ts"
import { divide } from "../money/divide.ts"
import type { Window } from "../time/Window.ts"
import { decimalOf, type PreparedCard, type PreparedMeter, type Rates } from "./prepareRates.ts"
import type { RatedLine } from "./RatedLine.ts"

/** Lines of one counted group (payer, account or user) under one card in one period. */
interface Group {
  readonly key: string
  readonly card: PreparedCard
  readonly lines: RatedLine[]
}

/** A part of a period's quantity at its price. */
interface Portion {
  readonly what: string
  readonly units: bigint
  readonly price: Decimal
}

/**
 * What a period as a whole adds to the lines of its jobs: allowances, bands, packages, minimums and caps. The job lines stand
 * at the price of the first band; a period line carries the difference, `quantity x unitPrice = amount` like every line. It depends on
 * the sums alone: neither the order of the lines nor their cuts change it, and no job line ever changes for it. Provisional
 * lines, corrections and lines at an override's own price are left out.
 */
export const periodLines = (lines: readonly RatedLine[], rates: Rates, period: Window): readonly RatedLine[] =>
  groupsOf([...lines].sort(byId), rates)
    .flatMap((group) => linesOfGroup(group, rates, period))
    .sort(byId)

const byId = (left: RatedLine, right: RatedLine): number => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)

const groupsOf = (lines: readonly RatedLine[], rates: Rates): Group[] => {
  const cards = new Map(rates.cards.map((card) => [`${card.card.id}/${card.card.version}/${card.hash}`, card]))
  const groups = new Map<string, Group>()
  for (const line of lines) {
    if (line.kind !== "usage" || line.provisional) continue
    const card = cards.get(`${line.rate.cardId}/${line.rate.cardVersion}/${line.rate.cardHash}`)
    if (card === undefined) continue
    const per = card.card.countedPer ?? "payer"
    const counted = per === "payer" ? [] : per === "account" ? [line.cluster, line.account] : [line.cluster, line.account, line.user]
    const key = JSON.stringify([line.payerId, card.card.id, card.card.version, ...counted])
    const group = groups.get(key) ?? { key, card, lines: [] }
    group.lines.push(line)
    groups.set(key, group)
  }
  return [...groups.values()]
}

const sumAmounts = (lines: readonly RatedLine[]): Decimal =>
  normaliseDecimal(lines.reduce((sum, line) => addDecimals(sum, line.amount), decimalZero))

const linesOfGroup = (group: Group, rates: Rates, period: Window): readonly RatedLine[] => {
  const { card } = group.card
  const added = group.card.meters.flatMap((meter) => {
    const own = group.lines.filter((line) => line.sku === meter.meter.sku)
    if (own.length === 0) return []
    const adjusted = adjustments(own, meter, group.card, rates, period)
    const bounded = bounds(sumAmounts([...own, ...adjusted]), meter.meter.minimum, meter.meter.cap)
    return [...adjusted, ...bounded.map(({ what, amount }) => boundLine(own[0] as RatedLine, meter.meter.sku, what, amount, period))]
  })
  const bounded = bounds(sumAmounts([...group.lines, ...added]), card.minimum, card.cap)
  const all = bounded.map(({ what, amount }) => boundLine(group.lines[0] as RatedLine, what, what, amount, period))
  return [...added, ...all].map((line) => named(line, group))
}

const bounds = (
  total: Decimal,
  minimum: string | undefined,
  cap: string | undefined,
): readonly { readonly what: "minimum" | "cap"; readonly amount: Decimal }[] => {
  if (minimum !== undefined && compareDecimals(total, decimalOf(minimum)) < 0) {
    return [{ what: "minimum", amount: subtractDecimals(decimalOf(minimum), total) }]
  }
  if (cap !== undefined && compareDecimals(total, decimalOf(cap)) > 0) {
    return [{ what: "cap", amount: subtractDecimals(decimalOf(cap), total) }]
  }
  return []
}

const boundLine = (like: RatedLine, sku: string, what: string, amount: Decimal, period: Window): RatedLine =>
  periodLine(like, { sku, what, quantity: { units: 1n, scale: 0 }, unit: "period", unitPrice: normaliseDecimal(amount), period })

/** Lines at one factor (QOS, partition, tier, override) share it: the period's prices are multiplied by it like those of the jobs. */
const byFactor = (lines: readonly RatedLine[], meter: PreparedMeter, card: PreparedCard, rates: Rates) => {
  const classes = new Map<string, { readonly factor: Decimal; readonly line: RatedLine; units: bigint }>()
  for (const line of lines) {
    const override = rates.book.overrides.find(({ id }) => id === line.rate.overrideId)
    if (override?.prices?.[meter.meter.sku] !== undefined) continue
    let factor: Decimal = { units: 1n, scale: 0 }
    const multiply = (text: string | undefined): void => {
      if (text !== undefined) factor = normaliseDecimal(multiplyDecimals(factor, decimalOf(text)))
    }
    for (const { by, name, factor: text } of card.card.factors ?? []) {
      if ((by === "tier" ? line.rate.tier : line[by]) === name) multiply(text)
    }
    multiply(override?.factor)
    const key = formatDecimal(factor)
    const known = classes.get(key) ?? { factor, line, units: 0n }
    known.units += rescaleExact(line.quantity, card.quantityScale).units
    classes.set(key, known)
  }
  return classes
}

const adjustments = (
  own: readonly RatedLine[],
  meter: PreparedMeter,
  card: PreparedCard,
  rates: Rates,
  period: Window,
): readonly RatedLine[] => {
  const classes = byFactor(own, meter, card, rates)
  const shares = [...classes].map(([key, { units }]) => ({ key, weight: units }))
  const total = shares.reduce((sum, { weight }) => sum + weight, 0n)
  if (total === 0n) return []
  const { model } = meter.meter
  const perPackage = model?.kind === "package"
  return portionsOf(total, meter, card).flatMap(({ what, units, price }) => {
    const unitPrice = subtractDecimals(price, meter.price)
    const scale = perPackage && what === "package" ? 0 : card.quantityScale
    return allocate(units, shares).flatMap((share, index) => {
      const { factor, line } = classes.get(shares[index]?.key as string) as { factor: Decimal; line: RatedLine }
      const charged = normaliseDecimal(multiplyDecimals(unitPrice, factor))
      if (share === 0n || charged.units === 0n) return []
      const unit = perPackage && what === "package" ? "package" : meter.meter.unit
      const name = `${what}${shares.length > 1 ? `x${formatDecimal(factor)}` : ""}`
      return [periodLine(line, { sku: meter.meter.sku, what: name, quantity: decimal(share, scale), unit, unitPrice: charged, period })]
    })
  })
}

/** How the units of a period divide over prices. What the allowance takes comes off the first units. */
const portionsOf = (total: bigint, meter: PreparedMeter, card: PreparedCard): readonly Portion[] => {
  const units = (text: string): bigint => rescaleExact(decimalOf(text), card.quantityScale).units
  const { model, allowance } = meter.meter
  const free = allowance ?? (model?.kind === "included" ? model.quantity : undefined)
  const freeUnits = free === undefined ? 0n : units(free) < total ? units(free) : total
  const rest = total - freeUnits
  const portions: Portion[] = freeUnits > 0n ? [{ what: "allowance", units: freeUnits, price: decimalZero }] : []
  switch (model?.kind) {
    case "graduated": {
      let from = 0n
      model.bands.forEach((band, index) => {
        const upTo = band.upTo === null || units(band.upTo) > rest ? rest : units(band.upTo)
        if (upTo > from) portions.push({ what: `band-${index + 1}`, units: upTo - from, price: decimalOf(band.price) })
        from = upTo > from ? upTo : from
      })
      break
    }
    case "volume": {
      const index = model.bands.findIndex((band) => band.upTo === null || rest <= units(band.upTo))
      const band = model.bands[index]
      if (band !== undefined) portions.push({ what: `band-${index + 1}`, units: rest, price: decimalOf(band.price) })
      break
    }
    case "package":
      portions.push({ what: "package", units: divide(rest, units(model.size), "up"), price: decimalOf(meter.meter.price ?? "0") })
  }
  return portions
}

const periodLine = (
  like: RatedLine,
  of: {
    readonly sku: string
    readonly what: string
    readonly quantity: Decimal
    readonly unit: string
    readonly unitPrice: Decimal
    readonly period: Window
  },
): RatedLine => ({
  ...like,
  id: of.what,
  kind: "period",
  usageId: null,
  jobId: "",
  jobName: "",
  partition: "",
  qos: "",
  state: "",
  window: of.period,
  sku: of.sku,
  quantity: of.quantity,
  unit: of.unit,
  unitPrice: of.unitPrice,
  amount: multiplyDecimals(of.quantity, of.unitPrice),
  rate: { ...like.rate, overrideId: null },
  zeroReason: null,
  corrects: null,
  provisional: false,
  flags: [of.what],
})

/** A period line belongs to its group: it names account and user only where the group is theirs. */
const named = (line: RatedLine, group: Group): RatedLine => {
  const per = group.card.card.countedPer ?? "payer"
  return {
    ...line,
    id: `period/${line.window.startSeconds}-${line.window.endSeconds}/${group.key}/${line.sku}/${line.id}`,
    cluster: per === "payer" ? "" : line.cluster,
    account: per === "payer" ? "" : line.account,
    user: per === "user" ? line.user : "",
  }
}
