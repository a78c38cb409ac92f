import { formatDecimal, formatMinor, type LineTax, lineTaxes, type Receipt, type ReceiptLine } from "@hpc-billing/core"
import { csvField, csvName } from "../csvField.ts"

/** The attachment of every printed receipt. */
export const linesFileName = "lines.csv"

const instant = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(".000Z", "Z")

const columns: readonly (readonly [string, (line: ReceiptLine, receipt: Receipt, tax: LineTax | undefined) => string])[] = [
  ["line_id", (line) => csvName(line.id)],
  ["kind", (line) => csvField(line.kind)],
  ["cluster", (line) => csvName(line.cluster)],
  ["job_id", (line) => csvField(line.jobId)],
  ["job_name", (line) => csvName(line.jobName)],
  ["user", (line) => csvName(line.user)],
  ["account", (line) => csvName(line.account)],
  ["partition", (line) => csvName(line.partition)],
  ["qos", (line) => csvName(line.qos)],
  ["state", (line) => csvField(line.state)],
  ["start_utc", (line) => csvField(instant(line.window.startSeconds))],
  ["end_utc", (line) => csvField(instant(line.window.endSeconds))],
  ["sku", (line) => csvField(line.sku)],
  ["quantity", (line) => csvField(formatDecimal(line.quantity))],
  ["unit", (line) => csvField(line.unit)],
  ["unit_price", (line) => csvField(formatDecimal(line.unitPrice))],
  ["amount_exact", (line) => csvField(formatDecimal(line.amount))],
  ["amount_billed", (line, receipt) => csvField(formatMinor(line.billedMinor, receipt.currency))],
  ["currency", (line) => csvField(line.currency)],
  ["zero_reason", (line) => csvField(line.zeroReason ?? "")],
  ["corrects_month", (line) => csvField(line.corrects?.month ?? "")],
  ["corrects_line", (line) => csvField(line.corrects?.lineId ?? "")],
  ["corrects_receipt", (line) => csvField(line.corrects?.receiptNumber ?? "")],
  ["rate_card", (line) => csvField(`${line.rate.cardId} v${line.rate.cardVersion}`)],
  ["rate_override", (line) => csvField(line.rate.overrideId ?? "")],
  ["tax_code", (_, __, tax) => csvName(tax?.code ?? "")],
  ["tax", (_, receipt, tax) => csvField(formatMinor(tax?.taxMinor ?? 0n, receipt.currency))],
]

/** Every line of the receipt as CSV (RFC 4180, UTF-8 with byte order mark): what the PDF carries as its attachment. */
export const linesCsv = (receipt: Receipt): string => {
  const taxes = lineTaxes(receipt)
  const rows = receipt.lines.map((line) => columns.map(([, value]) => value(line, receipt, taxes.get(line.id))).join(","))
  return `\uFEFF${[columns.map(([name]) => name).join(","), ...rows].join("\r\n")}\r\n`
}
