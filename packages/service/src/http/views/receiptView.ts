import { addDecimals, checkReceipt, type Decimal, type Receipt } from "@hpc-billing/core"
import type { ReceiptHeaderView, ReceiptView } from "../../api/groups/receipts.ts"
import type { ReceiptHeader } from "../../store/index.ts"
import { instantText } from "./instant.ts"
import { decimalText, moneyView } from "./money.ts"

const daySeconds = 86_400

export const receiptHeaderView = (receipt: ReceiptHeader, nowSeconds: number): ReceiptHeaderView => {
  const { status, currency } = receipt
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
    due: moneyView(status.kind === "issued" ? receipt.grossMinor : 0n, currency),
    ageDays: status.kind === "issued" ? Math.max(0, Math.floor((nowSeconds - status.issuedAtSeconds) / daySeconds)) : null,
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

export const receiptView = (
  receipt: Receipt,
  standing: {
    readonly sha256: string | null
    readonly entryIds: readonly string[]
    readonly mayWrite: boolean
    readonly dataUntil: ReceiptView["dataUntil"]
    readonly nowSeconds: number
  },
): ReceiptView => {
  const { status, currency } = receipt
  const writes: ReceiptView["actions"] = status.kind === "draft" ? ["issue"] : status.kind === "issued" ? ["pay", "void"] : []
  return {
    ...receiptHeaderView({ ...receipt, lineCount: receipt.lines.length, issuedSha256: standing.sha256 }, standing.nowSeconds),
    zone: receipt.zone,
    windowStart: instantText(receipt.window.startSeconds),
    windowEnd: instantText(receipt.window.endSeconds),
    issuer: party(receipt.issuer),
    payer: party(receipt.payer),
    tier: receipt.payer.tier,
    taxes: receipt.taxes.map(({ code, ratePercent, basis, netMinor, taxMinor }) => ({
      code,
      ratePercent,
      basis,
      net: moneyView(netMinor, currency),
      tax: moneyView(taxMinor, currency),
    })),
    paid: status.kind === "paid" ? moneyView(status.paidMinor, currency) : null,
    withheld: status.kind === "paid" ? moneyView(status.withheldMinor, currency) : null,
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
    entryIds: standing.entryIds,
    actions: [...(standing.mayWrite ? writes : []), "pdf"],
    dataUntil: standing.dataUntil,
  }
}
