import { type Decimal, formatDecimal, normaliseDecimal } from "../money/Decimal.ts"
import type { Explanation } from "./Explanation.ts"
import { decimalOf } from "./prepareRates.ts"
import type { Meter, RateCard } from "./RateBook.ts"
import type { RatedLine } from "./RatedLine.ts"

const figure = (value: Decimal): string => formatDecimal(normaliseDecimal(value))

const figureOf = (text: string | undefined): string => (text === undefined ? "" : figure(decimalOf(text)))

/** Which rule of its card a period line comes from, with the figures of that rule; null: the card is not at hand. */
export const periodRuleSteps = (line: RatedLine, card: RateCard | null): Explanation => {
  const [flag = ""] = line.flags
  const [, rule = "", band = "", factor] = /^(allowance|band-(\d+)|package|minimum|cap)(?:x(.+))?$/.exec(flag) ?? []
  const meter = card?.meters.find(({ sku }) => sku === line.sku) ?? null
  const values = { sku: line.sku, quantity: figure(line.quantity), unit: line.unit, currency: line.currency }
  const shared: Explanation = factor === undefined ? [] : [{ code: "period-factor", values: { factor } }]
  if (rule === "allowance") return [...shared, { code: "allowance", values }]
  const prices = meter === null ? null : ruleOfModel(meter, Number(band))
  if (prices !== null && (rule === "package" || band !== "")) {
    return [...shared, { code: rule === "package" ? "package" : "band", values: { ...values, ...prices, band } }]
  }
  if (card !== null && (rule === "minimum" || rule === "cap")) return [{ code: rule, values: { ...values, ...boundOf(card, meter, rule) } }]
  return [{ code: "period-other", values: { what: flag } }]
}

const ruleOfModel = ({ model, unit }: Meter, band: number): Readonly<Record<string, string>> | null => {
  if (model?.kind === "package") return { size: figureOf(model.size), packed: unit }
  if (model?.kind !== "graduated" && model?.kind !== "volume") return null
  return { price: figureOf(model.bands[band - 1]?.price), first: figureOf(model.bands[0]?.price) }
}

/** Of the meter that the line names, else of the whole card. */
const boundOf = (card: RateCard, meter: Meter | null, rule: "minimum" | "cap"): Readonly<Record<string, string>> =>
  meter?.[rule] === undefined
    ? { bound: figureOf(card[rule]), whatEn: "A month under this card", whatTh: "หนึ่งเดือนตามอัตรานี้" }
    : { bound: figureOf(meter[rule]), whatEn: `A month of ${meter.sku}`, whatTh: `${meter.sku} หนึ่งเดือน` }
