import type { JobRecord, Payer, Receipt, ReceiptLine, ReceiptStatus } from "@hpc-billing/core"
import type { AuditEvent, Entry, Period } from "@hpc-billing/ledger"

/** Small valid values that tests change where they matter. Times are in October 2026, UTC. */
export const octoberStartSeconds = 1_790_812_800
export const octoberEndSeconds = 1_793_491_200

export const sampleRecord = (number: number, change: Partial<JobRecord> = {}): JobRecord => ({
  cluster: "ci",
  jobId: String(number),
  submitSeconds: octoberStartSeconds + number,
  displayJobId: String(number),
  name: `งาน|${number}`,
  user: `user${number % 5}`,
  account: `account${number % 3}`,
  partition: number % 2 === 0 ? "cpu" : "gpu",
  qos: "normal",
  reservation: "",
  wckey: "",
  state: "COMPLETED",
  eligibleSeconds: octoberStartSeconds + number,
  startSeconds: octoberStartSeconds + number + 10,
  endSeconds: octoberStartSeconds + number + 3_610,
  elapsedSeconds: 3_600,
  suspendedSeconds: 0,
  suspendedWindows: null,
  requested: { cpu: 4, mem: 4_096, node: 1 },
  allocated: { cpu: 4, mem: 4_096, node: 1, billing: 4 },
  nodeList: "n1",
  exitCode: "0:0",
  derivedExitCode: "0:0",
  timeLimitSeconds: 7_200,
  energyJoules: 9_007_199_254_740_993n,
  consumedCpuMilliseconds: 3_000_000,
  consumedMemoryBytesMaximum: 1_000_000_000,
  ...change,
})

export const samplePayer: Payer = {
  id: "physics",
  nameThai: "ภาควิชาฟิสิกส์",
  nameEnglish: "Department of Physics",
  addressThai: "ขอนแก่น",
  addressEnglish: "Khon Kaen",
  taxId: "0994000000000",
  branch: "00000",
  tier: "mu",
  taxTreatment: { kind: "taxable", code: "VAT7", ratePercent: "7" },
}

export const sampleLine = (number: number, change: Partial<ReceiptLine> = {}): ReceiptLine => ({
  id: `line-${number}`,
  kind: "usage",
  usageId: `ci/${number}/${octoberStartSeconds + number}`,
  payerId: samplePayer.id,
  cluster: "ci",
  account: `account${number % 3}`,
  user: `user${number % 5}`,
  jobId: String(number),
  jobName: `งาน|${number}`,
  partition: "cpu",
  qos: "normal",
  state: "COMPLETED",
  window: { startSeconds: octoberStartSeconds, endSeconds: octoberStartSeconds + 3_600 },
  sku: "cpu",
  quantity: { units: 4_000n, scale: 3 },
  unit: "core-h",
  unitPrice: { units: 25n, scale: 2 },
  amount: { units: 100_000n, scale: 5 },
  currency: "THB",
  rate: { cardId: "card", cardVersion: 1, cardHash: "00", tier: "mu", overrideId: null, basis: "allocated" },
  zeroReason: null,
  corrects: null,
  provisional: false,
  flags: [],
  billedMinor: 100n,
  ...change,
})

export const sampleReceipt = (tenant: string, sequence: number, status: ReceiptStatus, lines: readonly ReceiptLine[]): Receipt => {
  const netMinor = lines.reduce((sum, line) => sum + line.billedMinor, 0n)
  const taxMinor = (netMinor * 7n) / 100n
  return {
    id: `${tenant}/2026-10/${samplePayer.id}/${sequence}`,
    tenant,
    month: "2026-10",
    zone: "UTC",
    window: { startSeconds: octoberStartSeconds, endSeconds: octoberEndSeconds },
    issuer: {
      nameThai: "ศูนย์",
      nameEnglish: "Centre",
      addressThai: "",
      addressEnglish: "",
      taxId: "0994000000001",
      branch: "00000",
    },
    payer: samplePayer,
    currency: { code: "THB", exponent: 2 },
    lines,
    taxes: [{ code: "VAT7", ratePercent: "7", basis: "", netMinor, taxMinor }],
    netMinor,
    taxMinor,
    grossMinor: netMinor + taxMinor,
    status,
  }
}

export const sampleEvent = (subject: string, change: Partial<AuditEvent> = {}): AuditEvent => ({
  action: "test",
  actor: "tester",
  requestId: "request-1",
  subject,
  detail: {},
  ...change,
})

export const openPeriod = (tenant: string, month = "2026-10"): Period => ({
  tenant,
  month,
  zone: "UTC",
  window: { startSeconds: octoberStartSeconds, endSeconds: octoberEndSeconds },
  status: { kind: "open" },
})

export const sampleEntry = (tenant: string, id: string, amountMinor: bigint, change: Partial<Entry> = {}): Entry => ({
  id,
  tenant,
  effectiveDate: "2026-10-31",
  month: "2026-10",
  currency: "THB",
  currencyExponent: 2,
  memo: "งาน",
  source: { kind: "accrual", receiptId: null, receiptNumber: null },
  transfers: [{ debitAccount: "1150", creditAccount: "4000", amountMinor, payerId: samplePayer.id, memo: "" }],
  reverses: null,
  ...change,
})
