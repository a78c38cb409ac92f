import type {
  AuditView,
  ChainStatus,
  ChainVerification,
  Costs,
  DataUntil,
  Explanation,
  Facets,
  JobDetail,
  JobView,
  LineView,
  Me,
  Money,
  PeriodView,
  Rates,
  ReceiptHeaderView,
  ReceiptView,
  Role,
  Series,
  Summary,
  TenantView,
} from "@hpc-billing/service/api"
import { grants, type PermissionKey, permissions, say } from "@hpc-billing/service/api"

/** Answers as the service gave them for one month of generated jobs, typed by its contract. */
export const dataUntil: DataUntil = { instant: "2026-09-30T16:59:00Z", local: "2026-09-30 23:59", zone: "Asia/Bangkok", late: false }

export const money = (text: string): Money => ({
  amountMinor: text.replaceAll(/[,.]/g, "").replace(/^(-?)0+(?=\d)/, "$1"),
  currency: "THB",
  exponent: 2,
  text,
  decimal: text.replaceAll(",", ""),
})

export const me = (role: Role): Me => ({
  name: role,
  displayName: "Kanya Phromma",
  roles: [role],
  users: role === "researcher" ? ["anan.w"] : [],
  accounts: role === "project-owner" ? ["civil-cfd"] : [],
  tenants: null,
  permissions: (Object.keys(grants[role]) as PermissionKey[]).map((key) => permissions[key].name),
})

export const tenant: TenantView = {
  tenant: "demo",
  nameThai: "ศูนย์ตัวอย่าง",
  nameEnglish: "Sample centre",
  zone: "Asia/Bangkok",
  currency: "THB",
  exponent: 2,
  clusters: ["alpha"],
  currentMonth: "2026-10",
  months: ["2026-09", "2026-08"],
  dataUntil,
}

const change = { before: money("273.09"), difference: money("1,032.25"), percentText: "+378.0 %", direction: "up" } as const

export const job: JobView = {
  usageId: "alpha/101287/1789000000",
  cluster: "alpha",
  jobId: "101287",
  submitSeconds: 1_789_000_000,
  displayJobId: "101287",
  name: "qe-scf",
  user: "anan.w",
  account: "civil-cfd",
  partition: "cpu",
  qos: "normal",
  state: "COMPLETED",
  submittedAt: "2026-09-18T15:00:00Z",
  startedAt: "2026-09-18T15:08:10Z",
  endedAt: "2026-09-18T19:40:00Z",
  elapsedSeconds: 16_310,
  elapsedText: "04:31:50",
  cores: 32,
  gpus: 0,
  memoryMebibytes: 65_536,
  nodes: 1,
  nodeList: "n001",
  exitCode: "0:0",
  charge: money("1,304.80"),
  zeroReason: null,
  provisional: false,
  probablyRunaway: false,
}

export const zeroJob: JobView = {
  ...job,
  usageId: "alpha/101238/1788000000",
  jobId: "101238",
  displayJobId: "101238",
  submitSeconds: 1_788_000_000,
  charge: money("0.00"),
  zeroReason: "zero-seconds",
}

export const pendingJob: JobView = {
  ...job,
  usageId: "alpha/101300/1789100000",
  jobId: "101300",
  displayJobId: "101300",
  charge: null,
  endedAt: null,
}

export const line: LineView = {
  receiptId: "demo/2026-09/co-auto/1",
  receiptNumber: "G2026-000009",
  receiptStatus: "issued",
  month: "2026-09",
  position: 1,
  lineId: "alpha/101287/1789000000/cpu",
  kind: "usage",
  usageId: job.usageId,
  payerId: "co-auto",
  cluster: "alpha",
  account: "civil-cfd",
  user: "anan.w",
  jobId: "101287",
  jobName: "qe-scf",
  partition: "cpu",
  qos: "normal",
  state: "COMPLETED",
  windowStart: "2026-09-18T15:08:10Z",
  windowEnd: "2026-09-18T19:40:00Z",
  sku: "cpu",
  quantity: { decimal: "144.977778", unit: "core-h", text: "144.977778 core-h" },
  unitPrice: "5",
  exactAmount: "724.88889",
  billed: money("724.89"),
  taxCode: null,
  cardId: "private",
  cardVersion: 1,
  cardHash: "839105aed88afa14",
  tier: "Private",
  overrideId: null,
  basis: "allocated",
  zeroReason: null,
  corrects: null,
  provisional: false,
  flags: [],
}

export const jobDetail: JobDetail = {
  job,
  lines: [line, { ...line, lineId: "mem", sku: "mem", billed: money("579.91") }],
  versions: [],
  dataUntil,
}

export const explanation: Explanation = {
  line,
  sentence: "144.977778 core-h x 5 = 724.88889 THB, billed 724.89 of 1305.34",
  steps: [{ code: "job", textEnglish: "Job 101287 of anan.w.", textThai: "งาน 101287 ของ anan.w" }],
  receiptNet: money("1,305.34"),
  receiptGross: money("1,396.71"),
  efficiency: { cpuPermille: 733, memoryPermille: null },
  card: { id: "private", version: 1, hash: "839105aed88afa14", effectiveFrom: "2025-01-01", effectiveUntil: null },
  record: { JobID: "101287" },
  dataUntil,
}

export const summary: Summary = {
  month: "2026-09",
  total: money("1,305.34"),
  change,
  jobs: 2,
  chargedJobs: 1,
  failedJobs: 0,
  failedCost: money("0.00"),
  runningJobs: 0,
  forecast: null,
  status: "billed",
  partial: false,
  dataUntil,
}

export const costs = (by: Costs["by"]): Costs => ({
  month: "2026-09",
  compareMonth: by === "day" ? null : "2026-08",
  by,
  total: money("1,305.34"),
  change: by === "day" ? null : change,
  groups: [
    {
      key: by === "day" ? "2026-09-19" : by === "user" ? "anan.w" : "cpu",
      others: 0,
      amount: money("1,305.34"),
      permille: 1000,
      jobs: 2,
      quantities: [],
      change: by === "day" ? null : change,
    },
  ],
  partial: false,
  dataUntil,
})

export const series: Series = {
  by: "total",
  months: [{ month: "2026-09", total: money("1,305.34"), partial: false }],
  series: [{ key: "", others: 0, amounts: [{ month: "2026-09", ...money("1,305.34") }] }],
  dataUntil,
}

export const facets: Facets = {
  users: ["anan.w"],
  accounts: ["civil-cfd"],
  partitions: ["cpu"],
  states: ["COMPLETED"],
  clusters: ["alpha"],
  dataUntil,
}

export const receiptHeader: ReceiptHeaderView = {
  id: "demo/2026-09/co-auto/1",
  month: "2026-09",
  payerId: "co-auto",
  sequence: 1,
  payerNameThai: "บริษัท ยานยนต์ตัวอย่าง จำกัด",
  payerNameEnglish: "Example Automotive Co., Ltd.",
  status: "issued",
  number: "G2026-000009",
  issuedAt: "2026-10-01T02:00:00Z",
  paidAt: null,
  voidedAt: null,
  voidReason: null,
  net: money("1,305.34"),
  tax: money("91.37"),
  gross: money("1,396.71"),
  due: money("1,396.71"),
  ageDays: 3,
  lineCount: 2,
}

const party = { nameThai: "ศูนย์", nameEnglish: "Centre", addressThai: "", addressEnglish: "", taxId: "0994000158378", branch: "00000" }

export const receipt: ReceiptView = {
  ...receiptHeader,
  zone: "Asia/Bangkok",
  windowStart: "2026-08-31T17:00:00Z",
  windowEnd: "2026-09-30T17:00:00Z",
  issuer: party,
  payer: party,
  tier: "Private",
  taxes: [{ code: "VAT7", ratePercent: "7", basis: "", basisThai: "", net: money("1,305.34"), tax: money("91.37") }],
  paid: null,
  withheld: null,
  balance: money("1,396.71"),
  credited: money("0.00"),
  refunded: money("0.00"),
  writtenOff: money("0.00"),
  creditable: { net: money("1,305.34"), tax: money("91.37") },
  refundable: null,
  creditNotes: [],
  sha256: "b41ebc86ef18",
  bySku: [{ sku: "cpu", unit: "core-h", quantity: "144.977778", billed: money("1,305.34"), lines: 2 }],
  byUser: [{ user: "anan.w", account: "civil-cfd", billed: money("1,305.34"), lines: 2 }],
  findings: [],
  entryIds: ["issue-1"],
  actions: ["pay", "void", "pdf"],
  dataUntil,
}

export const period: PeriodView = {
  month: "2026-09",
  status: "open",
  closedAt: null,
  closedBy: null,
  journalSha256: null,
  entryCount: null,
  debit: null,
  credit: null,
  steps: [
    { step: "ingested", state: "done", blockers: [], ...say("step-ingested", { until: "2026-09-30 23:59" }) },
    {
      step: "posted",
      state: "blocked",
      blockers: [say("blocker-unposted", { receipts: "10", month: "2026-09" })],
      ...say("step-posted-missing", { receipts: "10" }),
    },
  ],
  canClose: false,
  actions: [],
  reopenRequest: null,
  receipts: { draft: 0, issued: 1, paid: 0, void: 0 },
  billed: money("1,396.71"),
  received: money("0.00"),
  due: money("1,396.71"),
  receivables: [{ ageText: "0-30", amount: money("1,396.71"), count: 1 }],
  notPosted: { amount: money("0.00"), count: 0 },
  dataUntil,
}

export const rates: Rates = {
  version: 1,
  publishedAt: "2026-01-01T00:00:00Z",
  currency: "THB",
  zone: "Asia/Bangkok",
  today: "2026-10-05",
  on: "2026-10-05",
  cards: [
    {
      id: "private",
      version: 1,
      title: "Companies",
      tier: "Private",
      effectiveFrom: "2025-01-01",
      effectiveUntil: null,
      standing: "in-force",
      basis: "allocated",
      hash: "839105aed88afa14",
      meters: [{ sku: "cpu", title: "CPU", unit: "core-h", price: "5", counts: "cpu", model: "per-unit", bands: [], tax: null }],
    },
  ],
}

export const chainStatus: ChainStatus = {
  origin: "hpc-billing/demo",
  records: "25",
  epoch: 0,
  link: "bc3f",
  root: "a60f",
  checkpointSequence: "24",
  checkpointAt: "2026-10-01T00:00:00Z",
  unsealed: "1",
}

export const chainVerification: ChainVerification = {
  ok: false,
  records: "25",
  sealedUpTo: "24",
  unsealedTail: "1",
  firstBad: { sequence: "7", fault: "link", reason: "altered" },
  ...say("chain-bad-record", { record: "7", fault: "altered" }),
}

export const auditRecord: AuditView = {
  sequence: "24",
  at: "2026-10-01T02:00:00Z",
  epoch: 0,
  kind: "event",
  action: "receipt.issue",
  actor: "suda",
  requestId: "0763bf6a",
  subject: "demo/2026-09/co-auto/1",
  detail: { number: "G2026-000009" },
  link: "bc3f",
}
