import { formatMinor, type Receipt } from "@hpc-billing/core"
import type { AccountRoles } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"

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

/** Whether receipts and journal of a month say the same, receipt by receipt: one sentence per difference, none when they tie. */
export const tieOut = (receipts: readonly Receipt[], entries: readonly Entry[], roles: AccountRoles): readonly string[] => {
  const findings: string[] = []
  const booked = bookedOf(entries, roles)
  for (const receipt of receipts) {
    const { status, currency } = receipt
    if (status.kind === "draft") {
      findings.push(`Receipt ${receipt.id} is still a draft: issue it, or draft the month again without it.`)
      continue
    }
    const name = `Receipt ${status.number} (${receipt.id})`
    const linesMinor = receipt.lines.reduce((sum, line) => sum + line.billedMinor, 0n)
    const taxesMinor = receipt.taxes.reduce((sum, tax) => sum + tax.taxMinor, 0n)
    const isVoid = status.kind === "void"
    const inBooks = booked.get(receipt.id) ?? { netMinor: 0n, taxMinor: 0n, receivableMinor: 0n, unbilledMinor: 0n }
    booked.delete(receipt.id)
    const compare = (what: string, statedMinor: bigint, foundMinor: bigint): void => {
      if (statedMinor === foundMinor) return
      findings.push(`${name}: ${what} ${formatMinor(statedMinor, currency)}, found ${formatMinor(foundMinor, currency)} ${currency.code}.`)
    }
    compare("the net total is", receipt.netMinor, linesMinor)
    compare("the tax total is", receipt.taxMinor, taxesMinor)
    compare("net and tax make", receipt.netMinor + receipt.taxMinor, receipt.grossMinor)
    compare("revenue in the journal should be", isVoid ? 0n : receipt.netMinor, inBooks.netMinor)
    compare("tax in the journal should be", isVoid ? 0n : receipt.taxMinor, inBooks.taxMinor)
    compare("the receivable in the journal should be", isVoid ? 0n : receipt.grossMinor, inBooks.receivableMinor)
    compare("what is accrued and not billed should be", 0n, inBooks.unbilledMinor)
  }
  for (const receiptId of booked.keys()) findings.push(`The journal books receipt ${receiptId}, which is not among the month's receipts.`)
  return findings
}
