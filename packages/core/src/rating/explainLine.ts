import { addDecimals, type Decimal, decimalZero, formatDecimal, normaliseDecimal } from "../money/Decimal.ts"
import type { Payers } from "../payer/preparePayers.ts"
import { wholeShareWeight } from "../payer/preparePayers.ts"
import { localTime } from "../time/zone.ts"
import { quantitiesBetween } from "../usage/quantitiesBetween.ts"
import type { Usage } from "../usage/Usage.ts"
import { basisRule } from "./basisQuantities.ts"
import type { Explanation, ExplanationStep } from "./Explanation.ts"
import { interpretFormula } from "./formula/interpretFormula.ts"
import { printFormula } from "./formula/printFormula.ts"
import { formulaValues } from "./formulaInput.ts"
import { choicesOfSlice, countedOf, mayCut } from "./measureUsage.ts"
import { baseAmount, type Counted, meterQuantity } from "./meterQuantity.ts"
import type { Rates } from "./prepareRates.ts"
import { type PricePart, priceSegments, unmappedPayerId } from "./priceSegments.ts"
import type { RatedLine } from "./RatedLine.ts"
import type { ResolvedMeter, ResolvedRate } from "./ResolvedRate.ts"
import { dimensionOfResource, type UsageDimension } from "./UsageUnit.ts"
import { type ZeroReason, zeroReasonText } from "./ZeroReason.ts"

export interface ExplainContext {
  readonly rates: Rates
  readonly payers: Payers
}

const step = (code: ExplanationStep["code"], values: Readonly<Record<string, string>> = {}): ExplanationStep => ({ code, values })

const figure = (value: Decimal): string => formatDecimal(normaliseDecimal(value))

const digits = (value: number): string => String(value).padStart(2, "0")

const instantText = (atSeconds: number, zone: string): string => {
  const time = localTime(atSeconds, zone)
  return `${time.year}-${digits(time.month)}-${digits(time.day)} ${digits(time.hour)}:${digits(time.minute)}:${digits(time.second)}`
}

const baseUnits: Readonly<Record<UsageDimension, string>> = {
  core: "core-s",
  GPU: "GPU-s",
  node: "node-s",
  memory: "MiB-s",
  billing: "billing-s",
  license: "license-s",
  gres: "gres-s",
  wall: "s",
  energy: "J",
  reading: "",
}

/** Why one line is what it is, from the job to the amount; a line of the whole period has no usage (null). */
export const explainLine = (line: RatedLine, usage: Usage | null, context: ExplainContext): Explanation => {
  if (usage === null) return periodSteps(line, context)
  const part = partOf(line, usage, context)
  return [
    ...jobSteps(usage, context.rates.zone),
    ...rateSteps(line, part, context.rates.zone, usage),
    ...lineSteps(line, usage, part, context),
  ]
}

const periodSteps = (line: RatedLine, context: ExplainContext): Explanation => {
  const { rates } = context
  const card = rates.cards.find(({ hash }) => hash === line.rate.cardHash)
  const reference = { cardId: line.rate.cardId, version: String(line.rate.cardVersion), hash: line.rate.cardHash.slice(0, 12) }
  return [
    step("payer", { payer: line.payerId, percent: "100" }),
    partStep(line, rates.zone),
    step("period", { what: line.flags.join(", ") }),
    card === undefined
      ? step("card-not-in-book", reference)
      : step("card", {
          ...reference,
          from: card.card.effectiveFrom,
          until: untilText(card.untilSeconds, rates.zone),
          basis: card.card.basis,
        }),
    step("price", figuresOf(line)),
    ...taxSteps(line, context),
    ...correctsSteps(line),
  ]
}

const untilText = (untilSeconds: number, zone: string): string =>
  untilSeconds === Number.POSITIVE_INFINITY ? "-" : instantText(untilSeconds, zone).slice(0, 10)

const figuresOf = (line: RatedLine): Readonly<Record<string, string>> => ({
  sku: line.sku,
  quantity: figure(line.quantity),
  unit: line.unit,
  unitPrice: figure(line.unitPrice),
  currency: line.currency,
  amount: figure(line.amount),
})

/** Only where the card says something of it, and the payer does not stand above that. */
const taxSteps = ({ tax, payerId }: RatedLine, { payers }: ExplainContext): Explanation => {
  if (tax === undefined || (payers.byId.get(payerId)?.taxTreatment.kind ?? "taxable") !== "taxable") return []
  const { code, ratePercent, basis } = tax
  return [basis === "" ? step("tax-rate", { code, ratePercent }) : step("tax-exempt", { code, basis, basisThai: tax.basisThai ?? basis })]
}

const correctsSteps = (line: RatedLine): Explanation =>
  line.corrects === null ? [] : [step("corrects", { lineId: line.corrects.lineId ?? "-", month: line.corrects.month })]

/** Why a job costs what it costs: all its lines, with what they share said once. */
export const explainJob = (lines: readonly RatedLine[], usage: Usage, context: ExplainContext): Explanation => {
  const steps: ExplanationStep[] = [...jobSteps(usage, context.rates.zone)]
  let said = new Set<string>()
  let total = decimalZero
  const sayOnce = (more: Explanation): void => {
    const texts = more.map((one) => JSON.stringify(one))
    if (texts.every((text) => said.has(text))) return
    steps.push(...more)
    said = new Set([...said, ...texts])
  }
  for (const line of lines) {
    const part = partOf(line, usage, context)
    const isWhole = line.window.startSeconds === usage.startSeconds && line.window.endSeconds === usage.endSeconds
    if (!isWhole) sayOnce([partStep(line, context.rates.zone)])
    sayOnce(rateSteps(line, part, context.rates.zone, usage))
    steps.push(...lineSteps(line, usage, part, context))
    total = addDecimals(total, line.amount)
  }
  return [...steps, step("total", { amount: figure(total), currency: context.rates.currency.code })]
}

const partStep = (line: RatedLine, zone: string): ExplanationStep =>
  step("part", { start: instantText(line.window.startSeconds, zone), end: instantText(line.window.endSeconds, zone) })

const jobSteps = (usage: Usage, zone: string): Explanation => {
  const { record } = usage
  const steps = [
    step("job", {
      jobId: record.displayJobId,
      jobName: record.name,
      user: record.user,
      account: record.account,
      cluster: record.cluster,
      partition: record.partition,
      qos: record.qos,
    }),
  ]
  if (record.startSeconds === null) return [...steps, step("never-ran", { state: record.state })]
  steps.push(
    step("ran", {
      start: instantText(usage.startSeconds, zone),
      end: instantText(usage.endSeconds, zone),
      zone,
      seconds: String(usage.endSeconds - usage.startSeconds),
      state: record.state,
    }),
  )
  const held = Object.entries(usage.perSecond).filter(([name]) => name !== "wall")
  if (held.length > 0) steps.push(step("held", { resources: held.map(([name, count]) => `${name}=${count}`).join(", ") }))
  if (record.suspendedSeconds > 0) steps.push(step("suspended", { seconds: String(record.suspendedSeconds) }))
  return steps
}

const partOf = (line: RatedLine, usage: Usage, context: ExplainContext): PricePart | null => {
  const anchorSeconds = Math.max(line.window.startSeconds, line.window.endSeconds - 1)
  const segment = priceSegments(context.rates, context.payers, usage.record).find((candidate) => anchorSeconds < candidate.untilSeconds)
  const part = segment?.parts.find((candidate) => candidate.payerId === line.payerId) ?? null
  return part?.rate?.reference.cardHash === line.rate.cardHash ? part : null
}

const rateSteps = (line: RatedLine, part: PricePart | null, zone: string, usage: Usage): Explanation => {
  const steps: ExplanationStep[] = []
  if (line.payerId === unmappedPayerId) steps.push(step("unmapped", { account: usage.record.account, cluster: usage.record.cluster }))
  else {
    const percent = figure({ units: ((part?.shareWeight ?? wholeShareWeight) * 100n) / wholeShareWeight, scale: 0 })
    steps.push(step("payer", { payer: line.payerId, percent }))
  }
  if (line.rate.cardId === "") return steps
  if (line.rate.tier !== "") steps.push(step("tier", { tier: line.rate.tier }))
  const reference = { cardId: line.rate.cardId, version: String(line.rate.cardVersion), hash: line.rate.cardHash.slice(0, 12) }
  const rate = part?.rate ?? null
  if (rate === null) return [...steps, step("card-not-in-book", reference)]
  const { card, untilSeconds } = rate.card
  steps.push(
    step("card", {
      ...reference,
      from: card.effectiveFrom,
      until: untilText(untilSeconds, zone),
      basis: card.basis,
    }),
  )
  if (rate.override !== null) {
    const { id, author, reason, effectiveFrom, effectiveUntil } = rate.override
    steps.push(step("override", { id, author, reason, from: effectiveFrom, until: effectiveUntil ?? "-" }))
  }
  for (const factor of rate.factors) steps.push(step("factor", { factor: figure(factor.factor), by: factor.by, name: factor.name }))
  for (const flag of line.flags) {
    if (flag === "imputed") steps.push(step("imputed"))
    else if (flag !== "energy-unknown") steps.push(step("flag", { flag }))
  }
  return [...steps, ...choiceSteps(line, usage, rate)]
}

const lineSteps = (line: RatedLine, usage: Usage, part: PricePart | null, context: ExplainContext): Explanation => {
  const steps: ExplanationStep[] = []
  if (line.zeroReason !== null) {
    const texts = zeroReasonText[line.zeroReason as ZeroReason]
    steps.push(step("zero", { reason: line.zeroReason, reasonEn: texts.en, reasonTh: texts.th }))
  } else {
    const meter = part?.rate?.meters.find((candidate) => candidate.prepared.meter.sku === line.sku) ?? null
    const rate = part?.rate ?? null
    if (meter === null || rate === null || line.kind !== "usage") steps.push(step("price", figuresOf(line)))
    else {
      const counted = quantityStep(line, usage, meter, rate)
      steps.push(...formulaSteps(line, usage, meter, rate), step(counted.code, { ...counted.values, ...figuresOf(line) }))
    }
  }
  steps.push(...taxSteps(line, context), ...correctsSteps(line))
  if (line.provisional) steps.push(step("provisional"))
  return steps
}

const quantityStep = (line: RatedLine, usage: Usage, meter: ResolvedMeter, rate: ResolvedRate): ExplanationStep => {
  const { resource } = meter.prepared.meter
  if (resource === undefined || resource.startsWith("reading/")) return step("price")
  const { from, until, isFromStart } = countsOf(line, usage, rate)
  const units = (counted: Counted): string =>
    figure({ units: meterQuantity(meter.prepared, rate.card, counted), scale: rate.card.quantityScale })
  const base = baseAmount(meter.prepared, rate.card, until.held.quantities) - baseAmount(meter.prepared, rate.card, from.held.quantities)
  const dimension = dimensionOfResource(resource)
  return step(isFromStart ? "price-of-base" : "price-between", {
    base: until.held.divisor === 1n ? String(base) : `${base}/${until.held.divisor}`,
    baseUnit: dimension === null ? "" : baseUnits[dimension],
    from: units(from),
    until: units(until),
  })
}

/** The counts whose difference is the line's quantity, as `measureSlice` takes them. */
const countsOf = (line: RatedLine, usage: Usage, rate: ResolvedRate) => {
  const rule = basisRule(rate.card.card, usage)
  const startSeconds = usage.suspension.kind === "unplaced" ? usage.startSeconds : line.window.startSeconds
  const isFromStart = startSeconds === usage.startSeconds || !mayCut(usage, rate)
  const countStart = isFromStart ? startSeconds : usage.startSeconds
  return {
    isFromStart,
    from: countedOf(usage, rule, quantitiesBetween(usage, countStart, startSeconds)),
    until: countedOf(usage, rule, quantitiesBetween(usage, countStart, line.window.endSeconds)),
  }
}

const formulaSteps = (line: RatedLine, usage: Usage, meter: ResolvedMeter, rate: ResolvedRate): Explanation => {
  const { formula } = meter.prepared
  if (formula === null) return []
  const { until } = countsOf(line, usage, rate)
  const steps: ExplanationStep[] = [step("formula", { sku: line.sku, formula: printFormula(formula.formula) })]
  interpretFormula(
    formula.formula,
    formulaValues(rate.card.card, usage, until.perSecond, until.held.quantities),
    ({ expression, value }) => {
      const next = step("trace", { expression, value })
      if (!steps.some(({ values }) => values.expression === expression)) steps.push(next)
    },
  )
  return steps
}

const choiceSteps = (line: RatedLine, usage: Usage, rate: ResolvedRate): Explanation => {
  if ((rate.card.card.choices ?? []).length === 0 || line.kind !== "usage") return []
  const { startSeconds, endSeconds } = line.window
  const quantities = quantitiesBetween(usage, usage.suspension.kind === "unplaced" ? usage.startSeconds : startSeconds, endSeconds)
  return choicesOfSlice({ usage, startSeconds, endSeconds, before: {}, quantities }, rate, basisRule(rate.card.card, usage)).map(
    ([winner, ...losers]) =>
      step("choice", {
        winner: winner?.skus.join(" + ") ?? "",
        amount: `${figure(winner?.amount ?? decimalZero)} ${line.currency}`,
        losers: losers.map(({ skus, amount }) => `${skus.join(" + ")} (${figure(amount)} ${line.currency})`).join(", "),
      }),
  )
}
