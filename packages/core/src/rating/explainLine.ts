import { addDecimals, type Decimal, decimalZero, formatDecimal, normaliseDecimal } from "../money/Decimal.ts"
import type { Payers } from "../payer/preparePayers.ts"
import { wholeShareWeight } from "../payer/preparePayers.ts"
import { localTime } from "../time/zone.ts"
import { quantitiesBetween } from "../usage/quantitiesBetween.ts"
import type { Usage } from "../usage/Usage.ts"
import { basisRule } from "./basisQuantities.ts"
import type { Explanation, ExplanationStep } from "./Explanation.ts"
import { basisText, durationText, flagText, heldText } from "./explanationWords.ts"
import { interpretFormula } from "./formula/interpretFormula.ts"
import { printFormula } from "./formula/printFormula.ts"
import { formulaValues } from "./formulaInput.ts"
import { localDateInstant } from "./localDateInstant.ts"
import { choicesOfSlice, countedOf, mayCut } from "./measureUsage.ts"
import { baseAmount, type Counted, meterQuantity } from "./meterQuantity.ts"
import { periodRuleSteps } from "./periodRuleSteps.ts"
import type { PreparedCard, Rates } from "./prepareRates.ts"
import { type PricePart, priceSegments, unmappedPayerId } from "./priceSegments.ts"
import type { RatedLine } from "./RatedLine.ts"
import type { ResolvedMeter, ResolvedRate } from "./ResolvedRate.ts"
import { isReading } from "./rateReading.ts"
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

/** Why one line is what it is, from the job to the amount; null: a line of the whole period, or a usage that is not at hand. */
export const explainLine = (line: RatedLine, usage: Usage | null, context: ExplainContext): Explanation => {
  if (usage === null) return line.usageId === null ? explainPeriodLine(line, context) : lineAloneSteps(line, context)
  const part = partOf(line, usage, context)
  return [...jobSteps(usage, context.rates.zone), ...rateSteps(line, part, context, usage), ...lineSteps(line, usage, part, context)]
}

const lineAloneSteps = (line: RatedLine, context: ExplainContext): Explanation => [
  ...payerSteps(line.payerId, wholeShareWeight, context),
  partStep(line, context.rates.zone),
  cardStep(line, context),
  ...correctsSteps(line),
  step("price", figuresOf(line)),
  ...taxSteps(line, context),
]

const explainPeriodLine = (line: RatedLine, context: ExplainContext): Explanation => {
  const { zone } = context.rates
  const values = {
    start: instantText(line.window.startSeconds, zone),
    end: instantText(line.window.endSeconds, zone),
    account: line.account,
    cluster: line.cluster,
    user: line.user,
  }
  return [
    ...payerSteps(line.payerId, wholeShareWeight, context),
    step(line.account === "" ? "period" : line.user === "" ? "period-of-account" : "period-of-user", values),
    cardStep(line, context),
    ...correctsSteps(line),
    ...periodRuleSteps(line, cardOf(line, context)?.card ?? null),
    step("price", figuresOf(line)),
    ...taxSteps(line, context),
  ]
}

const cardOf = (line: RatedLine, { rates }: ExplainContext): PreparedCard | null =>
  rates.cards.find(({ hash }) => hash === line.rate.cardHash) ?? null

/** From its first day to its last, both included; without a last day the sentence of `open`. */
const datedStep = (
  code: "card" | "override",
  values: Readonly<Record<string, string>>,
  from: string,
  until: number | null,
  zone: string,
): ExplanationStep =>
  until === null
    ? step(`${code}-open`, { ...values, from })
    : step(code, { ...values, from, last: instantText(until - 1, zone).slice(0, 10) })

const cardStep = (line: RatedLine, context: ExplainContext): ExplanationStep => {
  const reference = { cardId: line.rate.cardId, version: String(line.rate.cardVersion), hash: line.rate.cardHash.slice(0, 12) }
  const card = cardOf(line, context)
  if (card === null) return step("card-not-in-book", reference)
  const until = card.untilSeconds === Number.POSITIVE_INFINITY ? null : card.untilSeconds
  return datedStep("card", reference, card.card.effectiveFrom, until, context.rates.zone)
}

const payerSteps = (payerId: string, shareWeight: bigint, { payers }: ExplainContext): Explanation => {
  const payer = payers.byId.get(payerId)
  const named = (name: string | undefined): string =>
    name === undefined || name === payerId || name === "" ? payerId : `${name} (${payerId})`
  const values = { payer: payerId, payerEn: named(payer?.nameEnglish), payerTh: named(payer?.nameThai) }
  return shareWeight === wholeShareWeight
    ? [step("payer", values)]
    : [step("payer-share", { ...values, percent: figure({ units: shareWeight, scale: 6 }) })]
}

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

const correctsSteps = ({ corrects }: RatedLine): Explanation => {
  if (corrects === null) return []
  const { month, lineId, receiptNumber } = corrects
  if (lineId === null) return [step("came-late", { month })]
  const [receiptEn, receiptTh] = receiptNumber === null ? ["", ""] : [` (receipt ${receiptNumber})`, ` (ใบเสร็จ ${receiptNumber})`]
  return [step("corrects", { month, receiptEn, receiptTh }), step("corrects-line", { lineId })]
}

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
    sayOnce(rateSteps(line, part, context, usage))
    steps.push(...lineSteps(line, usage, part, context))
    total = addDecimals(total, line.amount)
  }
  return [...steps, step(usage.provisional ? "total-so-far" : "total", { amount: figure(total), currency: context.rates.currency.code })]
}

const partStep = (line: RatedLine, zone: string): ExplanationStep =>
  step("part", { start: instantText(line.window.startSeconds, zone), end: instantText(line.window.endSeconds, zone) })

const jobSteps = (usage: Usage, zone: string): Explanation => {
  const { record } = usage
  const seconds = usage.endSeconds - usage.startSeconds
  const time = {
    start: instantText(usage.startSeconds, zone),
    end: instantText(usage.endSeconds, zone),
    zone,
    seconds: String(seconds),
    elapsedEn: durationText(seconds, "en"),
    elapsedTh: durationText(seconds, "th"),
    state: record.state,
  }
  const { account, cluster } = record
  if (isReading(usage)) {
    return [step("reading", { readingId: record.jobId, service: cluster, account, description: record.name }), step("covers", time)]
  }
  const place = (comma: string, partition: string): string =>
    [
      record.partition === "" ? "" : `${comma} ${partition} ${record.partition}`,
      record.qos === "" ? "" : `${comma} QOS ${record.qos}`,
    ].join("")
  const steps = [
    step(record.name === "" ? "job-without-name" : "job", {
      jobId: record.displayJobId,
      ...(record.name === "" ? {} : { jobName: record.name }),
      user: record.user,
      account,
      cluster,
      placeEn: place(",", "partition"),
      placeTh: place("", "พาร์ทิชัน"),
    }),
  ]
  if (record.startSeconds === null) return [...steps, step("never-ran", { state: record.state })]
  steps.push(step(usage.provisional ? "runs" : "ran", time))
  const heldEn = heldText(usage.perSecond, "en")
  if (heldEn !== "") steps.push(step("held", { heldEn, heldTh: heldText(usage.perSecond, "th") }))
  const { suspendedSeconds } = record
  if (suspendedSeconds > 0) {
    const elapsed = { elapsedEn: durationText(suspendedSeconds, "en"), elapsedTh: durationText(suspendedSeconds, "th") }
    steps.push(step("suspended", { seconds: String(suspendedSeconds), ...elapsed }))
  }
  return steps
}

const partOf = (line: RatedLine, usage: Usage, context: ExplainContext): PricePart | null => {
  const anchorSeconds = Math.max(line.window.startSeconds, line.window.endSeconds - 1)
  const segment = priceSegments(context.rates, context.payers, usage.record).find((candidate) => anchorSeconds < candidate.untilSeconds)
  const part = segment?.parts.find((candidate) => candidate.payerId === line.payerId) ?? null
  return part?.rate?.reference.cardHash === line.rate.cardHash ? part : null
}

const factorText = {
  qos: { byEn: "QOS", byTh: " QOS" },
  partition: { byEn: "partition", byTh: "พาร์ทิชัน" },
  tier: { byEn: "tier", byTh: "กลุ่ม" },
  override: { byEn: "override", byTh: "ข้อยกเว้น" },
} as const

const rateSteps = (line: RatedLine, part: PricePart | null, context: ExplainContext, usage: Usage): Explanation => {
  const { zone } = context.rates
  const steps: ExplanationStep[] =
    line.payerId === unmappedPayerId
      ? [step("unmapped", { account: usage.record.account, cluster: usage.record.cluster })]
      : [...payerSteps(line.payerId, part?.shareWeight ?? wholeShareWeight, context)]
  if (line.rate.cardId === "") return steps
  if (line.rate.tier !== "") steps.push(step("tier", { tier: line.rate.tier }))
  steps.push(cardStep(line, context))
  const rate = part?.rate ?? null
  if (rate === null) return steps
  const { basis } = rate.card.card
  if (!isReading(usage)) steps.push(step("basis", { basis, basisEn: basisText[basis].en, basisTh: basisText[basis].th }))
  if (rate.override !== null) {
    const { id, author, reason, effectiveFrom, effectiveUntil } = rate.override
    const until = effectiveUntil === null ? null : localDateInstant(effectiveUntil, zone)
    steps.push(datedStep("override", { id, author, reason }, effectiveFrom, until, zone))
  }
  for (const { factor, by, name } of rate.factors) steps.push(step("factor", { factor: figure(factor), ...factorText[by], name }))
  for (const flag of line.flags) {
    const said = (flagText as Readonly<Record<string, { readonly en: string; readonly th: string }>>)[flag]
    if (said !== undefined) steps.push(step("note", { flag, noteEn: said.en, noteTh: said.th }))
  }
  return [...steps, ...choiceSteps(line, usage, rate)]
}

const lineSteps = (line: RatedLine, usage: Usage, part: PricePart | null, context: ExplainContext): Explanation => {
  const steps: ExplanationStep[] = [...correctsSteps(line)]
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
      const { allowance, model } = meter.prepared.meter
      if (!meter.overridden && (allowance !== undefined || (model?.kind ?? "flat") !== "flat"))
        steps.push(step("by-month", { sku: line.sku }))
    }
  }
  steps.push(...taxSteps(line, context))
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
