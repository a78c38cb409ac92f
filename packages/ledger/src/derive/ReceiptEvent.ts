import type { Receipt } from "@hpc-billing/core"
import type { Entry } from "../Entry.ts"

/** What happens to a receipt and is booked. `month` is the open period it is posted in; `posted` what is booked of the receipt so far. */
export type ReceiptEvent = { readonly receipt: Receipt; readonly month: string } & (
  | { readonly kind: "accrued" }
  | { readonly kind: "issued" }
  | {
      readonly kind: "paid"
      readonly paymentId: string
      /** Local date of the payment, as every `date` here. */
      readonly date: string
      readonly from: "bank" | "prepaid"
      readonly receivedMinor: bigint
      readonly withheldMinor: bigint
      readonly posted: readonly Entry[]
    }
  | { readonly kind: "voided"; readonly date: string; readonly reason: string; readonly posted: readonly Entry[] }
  | {
      readonly kind: "credited"
      readonly creditNoteNumber: string
      readonly date: string
      readonly netMinor: bigint
      readonly taxMinor: bigint
      readonly posted: readonly Entry[]
    }
  | {
      readonly kind: "refunded"
      readonly refundId: string
      readonly date: string
      readonly amountMinor: bigint
      /** The part of it that goes back to prepaid credit; none when absent. */
      readonly prepaidMinor?: bigint
      readonly posted: readonly Entry[]
    }
  | { readonly kind: "written-off"; readonly date: string; readonly reason: string; readonly posted: readonly Entry[] }
)
