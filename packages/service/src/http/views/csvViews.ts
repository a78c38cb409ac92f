import type { JobView, LineView } from "../../api/groups/usage.ts"
import { csvField, csvName } from "../../csvField.ts"

type Columns<Row> = readonly (readonly [name: string, field: (row: Row) => string])[]

const jobColumns: Columns<JobView> = [
  ["usage_id", ({ usageId }) => csvName(usageId)],
  ["cluster", ({ cluster }) => csvName(cluster)],
  ["job_id", ({ displayJobId }) => csvName(displayJobId)],
  ["job_name", ({ name }) => csvName(name)],
  ["user", ({ user }) => csvName(user)],
  ["account", ({ account }) => csvName(account)],
  ["partition", ({ partition }) => csvName(partition)],
  ["qos", ({ qos }) => csvName(qos)],
  ["state", ({ state }) => csvField(state)],
  ["submitted", ({ submittedAt }) => csvField(submittedAt)],
  ["started", ({ startedAt }) => csvField(startedAt ?? "")],
  ["ended", ({ endedAt }) => csvField(endedAt ?? "")],
  ["elapsed_seconds", ({ elapsedSeconds }) => csvField(String(elapsedSeconds))],
  ["cores", ({ cores }) => csvField(String(cores))],
  ["gpus", ({ gpus }) => csvField(String(gpus))],
  ["memory_mebibytes", ({ memoryMebibytes }) => csvField(String(memoryMebibytes))],
  ["nodes", ({ nodes }) => csvField(String(nodes))],
  ["node_list", ({ nodeList }) => csvName(nodeList)],
  ["exit_code", ({ exitCode }) => csvName(exitCode)],
  ["charge", ({ charge }) => csvField(charge?.decimal ?? "")],
  ["currency", ({ charge }) => csvField(charge?.currency ?? "")],
  ["zero_reason", ({ zeroReason }) => csvField(zeroReason ?? "")],
  ["provisional", ({ provisional }) => csvField(String(provisional))],
  ["probably_runaway", ({ probablyRunaway }) => csvField(String(probablyRunaway))],
]

const lineColumns: Columns<LineView> = [
  ["receipt_id", ({ receiptId }) => csvName(receiptId)],
  ["receipt_number", ({ receiptNumber }) => csvName(receiptNumber ?? "")],
  ["receipt_status", ({ receiptStatus }) => csvField(receiptStatus)],
  ["month", ({ month }) => csvField(month)],
  ["line_id", ({ lineId }) => csvName(lineId)],
  ["kind", ({ kind }) => csvField(kind)],
  ["payer", ({ payerId }) => csvName(payerId)],
  ["cluster", ({ cluster }) => csvName(cluster)],
  ["account", ({ account }) => csvName(account)],
  ["user", ({ user }) => csvName(user)],
  ["job_id", ({ jobId }) => csvName(jobId)],
  ["job_name", ({ jobName }) => csvName(jobName)],
  ["partition", ({ partition }) => csvName(partition)],
  ["qos", ({ qos }) => csvName(qos)],
  ["state", ({ state }) => csvField(state)],
  ["start_utc", ({ windowStart }) => csvField(windowStart)],
  ["end_utc", ({ windowEnd }) => csvField(windowEnd)],
  ["sku", ({ sku }) => csvName(sku)],
  ["quantity", ({ quantity }) => csvField(quantity.decimal)],
  ["unit", ({ quantity }) => csvName(quantity.unit)],
  ["unit_price", ({ unitPrice }) => csvField(unitPrice)],
  ["amount_exact", ({ exactAmount }) => csvField(exactAmount)],
  ["amount_billed", ({ billed }) => csvField(billed.decimal)],
  ["currency", ({ billed }) => csvField(billed.currency)],
  ["tax_code", ({ taxCode }) => csvName(taxCode ?? "")],
  ["zero_reason", ({ zeroReason }) => csvField(zeroReason ?? "")],
  ["tier", ({ tier }) => csvName(tier)],
  ["rate_card", ({ cardId, cardVersion }) => csvName(`${cardId} v${cardVersion}`)],
  ["rate_override", ({ overrideId }) => csvName(overrideId ?? "")],
]

export interface CsvView<Row> {
  /** With the byte order mark that spreadsheets ask for. */
  readonly head: string
  readonly rows: (rows: readonly Row[]) => string
}

export const csvViewOf = <Row>(columns: Columns<Row>): CsvView<Row> => ({
  head: `\uFEFF${columns.map(([name]) => name).join(",")}\r\n`,
  rows: (rows) => rows.map((row) => `${columns.map(([, field]) => field(row)).join(",")}\r\n`).join(""),
})

export const jobsCsvView = csvViewOf(jobColumns)
export const linesCsvView = csvViewOf(lineColumns)
