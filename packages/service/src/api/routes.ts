/**
 * Every route of the service by group and name: the contract builds its endpoints from these paths, the client calls them,
 * access control is a table over the same names. `null` asks for no sign-in; `"signed-in"` for no permission beyond it.
 */
import type { PermissionKey } from "./permissions.ts"

export interface Route {
  readonly method: "GET" | "POST"
  readonly path: `/${string}`
  readonly permission: PermissionKey | "signed-in" | null
}

const tenant = "/v1/tenants/:tenant"
const project = `${tenant}/prepaid/:project` as const
const receipt = `${tenant}/receipts/:month/:payer/:sequence` as const

export const routes = {
  system: {
    health: { method: "GET", path: "/health", permission: null },
    ready: { method: "GET", path: "/ready", permission: null },
  },
  session: {
    me: { method: "GET", path: "/v1/me", permission: "signed-in" },
    tenants: { method: "GET", path: "/v1/tenants", permission: "signed-in" },
  },
  usage: {
    jobs: { method: "GET", path: `${tenant}/jobs`, permission: "usageRead" },
    jobsCsv: { method: "GET", path: `${tenant}/jobs.csv`, permission: "usageRead" },
    job: { method: "GET", path: `${tenant}/jobs/:cluster/:jobId/:submitSeconds`, permission: "usageRead" },
    lines: { method: "GET", path: `${tenant}/lines`, permission: "usageRead" },
    linesCsv: { method: "GET", path: `${tenant}/lines.csv`, permission: "usageRead" },
    explain: { method: "GET", path: `${tenant}/explanation`, permission: "usageRead" },
    summary: { method: "GET", path: `${tenant}/summary`, permission: "usageRead" },
    costs: { method: "GET", path: `${tenant}/costs`, permission: "usageRead" },
    series: { method: "GET", path: `${tenant}/series`, permission: "usageRead" },
    facets: { method: "GET", path: `${tenant}/facets`, permission: "usageRead" },
    estimate: { method: "POST", path: `${tenant}/estimate`, permission: "usageRead" },
  },
  payers: {
    payers: { method: "GET", path: `${tenant}/payers`, permission: "payerRead" },
    accounts: { method: "GET", path: `${tenant}/accounts`, permission: "usageRead" },
    unmapped: { method: "GET", path: `${tenant}/unmapped`, permission: "periodRead" },
    publish: { method: "POST", path: `${tenant}/payers`, permission: "payerPublish" },
  },
  receipts: {
    list: { method: "GET", path: `${tenant}/receipts`, permission: "receiptRead" },
    get: { method: "GET", path: receipt, permission: "receiptRead" },
    byNumber: { method: "GET", path: `${tenant}/receipt-numbers/:number`, permission: "receiptRead" },
    pdf: { method: "GET", path: `${receipt}/pdf`, permission: "receiptRead" },
    preview: { method: "GET", path: `${tenant}/receipts-preview`, permission: "receiptWrite" },
    issue: { method: "POST", path: `${tenant}/receipts`, permission: "receiptWrite" },
    pay: { method: "POST", path: `${receipt}/pay`, permission: "receiptWrite" },
    void: { method: "POST", path: `${receipt}/void`, permission: "receiptWrite" },
    credit: { method: "POST", path: `${receipt}/credit`, permission: "receiptWrite" },
    refund: { method: "POST", path: `${receipt}/refund`, permission: "receiptWrite" },
    writeOff: { method: "POST", path: `${receipt}/write-off`, permission: "receiptWrite" },
  },
  creditNotes: {
    pdf: { method: "GET", path: `${tenant}/credit-notes/:number/pdf`, permission: "receiptRead" },
  },
  prepaid: {
    list: { method: "GET", path: `${tenant}/prepaid`, permission: "receiptRead" },
    get: { method: "GET", path: project, permission: "receiptRead" },
    history: { method: "GET", path: `${project}/history`, permission: "receiptRead" },
    topUp: { method: "POST", path: `${project}/top-up`, permission: "receiptWrite" },
    hold: { method: "POST", path: `${project}/hold`, permission: "receiptWrite" },
    release: { method: "POST", path: `${project}/release`, permission: "receiptWrite" },
  },
  reports: {
    trialBalance: { method: "GET", path: `${tenant}/reports/trial-balance`, permission: "journalRead" },
    trialBalanceCsv: { method: "GET", path: `${tenant}/reports/trial-balance.csv`, permission: "journalRead" },
    incomeStatement: { method: "GET", path: `${tenant}/reports/income-statement`, permission: "journalRead" },
    incomeStatementCsv: { method: "GET", path: `${tenant}/reports/income-statement.csv`, permission: "journalRead" },
    balanceSheet: { method: "GET", path: `${tenant}/reports/balance-sheet`, permission: "journalRead" },
    balanceSheetCsv: { method: "GET", path: `${tenant}/reports/balance-sheet.csv`, permission: "journalRead" },
    // of the caller's own payers, where they reach no more
    receivables: { method: "GET", path: `${tenant}/reports/receivables`, permission: "receiptRead" },
    receivablesCsv: { method: "GET", path: `${tenant}/reports/receivables.csv`, permission: "receiptRead" },
    statement: { method: "GET", path: `${tenant}/reports/statement`, permission: "receiptRead" },
    statementCsv: { method: "GET", path: `${tenant}/reports/statement.csv`, permission: "receiptRead" },
  },
  journal: {
    entries: { method: "GET", path: `${tenant}/journal/entries`, permission: "journalRead" },
    trialBalance: { method: "GET", path: `${tenant}/journal/trial-balance`, permission: "journalRead" },
    preview: { method: "GET", path: `${tenant}/journal/preview`, permission: "journalRead" },
    post: { method: "POST", path: `${tenant}/journal/entries`, permission: "journalPost" },
  },
  periods: {
    list: { method: "GET", path: `${tenant}/periods`, permission: "periodRead" },
    get: { method: "GET", path: `${tenant}/periods/:month`, permission: "periodRead" },
    fates: { method: "GET", path: `${tenant}/periods/:month/fates`, permission: "periodRead" },
    close: { method: "POST", path: `${tenant}/periods/:month/close`, permission: "periodClose" },
    requestReopen: { method: "POST", path: `${tenant}/periods/:month/reopen-request`, permission: "periodReopen" },
    reopen: { method: "POST", path: `${tenant}/periods/:month/reopen`, permission: "periodReopen" },
    impair: { method: "POST", path: `${tenant}/periods/:month/impairment`, permission: "journalPost" },
  },
  exports: {
    list: { method: "GET", path: `${tenant}/exports`, permission: "exportRead" },
    create: { method: "POST", path: `${tenant}/exports`, permission: "exportCreate" },
    files: { method: "GET", path: `${tenant}/exports/:exportId/files`, permission: "exportRead" },
    file: { method: "GET", path: `${tenant}/exports/:exportId/files/:name`, permission: "exportRead" },
    verify: { method: "GET", path: `${tenant}/exports/:exportId/verification`, permission: "exportRead" },
  },
  rates: {
    current: { method: "GET", path: `${tenant}/rates`, permission: "rateRead" },
    versions: { method: "GET", path: `${tenant}/rates/versions`, permission: "rateRead" },
    document: { method: "GET", path: `${tenant}/rates/document`, permission: "rateRead" },
    tiers: { method: "GET", path: `${tenant}/rates/tiers`, permission: "ratePlan" },
    check: { method: "POST", path: `${tenant}/rates/check`, permission: "ratePlan" },
    plan: { method: "POST", path: `${tenant}/rates/plan`, permission: "ratePlan" },
    publish: { method: "POST", path: `${tenant}/rates`, permission: "ratePublish" },
    addOverride: { method: "POST", path: `${tenant}/rates/overrides`, permission: "ratePublish" },
    endOverride: { method: "POST", path: `${tenant}/rates/overrides/:overrideId/end`, permission: "ratePublish" },
  },
  formulas: {
    get: { method: "GET", path: `${tenant}/formulas/:tier`, permission: "rateRead" },
    set: { method: "POST", path: `${tenant}/formulas/:tier`, permission: "ratePublish" },
  },
  audit: {
    list: { method: "GET", path: `${tenant}/audit`, permission: "auditRead" },
    status: { method: "GET", path: `${tenant}/audit/status`, permission: "auditRead" },
    verify: { method: "GET", path: `${tenant}/audit/verification`, permission: "auditRead" },
  },
  dashboard: {
    kpis: { method: "GET", path: `${tenant}/kpis`, permission: "dashboardRead" },
  },
  ingest: {
    runs: { method: "GET", path: `${tenant}/ingest/runs`, permission: "ingestRead" },
    rejections: { method: "GET", path: `${tenant}/ingest/rejections`, permission: "ingestRead" },
    sacct: { method: "POST", path: `${tenant}/ingest/sacct`, permission: "ingestRun" },
  },
} as const satisfies Record<string, Record<string, Route>>
