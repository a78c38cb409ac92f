import type { RateProblem, ReceiptError } from "@hpc-billing/core"
import type { CloseFinding, LedgerError } from "@hpc-billing/ledger"
import { type Finding, type Sentence, say } from "../api/sentences.ts"

/** What the ledger refused, by its reason: the sentence is the ledger's own. */
export const sayLedger = ({ reason, message }: LedgerError): Sentence => say(`ledger-${reason}-detail`, { detail: message })

/** What a receipt's status or amounts refused. */
export const sayReceipt = ({ reason, message }: ReceiptError): Sentence => say(`receipt-${reason}-detail`, { detail: message })

/** One thing found by a rule of core or ledger, whose codes are the service's. */
export const sayFinding = ({ code, values, ...finding }: CloseFinding | RateProblem): Finding => ({
  code,
  params: values,
  path: "path" in finding ? finding.path : "",
  text: "text" in finding ? finding.text : finding.message,
})
