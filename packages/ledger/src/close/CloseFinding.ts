import { type BlanksOf, fillBlanks } from "@hpc-billing/core"

/** One thing that keeps a month from being closed: its English, and the same as a code with values for readers of other languages. */
export interface CloseFinding {
  readonly code: CloseFindingCode
  readonly values: Readonly<Record<string, string>>
  readonly text: string
}

/** A code and its blanks never change their meaning. */
export const closeFindingTexts = {
  "tie-entry-twice": "Entry {entry} stands twice in the journal.",
  "tie-entry-elsewhere": "Entry {entry} does not belong to {month}.",
  "tie-entry-detail": "{detail}",
  "tie-draft": "Receipt {receipt} is still a draft: issue it, or draft the month again without it.",
  "tie-net": "Receipt {number} ({receipt}): the net total is {stated}, found {found} {currency}.",
  "tie-tax": "Receipt {number} ({receipt}): the tax total is {stated}, found {found} {currency}.",
  "tie-gross": "Receipt {number} ({receipt}): net and tax make {stated}, found {found} {currency}.",
  "tie-revenue": "Receipt {number} ({receipt}): revenue in the journal should be {stated}, found {found} {currency}.",
  "tie-journal-tax": "Receipt {number} ({receipt}): tax in the journal should be {stated}, found {found} {currency}.",
  "tie-receivable": "Receipt {number} ({receipt}): the receivable in the journal should be {stated}, found {found} {currency}.",
  "tie-accrued": "Receipt {number} ({receipt}): what is accrued and not billed should be {stated}, found {found} {currency}.",
  "tie-unknown-receipt": "The journal books receipt {receipt}, which is not among the month's receipts.",
} as const satisfies Readonly<Record<string, string>>

type CloseFindingCode = keyof typeof closeFindingTexts

export const closeFinding = <Code extends CloseFindingCode>(
  code: Code,
  ...[given]: BlanksOf<(typeof closeFindingTexts)[Code]>
): CloseFinding => {
  const values: Readonly<Record<string, string>> = given ?? {}
  return { code, values, text: fillBlanks(closeFindingTexts[code], values) }
}
