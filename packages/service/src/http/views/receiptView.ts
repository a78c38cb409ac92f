import { addDecimals, checkReceipt, type Decimal, documentDateOf, type Receipt } from "@hpc-billing/core"
import { type AccountRoles, ageDays, creditableOf, type Entry, type ReceiptPosition, receiptPosition } from "@hpc-billing/ledger"
import type { ReceiptHeaderView, ReceiptView } from "../../api/groups/receipts.ts"
import type { ProjectCredit } from "../../run/PrepaidLog.ts"
import { planRefund } from "../../run/planRefund.ts"
import type { ReceiptHeader } from "../../store/index.ts"
import { owedOf } from "../receiptBalances.ts"
import { instantText } from "./instant.ts"
import { decimalText, moneyView } from "./money.ts"

/** `today` is the local date in the zone of the books. */
export const receiptHeaderView = (receipt: ReceiptHeader, owedMinor: bigint, today: string): ReceiptHeaderView => {
  const { status, currency } = receipt
  const documentDate = documentDateOf(receipt)
  const issuedAtSeconds = status.kind === "draft" ? null : status.issuedAtSeconds
  return {
    id: receipt.id,
    month: receipt.month,
    payerId: receipt.payer.id,
    sequence: Number(receipt.id.slice(receipt.id.lastIndexOf("/") + 1)),
    payerNameThai: receipt.payer.nameThai,
    payerNameEnglish: receipt.payer.nameEnglish,
    status: status.kind,
    number: status.kind === "draft" ? null : status.number,
    issuedAt: issuedAtSeconds === null ? null : instantText(issuedAtSeconds),
    paidAt: status.kind === "paid" ? instantText(status.paidAtSeconds) : null,
    voidedAt: status.kind === "void" ? instantText(status.voidedAtSeconds) : null,
    voidReason: status.kind === "void" ? status.reason : null,
    net: moneyView(receipt.netMinor, currency),
    tax: moneyView(receipt.taxMinor, currency),
    gross: moneyView(receipt.grossMinor, currency),
    due: moneyView(owedMinor, currency),
    ageDays: status.kind === "issued" && documentDate !== null ? ageDays(documentDate, today) : null,
    lineCount: receipt.lineCount,
  }
}

interface Bucket {
  billedMinor: bigint
  lines: number
  quantity: Decimal
}

const bucketBy = (receipt: Receipt, keyOf: (line: Receipt["lines"][number]) => string): Map<string, Bucket> => {
  const buckets = new Map<string, Bucket>()
  for (const line of receipt.lines) {
    const key = keyOf(line)
    const known = buckets.get(key)
    if (known === undefined) buckets.set(key, { billedMinor: line.billedMinor, lines: 1, quantity: line.quantity })
    else {
      known.billedMinor += line.billedMinor
      known.lines += 1
      known.quantity = addDecimals(known.quantity, line.quantity)
    }
  }
  return new Map([...buckets].sort(([left], [right]) => (left < right ? -1 : 1)))
}

const party = ({ nameThai, nameEnglish, addressThai, addressEnglish, taxId, branch }: Receipt["issuer"]): ReceiptView["issuer"] => ({
  nameThai,
  nameEnglish,
  addressThai,
  addressEnglish,
  taxId,
  branch,
})

export interface CreditNoteText {
  readonly number: string
  readonly date: string
  readonly netMinor: string
  readonly taxMinor: string
  readonly reason: string
}

export const receiptView = (
  receipt: Receipt,
  standing: {
    readonly sha256: string | null
    /** What the journal books of it. */
    readonly posted: readonly Entry[]
    readonly roles: AccountRoles
    readonly creditNotes: readonly CreditNoteText[]
    /** What its payer paid ahead; needed of a receipt in credit alone. */
    readonly credits: readonly ProjectCredit[]
    readonly readsJournal: boolean
    readonly mayWrite: boolean
    readonly dataUntil: ReceiptView["dataUntil"]
    readonly today: string
  },
): ReceiptView => {
  const { status, currency } = receipt
  const { posted, roles } = standing
  const isPosted = posted.some(({ source }) => source.kind === "issue")
  const position = receiptPosition(receipt.id, posted, roles)
  const creditable = creditableOf(receipt, posted, roles)
  const owedMinor = status.kind !== "issued" ? 0n : isPosted ? owedOf(position.receivableMinor) : receipt.grossMinor
  const header = { ...receipt, lineCount: receipt.lines.length, issuedSha256: standing.sha256 }
  return {
    ...receiptHeaderView(header, owedMinor, standing.today),
    balance: isPosted ? moneyView(position.receivableMinor, currency) : null,
    credited: moneyView(position.creditedMinor, currency),
    refunded: moneyView(position.refundedMinor, currency),
    writtenOff: moneyView(position.writtenOffMinor, currency),
    creditable: { net: moneyView(creditable.netMinor, currency), tax: moneyView(creditable.taxMinor, currency) },
    refundable: isPosted && position.receivableMinor < 0n ? refundableView(receipt, position, standing.credits) : null,
    creditNotes: standing.creditNotes.map(({ number, date, netMinor, taxMinor, reason }) => ({
      number,
      date,
      net: moneyView(BigInt(netMinor), currency),
      tax: moneyView(BigInt(taxMinor), currency),
      gross: moneyView(BigInt(netMinor) + BigInt(taxMinor), currency),
      reason,
    })),
    zone: receipt.zone,
    windowStart: instantText(receipt.window.startSeconds),
    windowEnd: instantText(receipt.window.endSeconds),
    issuer: party(receipt.issuer),
    payer: party(receipt.payer),
    tier: receipt.payer.tier,
    taxes: receipt.taxes.map(({ code, ratePercent, basis, basisThai = basis, netMinor, taxMinor }) => ({
      code,
      ratePercent,
      basis,
      basisThai,
      net: moneyView(netMinor, currency),
      tax: moneyView(taxMinor, currency),
    })),
    paid: position.receivedMinor > 0n || status.kind === "paid" ? moneyView(position.receivedMinor, currency) : null,
    withheld: position.withheldMinor > 0n || status.kind === "paid" ? moneyView(position.withheldMinor, currency) : null,
    sha256: standing.sha256,
    bySku: [...bucketBy(receipt, ({ sku, unit }) => `${sku}\n${unit}`)].map(([key, { billedMinor, lines, quantity }]) => {
      const [sku = "", unit = ""] = key.split("\n")
      return { sku, unit, quantity: decimalText(quantity), billed: moneyView(billedMinor, currency), lines }
    }),
    byUser: [...bucketBy(receipt, ({ user, account }) => `${user}\n${account}`)].map(([key, { billedMinor, lines }]) => {
      const [user = "", account = ""] = key.split("\n")
      return { user, account, billed: moneyView(billedMinor, currency), lines }
    }),
    findings: checkReceipt(receipt),
    entryIds: standing.readsJournal ? posted.map(({ id }) => id) : [],
    actions: [...(standing.mayWrite ? writesOf(status.kind, { posted, position, creditable }) : []), "pdf"],
    dataUntil: standing.dataUntil,
  }
}

const refundableView = ({ id, currency }: Receipt, position: ReceiptPosition, of: readonly ProjectCredit[]): ReceiptView["refundable"] => {
  const { bankMinor, credits } = planRefund(id, position, of, { amountMinor: null, to: "as-paid" })
  return {
    bank: moneyView(bankMinor, currency),
    credits: credits.map(({ credit, partMinor }) => ({ project: credit.prepaid.project, amount: moneyView(partMinor, currency) })),
  }
}

interface Standing {
  readonly posted: readonly Entry[]
  readonly position: ReceiptPosition
  readonly creditable: ReturnType<typeof creditableOf>
}

/** What may be done with a receipt as it stands; the journal decides again when it is done. */
const writesOf = (
  kind: Receipt["status"]["kind"],
  { posted, position, creditable }: Standing,
): readonly ReceiptView["actions"][number][] => {
  if (kind === "draft") return ["issue"]
  if (kind === "void") return []
  const { receivableMinor, writtenOffMinor } = position
  const isPosted = posted.some(({ source }) => source.kind === "issue")
  const isUntouched = posted.every(({ source }) => source.kind === "accrual" || source.kind === "issue")
  const isLeft = creditable.netMinor > 0n || creditable.taxMinor > 0n
  return [
    ...(kind === "issued" && isPosted && receivableMinor + writtenOffMinor > 0n ? (["pay"] as const) : []),
    ...(kind === "issued" && isUntouched ? (["void"] as const) : []),
    ...(isPosted && isLeft && writtenOffMinor === 0n ? (["credit"] as const) : []),
    ...(isPosted && receivableMinor < 0n ? (["refund"] as const) : []),
    ...(isPosted && kind === "issued" && receivableMinor > 0n ? (["write-off"] as const) : []),
  ]
}
