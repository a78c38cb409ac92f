import { formatDecimal, formatMinor, type Receipt, type ReceiptLine } from "@hpc-billing/core"

/** The attachment of every printed receipt. */
export const linesFileName = "lines.csv"

const instant = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(".000Z", "Z")

/** Names come from users: one that a spreadsheet would run as a formula gets an apostrophe before it. */
const inert = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)

const columns: readonly (readonly [string, (line: ReceiptLine, receipt: Receipt) => string])[] = [
  ["line_id", (line) => inert(line.id)],
  ["kind", (line) => line.kind],
  ["cluster", (line) => inert(line.cluster)],
  ["job_id", (line) => line.jobId],
  ["job_name", (line) => inert(line.jobName)],
  ["user", (line) => inert(line.user)],
  ["account", (line) => inert(line.account)],
  ["partition", (line) => inert(line.partition)],
  ["qos", (line) => inert(line.qos)],
  ["state", (line) => line.state],
  ["start_utc", (line) => instant(line.window.startSeconds)],
  ["end_utc", (line) => instant(line.window.endSeconds)],
  ["sku", (line) => line.sku],
  ["quantity", (line) => formatDecimal(line.quantity)],
  ["unit", (line) => line.unit],
  ["unit_price", (line) => formatDecimal(line.unitPrice)],
  ["amount_exact", (line) => formatDecimal(line.amount)],
  ["amount_billed", (line, receipt) => formatMinor(line.billedMinor, receipt.currency)],
  ["currency", (line) => line.currency],
  ["zero_reason", (line) => line.zeroReason ?? ""],
  ["corrects_month", (line) => line.corrects?.month ?? ""],
  ["corrects_line", (line) => line.corrects?.lineId ?? ""],
  ["corrects_receipt", (line) => line.corrects?.receiptNumber ?? ""],
  ["rate_card", (line) => `${line.rate.cardId} v${line.rate.cardVersion}`],
  ["rate_override", (line) => line.rate.overrideId ?? ""],
]

/** Every line of the receipt as CSV (RFC 4180, UTF-8 with byte order mark): what the PDF carries as its attachment. */
export const linesCsv = (receipt: Receipt): string => {
  const rows = receipt.lines.map((line) => columns.map(([, value]) => quoted(value(line, receipt))).join(","))
  return `\uFEFF${[columns.map(([name]) => name).join(","), ...rows].join("\r\n")}\r\n`
}
