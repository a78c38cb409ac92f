import type { Receipt } from "@hpc-billing/core"
import { formatMinor } from "@hpc-billing/core"
import { type Chart, type Entry, trialBalance } from "@hpc-billing/ledger"
import { accountsWithoutPayer } from "../../run/fate/accountsWithoutPayer.ts"
import type { PreviewedDraw } from "../../run/previewDraws.ts"
import type { RatedMonth } from "../../run/rateMonth.ts"
import { amountText } from "./amountText.ts"
import { table } from "./table.ts"

const runawayNamedMaximum = 10

/** How every record of the month ended. */
export const ratedText = (rated: RatedMonth): string => {
  const { month, counts, books, provisional } = rated
  const lines = [
    `${month} (${books.site.zone}): ${counts.records} job records: ${counts.chargedUsages} charged, ${counts.zeroUsages} at zero with a reason, ${counts.provisionalUsages} still running, ${counts.pendingUsages} pending, ${counts.unmappedUsages} without a payer; ${counts.lines} lines, ${counts.correctionLines} corrections of closed months${counts.lateUnmappedUsages === 0 ? "" : `, ${counts.lateUnmappedUsages} late usages without a payer`}`,
  ]
  for (const account of accountsWithoutPayer(rated)) lines.push(`  no payer for ${account}: add a mapping to payers.yaml and publish it`)
  const runaway = new Set(
    provisional.filter(({ flags }) => flags.includes("probably-runaway")).map(({ cluster, jobId }) => `${jobId} on ${cluster}`),
  )
  if (runaway.size > 0) {
    const named = [...runaway].slice(0, runawayNamedMaximum).join(", ")
    lines.push(
      `  ${runaway.size} of those still running are probably runaway jobs, long gone: ${named}${runaway.size > runawayNamedMaximum ? ", ..." : ""}. Look with "sacctmgr show runawayjobs"; nothing is billed for them until Slurm says when they ended`,
    )
  }
  return lines.join("\n")
}

/** With a column of what issuing them would draw from prepaid credit, when it would draw any. */
export const receiptsText = (receipts: readonly Receipt[], draws: ReadonlyMap<string, readonly PreviewedDraw[]>): string => {
  const [first] = receipts
  if (first === undefined) return "Nothing left to bill."
  const rows = receipts.map((receipt) => [
    receipt.status.kind === "draft" ? "draft" : receipt.status.number,
    receipt.payer.nameEnglish,
    receipt.payer.tier,
    `${receipt.lines.length} lines`,
    amountText(receipt.netMinor, receipt.currency),
    amountText(receipt.taxMinor, receipt.currency),
    amountText(receipt.grossMinor, receipt.currency),
    receipt.currency.code,
    ...(draws.size === 0 ? [] : [prepaidText(receipt, draws.get(receipt.id) ?? [])]),
  ])
  const header = ["receipt", "payer", "tier", "", "net", "VAT", "gross", "", ...(draws.size === 0 ? [] : ["from prepaid credit"])]
  return table([header, ...rows], [false, false, false, true, true, true, true, false, false])
}

const prepaidText = ({ currency }: Receipt, draws: readonly PreviewedDraw[]): string =>
  draws.map(({ project, drawnMinor }) => `${amountText(drawnMinor, currency)} of ${project}`).join(", ")

export const trialBalanceText = (entries: readonly Entry[], chart: Chart): string => {
  const balance = trialBalance(entries, chart)
  const rows = balance.accounts.map((account) => {
    const currency = { code: account.currency, exponent: account.currencyExponent }
    return [
      account.account,
      account.name,
      amountText(account.debitMinor, currency),
      amountText(account.creditMinor, currency),
      account.currency,
    ]
  })
  const totals = balance.totals.map(({ currency, debitMinor, creditMinor }) => {
    const exponent = balance.accounts.find((account) => account.currency === currency)?.currencyExponent ?? 2
    const of = { code: currency, exponent }
    return [
      "",
      "total",
      amountText(debitMinor, of),
      amountText(creditMinor, of),
      debitMinor === creditMinor ? `${currency}  debit = credit` : `${currency}  DEBIT IS NOT CREDIT`,
    ]
  })
  return table([["account", "", "debit", "credit", ""], ...rows, ...totals], [false, false, true, true, false])
}

export const entryText = (entry: Entry): string => {
  const currency = { code: entry.currency, exponent: entry.currencyExponent }
  const lines = entry.transfers.map(
    ({ debitAccount, creditAccount, amountMinor, memo }) =>
      `  Dr ${debitAccount}  Cr ${creditAccount}  ${formatMinor(amountMinor, currency)} ${entry.currency}  ${memo}`,
  )
  return [`${entry.effectiveDate}  ${entry.memo}`, ...lines].join("\n")
}
