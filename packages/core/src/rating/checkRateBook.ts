import { Result } from "effect"
import { compareDecimals, type Decimal, parseDecimal } from "../money/Decimal.ts"
import { isZone } from "../time/zone.ts"
import type { BlanksOf } from "../wording.ts"
import { collectProblems } from "./collectProblems.ts"
import { decodeDocument } from "./decodeDocument.ts"
import { checkFormula } from "./formula/checkFormula.ts"
import { dimensionOfUnit } from "./formula/Dimension.ts"
import { isFunctionName } from "./formula/Formula.ts"
import { cardNames, namedResources } from "./formula/FormulaNames.ts"
import { parseFormula } from "./formula/parseFormula.ts"
import { globsOverlap } from "./glob.ts"
import { localDateInstant } from "./localDateInstant.ts"
import { nearestName } from "./nearestName.ts"
import { type Meter, quantityDecimalsDefault, RateBook, type RateCard, type RateOverride, type TierRule } from "./RateBook.ts"
import { type RateProblem, type RateProblemReason, rateProblem } from "./RateProblem.ts"
import type { RateProblemCode, rateProblemTexts } from "./rateProblemTexts.ts"
import { standardTaxCode, taxCodeOf } from "./TaxRule.ts"
import { ruleFields, ruleRank } from "./tierRule.ts"
import { dimensionOfResource, usageUnit, usageUnitNames } from "./UsageUnit.ts"

type Report = <Code extends RateProblemCode>(
  path: string,
  reason: RateProblemReason,
  code: Code,
  ...values: BlanksOf<(typeof rateProblemTexts)[Code]>
) => void

interface Dated {
  readonly effectiveFrom: string
  readonly effectiveUntil: string | null
}

/**
 * Reads a rate book from parsed JSON or YAML. Either the book, or every problem at once, each with its path and the next step.
 * A book that passes can be prepared and priced from without any further error.
 */
export const checkRateBook = (document: unknown): Result.Result<RateBook, readonly RateProblem[]> =>
  Result.flatMap(decodeDocument(RateBook, document), (book) => {
    const problems = collectProblems((add) => {
      const report: Report = (path, reason, code, ...values) => add(rateProblem(path, reason, code, ...values))
      if (!isZone(book.zone)) {
        report("zone", "unknown-zone", "book-unknown-zone", { zone: book.zone })
        return
      }
      checkDates(book, report)
      checkDuplicates(book, report)
      checkSequence(book, report)
      book.cards.forEach((card, index) => {
        checkCard(card, book, `cards[${index}]`, report)
      })
      checkTiers(book, report)
      checkOverrides(book, report)
    })
    return problems.length === 0 ? Result.succeed(book) : Result.fail(problems)
  })

const checkDates = (book: RateBook, report: Report): void => {
  const check = (dated: Dated, path: string): void => {
    for (const field of ["effectiveFrom", "effectiveUntil"] as const) {
      const date = dated[field]
      if (date !== null && localDateInstant(date, book.zone) === null) {
        report(`${path}.${field}`, "no-such-date", "book-no-such-date", { date })
      }
    }
    if (dated.effectiveUntil !== null && dated.effectiveUntil <= dated.effectiveFrom) {
      report(`${path}.effectiveUntil`, "until-not-after-from", "book-until-not-after-from", {
        until: dated.effectiveUntil,
        from: dated.effectiveFrom,
      })
    }
  }
  book.cards.forEach((card, index) => {
    check(card, `cards[${index}]`)
  })
  book.overrides.forEach((override, index) => {
    check(override, `overrides[${index}]`)
  })
}

const checkDuplicates = (book: RateBook, report: Report): void => {
  const once = (names: readonly string[], path: (index: number) => string, what: "card" | "tier" | "override" | "sku" | "factor"): void => {
    const seen = new Map<string, number>()
    names.forEach((name, index) => {
      const first = seen.get(name)
      if (first === undefined) seen.set(name, index)
      else report(path(index), "duplicate", `book-duplicate-${what}`, { name, first: path(first) })
    })
  }
  once(
    book.cards.map((card) => `${card.id} version ${card.version}`),
    (index) => `cards[${index}]`,
    "card",
  )
  once(
    book.tiers.map((tier) => tier.name),
    (index) => `tiers[${index}]`,
    "tier",
  )
  once(
    book.overrides.map((override) => override.id),
    (index) => `overrides[${index}]`,
    "override",
  )
  book.cards.forEach((card, at) => {
    once(
      card.meters.map((meter) => meter.sku),
      (index) => `cards[${at}].meters[${index}]`,
      "sku",
    )
    once(
      (card.factors ?? []).map((factor) => `${factor.by} ${factor.name}`),
      (index) => `cards[${at}].factors[${index}]`,
      "factor",
    )
  })
}

/** The cards of one tier follow each other without overlap or gap; a later version of the same card ends the one before. */
const checkSequence = (book: RateBook, report: Report): void => {
  const byTier = new Map<string | null, { readonly card: RateCard; readonly path: string }[]>()
  book.cards.forEach((card, index) => {
    const list = byTier.get(card.tier) ?? []
    list.push({ card, path: `cards[${index}]` })
    byTier.set(card.tier, list)
  })
  for (const list of byTier.values()) {
    list.sort((left, right) => (left.card.effectiveFrom < right.card.effectiveFrom ? -1 : 1))
    for (let index = 1; index < list.length; index += 1) {
      const before = list[index - 1] as (typeof list)[number]
      const after = list[index] as (typeof list)[number]
      const until = before.card.effectiveUntil
      const from = after.card.effectiveFrom
      const replaces = before.card.id === after.card.id && after.card.version > before.card.version
      if (from === before.card.effectiveFrom || (until === null ? !replaces : until > from)) {
        const overlap = { from, other: before.path, card: before.card.id, version: String(before.card.version) }
        if (until === null) report(after.path, "overlapping-dates", "book-overlap-open", overlap)
        else report(after.path, "overlapping-dates", "book-overlap", { ...overlap, until })
      } else if (until !== null && until < from) {
        report(after.path, "gap", "book-gap", { tier: after.card.tier ?? "(default)", until, from, other: before.path })
      }
    }
  }
}

const checkNotNegative = (value: string | undefined, path: string, report: Report): void => {
  if (value?.startsWith("-")) report(path, "negative-price", "book-negative", { value })
}

const checkCard = (card: RateCard, book: RateBook, path: string, report: Report): void => {
  card.meters.forEach((meter, index) => {
    checkMeter(meter, card, book, `${path}.meters[${index}]`, report)
  })
  card.factors?.forEach((factor, index) => {
    checkNotNegative(factor.factor, `${path}.factors[${index}].factor`, report)
    if (factor.by === "tier") checkTierName(factor.name, book, `${path}.factors[${index}].name`, report)
  })
  checkNotNegative(card.minimum, `${path}.minimum`, report)
  checkNotNegative(card.cap, `${path}.cap`, report)
  if (card.tier !== null) checkTierName(card.tier, book, `${path}.tier`, report)
  checkTax(card, path, report)
  const skus = new Set(card.meters.map((meter) => meter.sku))
  const chosen = new Map<string, string>()
  card.choices?.forEach((choice, at) => {
    choice.of.forEach((alternative, of) => {
      alternative.forEach((sku, index) => {
        const place = `${path}.choices[${at}].of[${of}][${index}]`
        checkSku(sku, skus, place, report)
        const first = chosen.get(sku)
        if (first !== undefined) report(place, "duplicate", "book-choice-twice", { sku, first })
        chosen.set(sku, place)
      })
    })
  })
  const named = new Map<string, string>()
  for (const { kind, named: text, count } of namedResources(card)) {
    const place = `${path}.${kind === "GPU" ? "gpuTypes" : "licenses"}`
    const first = named.get(count)
    if (first !== undefined) report(place, "duplicate", "book-name-given-twice", { text, name: count, first })
    named.set(count, text)
  }
  const known = cardNames({ gpuTypes: card.gpuTypes ?? [], licenses: card.licenses ?? [] })
  for (const name of Object.keys(card.constants ?? {})) {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) {
      report(`${path}.constants.${name}`, "formula", "book-constant-name", { name })
    } else if (known.has(name) || isFunctionName(name)) {
      report(`${path}.constants.${name}`, "duplicate", "book-constant-taken", { name })
    }
  }
  const partitionNames = Object.keys(card.nodeShapes ?? {})
  if (card.basis === "dominant" && partitionNames.length === 0) {
    report(`${path}.nodeShapes`, "missing-field", "book-dominant-shapes")
  }
  for (const [partition, shape] of Object.entries(card.nodeShapes ?? {})) {
    for (const [resource, count] of Object.entries(shape)) {
      checkResource(resource, `${path}.nodeShapes.${partition}.${resource}`, report)
      if (count === 0) report(`${path}.nodeShapes.${partition}.${resource}`, "wrong-value", "book-node-without")
    }
  }
  card.imputed?.forEach((rule, index) => {
    for (const field of ["whenAtLeast", "perNode"] as const) {
      for (const resource of Object.keys(rule[field])) checkResource(resource, `${path}.imputed[${index}].${field}.${resource}`, report)
    }
  })
  const rounding = JSON.stringify(card.rounding ?? {})
  if (rounding !== JSON.stringify(book.cards[0]?.rounding ?? {})) {
    report(`${path}.rounding`, "wrong-value", "book-rounding")
  }
  const countsPeriods =
    card.minimum !== undefined ||
    card.cap !== undefined ||
    card.meters.some(
      (meter) =>
        meter.allowance !== undefined ||
        meter.minimum !== undefined ||
        meter.cap !== undefined ||
        (meter.model !== undefined && meter.model.kind !== "flat"),
    )
  for (const field of ["effectiveFrom", "effectiveUntil"] as const) {
    const date = card[field]
    if (countsPeriods && date !== null && !date.endsWith("-01")) {
      report(`${path}.${field}`, "period-start", "book-period-start", { date })
    }
  }
}

const checkResource = (resource: string, path: string, report: Report): void => {
  if (dimensionOfResource(resource) !== null) return
  const near = nearestName(resource, ["cpu", "mem", "node", "billing", "wall", "energy", "gres/gpu", "license/NAME"])
  if (near === null) report(path, "unknown-resource", "book-unknown-resource", { resource })
  else report(path, "unknown-resource", "book-unknown-resource-near", { resource, near })
}

const checkMeter = (meter: Meter, card: RateCard, book: RateBook, path: string, report: Report): void => {
  const { resource, formula, amountFormula, price, model } = meter
  for (const field of ["price", "allowance", "minimum", "cap"] as const) checkNotNegative(meter[field], `${path}.${field}`, report)
  const sources = [resource, formula, amountFormula].filter((source) => source !== undefined).length
  if (sources !== 1) report(path, "meter-shape", "book-meter-sources")
  const banded = model?.kind === "graduated" || model?.kind === "volume"
  if (amountFormula !== undefined) {
    if (price !== undefined || (model !== undefined && model.kind !== "flat")) {
      report(path, "meter-shape", "book-amount-formula-priced")
    }
    if (meter.unit !== "job") report(`${path}.unit`, "unknown-unit", "book-amount-formula-unit")
  } else if (banded ? price !== undefined : price === undefined) {
    if (banded) report(`${path}.price`, "meter-shape", "book-banded-price", { model: model.kind })
    else report(`${path}.price`, "meter-shape", "book-no-price")
  }
  if (resource !== undefined) {
    checkResource(resource, `${path}.resource`, report)
    const dimension = dimensionOfResource(resource)
    const unit = usageUnit(meter.unit)
    const allowed = usageUnitNames().filter((name) => usageUnit(name)?.dimension === dimension)
    if (dimension !== null && dimension !== "reading" && unit?.dimension !== dimension) {
      const near = nearestName(meter.unit, allowed)
      const wrong = { unit: meter.unit, resource }
      if (near === null) report(`${path}.unit`, "unknown-unit", "book-unknown-unit", { ...wrong, units: allowed.join(", ") })
      else report(`${path}.unit`, "unknown-unit", "book-unknown-unit-near", { ...wrong, near })
    }
    if (card.basis === "slurm-billing" && resource !== "billing" && dimension !== "reading") {
      report(`${path}.resource`, "meter-shape", "book-slurm-billing")
    }
  }
  for (const [field, source, unit] of [
    ["formula", formula, meter.unit],
    ["amountFormula", amountFormula, book.currency.code],
  ] as const) {
    if (source === undefined) continue
    const checked = Result.flatMap(parseFormula(source), (parsed) => checkFormula(parsed, cardNames(card), dimensionOfUnit(unit)))
    if (Result.isFailure(checked)) report(`${path}.${field}`, "formula", "book-formula-detail", { detail: checked.failure.message })
    if (card.basis === "consumed" || card.basis === "dominant") {
      report(`${path}.${field}`, "formula", "book-formula-basis", { basis: card.basis })
    }
  }
  const scale = card.quantityDecimals ?? quantityDecimalsDefault
  const counts: readonly (readonly [string, string | undefined | null])[] = [
    ["allowance", meter.allowance],
    ["model.size", model?.kind === "package" ? model.size : undefined],
    ["model.quantity", model?.kind === "included" ? model.quantity : undefined],
    ...(banded ? model.bands.map((band, index) => [`model.bands[${index}].upTo`, band.upTo] as const) : []),
  ]
  for (const [field, text] of counts) {
    if (text != null && (parseDecimal(text)?.scale ?? 0) > scale) {
      report(`${path}.${field}`, "bands", "book-too-many-decimals", { value: text, decimals: String(scale) })
    }
  }
  if (meter.allowance !== undefined && model?.kind === "included") {
    report(`${path}.allowance`, "meter-shape", "book-free-twice")
  }
  if (banded) checkBands(model.bands, `${path}.model.bands`, report)
  if (model?.kind === "package" && compareDecimals(parseDecimal(model.size) as Decimal, { units: 0n, scale: 0 }) <= 0) {
    report(`${path}.model.size`, "bands", "book-empty-package", { size: model.size })
  }
  if (model?.kind === "included") checkNotNegative(model.quantity, `${path}.model.quantity`, report)
}

const checkBands = (bands: readonly { readonly upTo: string | null; readonly price: string }[], path: string, report: Report): void => {
  let edge: Decimal = { units: 0n, scale: 0 }
  bands.forEach((band, index) => {
    checkNotNegative(band.price, `${path}[${index}].price`, report)
    const last = index === bands.length - 1
    if (last !== (band.upTo === null)) {
      report(`${path}[${index}].upTo`, "bands", last ? "book-last-band" : "book-endless-band")
    }
    if (band.upTo === null) return
    const upTo = parseDecimal(band.upTo) as Decimal
    if (compareDecimals(upTo, edge) <= 0) report(`${path}[${index}].upTo`, "bands", "book-band-order", { value: band.upTo })
    edge = upTo
  })
}

const checkTierName = (name: string, book: RateBook, path: string, report: Report): void => {
  const names = book.tiers.map((tier) => tier.name)
  if (names.includes(name)) return
  const near = nearestName(name, names)
  if (near === null) report(path, "unknown-tier", "book-unknown-tier", { tier: name })
  else report(path, "unknown-tier", "book-unknown-tier-near", { tier: name, near })
}

const checkTax = (card: RateCard, path: string, report: Report): void => {
  const declared = Object.keys(card.tax?.codes ?? {})
  for (const code of declared) {
    if (code === standardTaxCode || !/^[^\s|/@]{1,64}$/u.test(code)) {
      report(`${path}.tax.codes.${code}`, "wrong-value", "book-tax-code-name", { code, standard: standardTaxCode })
    }
  }
  const known = [standardTaxCode, ...declared]
  const checkCode = (code: string | undefined, place: string): void => {
    if (code === undefined || known.includes(code)) return
    const near = nearestName(code, known)
    if (near === null) report(place, "unknown-tax", "book-unknown-tax", { code, place: `${path}.tax.codes`, codes: known.join(", ") })
    else report(place, "unknown-tax", "book-unknown-tax-near", { code, near })
  }
  checkCode(card.tax?.default, `${path}.tax.default`)
  card.meters.forEach((meter, index) => {
    checkCode(meter.tax, `${path}.meters[${index}].tax`)
  })
  const used = [...new Set(card.meters.map((meter) => taxCodeOf(card, meter)))]
  for (const field of ["minimum", "cap"] as const) {
    if (card[field] !== undefined && used.length > 1) {
      report(`${path}.${field}`, "meter-shape", "book-bound-taxes", { bound: field, codes: used.join(", ") })
    }
  }
}

const namesShownMaximum = 30

const checkSku = (sku: string, skus: ReadonlySet<string>, path: string, report: Report): void => {
  if (skus.has(sku)) return
  const near = nearestName(sku, skus)
  if (near === null) report(path, "unknown-sku", "book-unknown-sku", { sku, skus: [...skus].slice(0, namesShownMaximum).join(", ") })
  else report(path, "unknown-sku", "book-unknown-sku-near", { sku, near })
}

interface PlacedRule {
  readonly rule: TierRule
  readonly tier: string
  readonly path: string
  readonly rank: number
}

const checkTiers = (book: RateBook, report: Report): void => {
  const rules: readonly PlacedRule[] = book.tiers.flatMap((tier, at) =>
    tier.rules.map((rule, index) => ({ rule, tier: tier.name, path: `tiers[${at}].rules[${index}]`, rank: ruleRank(rule) })),
  )
  for (const { rule, path } of rules) {
    if (ruleFields.every((field) => rule[field] === undefined)) {
      report(path, "missing-field", "book-rule-for-everyone")
    }
  }
  const compare = (left: PlacedRule, right: PlacedRule): void => {
    if (left.tier === right.tier || left.rank !== right.rank) return
    if (ruleFields.every((field) => globsOverlap(left.rule[field] ?? "*", right.rule[field] ?? "*"))) {
      report(right.path, "ambiguous", "book-rules-tie", { other: left.path, tier: left.tier })
    }
  }
  // rules without a pattern tie only with the same names: they are not compared one by one
  const sameNames = new Map<string, PlacedRule[]>()
  const patterns: PlacedRule[] = []
  for (const right of rules) {
    for (const left of patterns) compare(left, right)
    if (ruleFields.some((field) => right.rule[field]?.includes("*"))) {
      for (const left of sameNames.values()) for (const named of left) compare(named, right)
      patterns.push(right)
      continue
    }
    const key = JSON.stringify(ruleFields.map((field) => right.rule[field] ?? null))
    const named = sameNames.get(key) ?? []
    for (const left of named) compare(left, right)
    named.push(right)
    sameNames.set(key, named)
  }
}

const checkOverrides = (book: RateBook, report: Report): void => {
  const skus = new Set(book.cards.flatMap((card) => card.meters.map((meter) => meter.sku)))
  book.overrides.forEach((override, index) => {
    const path = `overrides[${index}]`
    if (override.account === null && override.user === null) {
      report(path, "override-shape", "book-override-nobody")
    }
    if (override.tier === undefined && override.prices === undefined && override.factor === undefined) {
      report(path, "override-shape", "book-override-nothing")
    }
    if (override.tier !== undefined) checkTierName(override.tier, book, `${path}.tier`, report)
    checkNotNegative(override.factor, `${path}.factor`, report)
    for (const [sku, price] of Object.entries(override.prices ?? {})) {
      checkSku(sku, skus, `${path}.prices.${sku}`, report)
      checkNotNegative(price, `${path}.prices.${sku}`, report)
    }
  })
  const groups = new Map<string, { readonly override: RateOverride; readonly path: string }[]>()
  book.overrides.forEach((override, index) => {
    const key = JSON.stringify([override.account, override.user])
    const list = groups.get(key) ?? []
    list.push({ override, path: `overrides[${index}]` })
    groups.set(key, list)
  })
  for (const list of groups.values()) {
    for (const [index, left] of list.entries()) {
      for (const right of list.slice(index + 1)) {
        const sameCluster =
          left.override.cluster === undefined || right.override.cluster === undefined || left.override.cluster === right.override.cluster
        if (sameCluster && datesOverlap(left.override, right.override)) {
          report(right.path, "ambiguous", "book-overrides-tie", { other: left.path })
        }
      }
    }
  }
}

const datesOverlap = (left: Dated, right: Dated): boolean =>
  (left.effectiveUntil === null || right.effectiveFrom < left.effectiveUntil) &&
  (right.effectiveUntil === null || left.effectiveFrom < right.effectiveUntil)
