import { Result } from "effect"
import { checkFormula } from "./formula/checkFormula.ts"
import { dimensionOfUnit } from "./formula/Dimension.ts"
import { cardNames } from "./formula/FormulaNames.ts"
import { parseFormula } from "./formula/parseFormula.ts"
import type { RateBook } from "./RateBook.ts"

export interface RateWarning {
  readonly path: string
  readonly reason: "not-monotone" | "rated-whole"
  readonly message: string
}

/** What a checked book may mean otherwise than was meant: formulas by which more use may cost less, and cards that do not cut jobs at month ends. */
export const rateBookWarnings = (book: RateBook): readonly RateWarning[] =>
  book.cards.flatMap((card, cardIndex) =>
    card.meters.flatMap((meter, index): RateWarning[] => {
      const field = meter.formula === undefined ? "amountFormula" : "formula"
      const source = meter.formula ?? meter.amountFormula
      const unit = meter.formula === undefined ? book.currency.code : meter.unit
      const facts =
        source === undefined
          ? null
          : Result.getOrNull(
              Result.flatMap(parseFormula(source), (formula) => checkFormula(formula, cardNames(card), dimensionOfUnit(unit))),
            )
      if (facts === null) return []
      const path = `cards[${cardIndex}].meters[${index}].${field}`
      const warnings: RateWarning[] = []
      if (!facts.monotone) {
        warnings.push({ path, reason: "not-monotone", message: `${path}: more use may cost less by it. Look whether that is meant.` })
      }
      if (facts.additive === "never") {
        warnings.push({
          path,
          reason: "rated-whole",
          message: `${path}: jobs under this card are not cut at month ends, but billed whole where they end.`,
        })
      }
      return warnings
    }),
  )
