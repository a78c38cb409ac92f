import { formatMinor, type Receipt } from "@hpc-billing/core"
import type { AccountRoles } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { type CloseFinding, closeFinding } from "./CloseFinding.ts"

interface Booked {
  netMinor: bigint
  taxMinor: bigint
  receivableMinor: bigint
  unbilledMinor: bigint
}

const bookedKinds: ReadonlySet<string> = new Set(["accrual", "issue", "void"])

const bookedOf = (entries: readonly Entry[], roles: AccountRoles): Map<string, Booked> => {
  const byReceipt = new Map<string, Booked>()
  for (const { source, transfers } of entries) {
    if (source.receiptId === null || !bookedKinds.has(source.kind)) continue
    const booked = byReceipt.get(source.receiptId) ?? { netMinor: 0n, taxMinor: 0n, receivableMinor: 0n, unbilledMinor: 0n }
    byReceipt.set(source.receiptId, booked)
    for (const { debitAccount, creditAccount, amountMinor } of transfers) {
      for (const [account, signedMinor] of [
        [debitAccount, amountMinor],
        [creditAccount, -amountMinor],
      ] as const) {
        if (account === roles.revenue) booked.netMinor -= signedMinor
        if (account === roles.vatPayable || account === roles.vatNotYetDue) booked.taxMinor -= signedMinor
        if (account === roles.receivable) booked.receivableMinor += signedMinor
        if (account === roles.contractAsset) booked.unbilledMinor += signedMinor
      }
    }
  }
  return byReceipt
}

type ComparedCode = "tie-net" | "tie-tax" | "tie-gross" | "tie-revenue" | "tie-journal-tax" | "tie-receivable" | "tie-accrued"

/** Whether receipts and journal of a month say the same, receipt by receipt: one finding per difference, none when they tie. */
export const tieOut = (receipts: readonly Receipt[], entries: readonly Entry[], roles: AccountRoles): readonly CloseFinding[] => {
  const findings: CloseFinding[] = []
  const booked = bookedOf(entries, roles)
  for (const receipt of receipts) {
    const { status, currency } = receipt
    if (status.kind === "draft") {
      findings.push(closeFinding("tie-draft", { receipt: receipt.id }))
      continue
    }
    const linesMinor = receipt.lines.reduce((sum, line) => sum + line.billedMinor, 0n)
    const taxesMinor = receipt.taxes.reduce((sum, tax) => sum + tax.taxMinor, 0n)
    const isVoid = status.kind === "void"
    const inBooks = booked.get(receipt.id) ?? { netMinor: 0n, taxMinor: 0n, receivableMinor: 0n, unbilledMinor: 0n }
    booked.delete(receipt.id)
    const compare = (code: ComparedCode, statedMinor: bigint, foundMinor: bigint): void => {
      if (statedMinor === foundMinor) return
      const [stated, found] = [formatMinor(statedMinor, currency), formatMinor(foundMinor, currency)]
      findings.push(closeFinding(code, { number: status.number, receipt: receipt.id, stated, found, currency: currency.code }))
    }
    compare("tie-net", receipt.netMinor, linesMinor)
    compare("tie-tax", receipt.taxMinor, taxesMinor)
    compare("tie-gross", receipt.netMinor + receipt.taxMinor, receipt.grossMinor)
    compare("tie-revenue", isVoid ? 0n : receipt.netMinor, inBooks.netMinor)
    compare("tie-journal-tax", isVoid ? 0n : receipt.taxMinor, inBooks.taxMinor)
    compare("tie-receivable", isVoid ? 0n : receipt.grossMinor, inBooks.receivableMinor)
    compare("tie-accrued", 0n, inBooks.unbilledMinor)
  }
  for (const receiptId of booked.keys()) findings.push(closeFinding("tie-unknown-receipt", { receipt: receiptId }))
  return findings
}
