import type { ReceiptError } from "@hpc-billing/core"
import type { LedgerError } from "@hpc-billing/ledger"
import { type Sentence, say } from "../api/sentences.ts"

/** What the ledger refused, by its reason: the sentence is the ledger's own. */
export const sayLedger = ({ reason, message }: LedgerError): Sentence => say(`ledger-${reason}-detail`, { detail: message })

/** What a receipt's status or amounts refused. */
export const sayReceipt = ({ reason, message }: ReceiptError): Sentence => say(`receipt-${reason}-detail`, { detail: message })
