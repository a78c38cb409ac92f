import { addDecimals, compareDecimals, type Decimal, decimalZero, formatDecimal, normaliseDecimal, type RatedLine } from "@hpc-billing/core"
import type { ExportFile, ExportFinding } from "@hpc-billing/ledger"
import { Result } from "effect"
import { ratingPaths } from "./exportMonth.ts"
import { recomputeReceipt } from "./recomputeReceipt.ts"
import { type ReratedExport, rerateExport } from "./rerateExport.ts"

/**
 * Prices a month again from an export's files alone and compares with its receipts: the same usage, price, tax and payer must give the
 * same quantity, and the lines of each receipt must come out field by field. Corrections of earlier months are left out, their own
 * months hold what they come from.
 */
export const recomputeMonth = (files: readonly ExportFile[]): readonly ExportFinding[] => {
  const rerated = rerateExport(files)
  if (Result.isFailure(rerated)) return rerated.failure
  const sums = compareSums(rerated.success)
  if (sums.length > 0) return sums
  return rerated.success.receipts.flatMap(({ file, receipt }) =>
    recomputeReceipt(receipt, rerated.success).map((finding) => ({ file, finding })),
  )
}

const keyOf = (line: RatedLine): string =>
  JSON.stringify([
    line.usageId ?? `period:${line.cluster}/${line.account}/${line.user}`,
    line.sku,
    line.payerId,
    formatDecimal(normaliseDecimal(line.unitPrice)),
    line.tax?.code ?? "",
  ])

const add = (sums: Map<string, Decimal>, line: RatedLine): void => {
  const key = keyOf(line)
  sums.set(key, addDecimals(sums.get(key) ?? decimalZero, line.quantity))
}

const compareSums = ({ rating, lines, receipts }: ReratedExport): readonly ExportFinding[] => {
  const computed = new Map<string, Decimal>()
  const charged = new Map<string, Decimal>()
  const fileOf = new Map<string, string>()
  for (const line of lines) add(computed, line)
  for (const { file, receipt } of receipts) {
    for (const line of receipt.lines) {
      if (line.corrects !== null && line.corrects.month !== rating.month) continue
      add(charged, line)
      fileOf.set(keyOf(line), file)
    }
  }
  const findings: ExportFinding[] = []
  for (const key of new Set([...computed.keys(), ...charged.keys()])) {
    const [expected, found] = [computed.get(key) ?? decimalZero, charged.get(key) ?? decimalZero]
    if (compareDecimals(expected, found) === 0) continue
    const [usage, sku, payer, price] = JSON.parse(key) as readonly string[]
    findings.push({
      file: fileOf.get(key) ?? ratingPaths.records,
      finding: `usage ${usage} (${sku} at ${price}, payer ${payer}): computed again ${formatDecimal(expected)}, charged ${formatDecimal(found)}`,
    })
  }
  return findings
}
