import { type ReceiptTax, taxesOfPart } from "@hpc-billing/core"
import { creditableOf, creditableTaxes, receiptPosition } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { say } from "../api/sentences.ts"
import type { ActOptions } from "../commit/decide.ts"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import { policyOf } from "../site/policyOf.ts"
import type { Actor } from "./Actor.ts"
import { bookReceipt } from "./bookReceipt.ts"
import { type CreditNote, creditNoteKind, encodeCreditNote } from "./CreditNote.ts"
import { settle } from "./payReceipt.ts"
import { refuse } from "./RunError.ts"

export interface IssuedCreditNote {
  readonly number: string
  readonly netMinor: bigint
  readonly taxMinor: bigint
}

/**
 * Takes back an issued receipt, or a part of it, by a credit note with a dense number of a series of its own. The note is kept as
 * document `credit-note/NUMBER`; tax follows the net amount, code by code; the last note takes what is left of both.
 */
export const creditReceipt = Effect.fn("creditReceipt")(function* (
  tenant: string,
  receiptId: string,
  /** null: all that no credit note has taken back yet. */
  credit: { readonly netMinor: bigint | null; readonly reason: string },
  actor: Actor,
  options: ActOptions = { dryRun: false },
) {
  const reason = credit.reason.trim()
  if (reason === "") return yield* refuse("receipt-refused", say("credit-reason-missing", { receipt: receiptId }))
  const { answer } = yield* bookReceipt(
    tenant,
    receiptId,
    actor,
    ({ site, receipt, posted, month, date, atSeconds }, head) => {
      const left = creditableOf(receipt, posted, policyOf(site).roles)
      const netMinor = credit.netMinor ?? left.netMinor
      const leftTaxes = creditableTaxes(receipt, posted, policyOf(site).roles)
      const taxes = taxesOfPart(leftTaxes, netMinor)
      const taxMinor = taxes.reduce((sum, tax) => sum + tax.taxMinor, 0n)
      const series = `${site.receiptSeries}CN`
      const year = Number(date.slice(0, 4))
      const number = `${series}${year}-${String(head.nextNumber(series, year)).padStart(6, "0")}`
      const amounts = { netMinor: String(netMinor), taxMinor: String(taxMinor), currency: receipt.currency.code }
      const { issuer, payer } = receipt
      const receiptNumber = receipt.status.kind === "draft" ? "" : receipt.status.number
      const note: CreditNote = {
        format: 1,
        number,
        date,
        issuedAtSeconds: atSeconds,
        receiptId,
        receiptNumber,
        reason,
        ...amounts,
        earlierNetMinor: String(receipt.netMinor - left.netMinor),
        earlierTaxMinor: String(receipt.taxMinor - left.taxMinor),
        taxes: receipt.taxes.map((tax, index) => {
          const [taken, leftOf] = [taxes[index] as ReceiptTax, leftTaxes[index] as ReceiptTax]
          return {
            ...tax,
            netMinor: String(taken.netMinor),
            taxMinor: String(taken.taxMinor),
            earlierNetMinor: String(tax.netMinor - leftOf.netMinor),
            earlierTaxMinor: String(tax.taxMinor - leftOf.taxMinor),
          }
        }),
        issuer,
        payer,
      }
      const bytes = encodeCreditNote(note)
      const kind = creditNoteKind(number)
      const by = { actor: actor.name, requestId: actor.requestId }
      const before = receiptPosition(receipt.id, posted, policyOf(site).roles)
      const settled = settle(receipt, atSeconds, { ...before, creditedMinor: before.creditedMinor + netMinor + taxMinor })
      return Result.succeed({
        answer: { number, netMinor: amounts.netMinor, taxMinor: amounts.taxMinor },
        documents: [{ kind, version: 1, bytes }],
        numbers: [{ series, year, taken: 1 }],
        receiptChanges: settled === null ? [] : [{ receiptId, from: "issued", to: settled.status }],
        event: { kind: "credited", receipt, month, creditNoteNumber: number, date, netMinor, taxMinor, posted },
        events: [
          {
            ...by,
            action: "receipt.credit",
            subject: receiptId,
            detail: { ...amounts, creditNoteNumber: number, reason, atSeconds: String(atSeconds) },
          },
          { ...by, action: "credit-note.issue", subject: `${kind}/1`, detail: { sha256: sha256Hex(bytes) } },
        ],
      })
    },
    options,
  )
  return { number: answer.number, netMinor: BigInt(answer.netMinor), taxMinor: BigInt(answer.taxMinor) } satisfies IssuedCreditNote
})
