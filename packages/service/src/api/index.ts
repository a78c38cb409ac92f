export * from "./Api.ts"
export * from "./ApiProblem.ts"
export type {
  EntryView,
  ExportView,
  FatesView,
  FateView,
  FileView,
  JournalPreview,
  PeriodHeaderView,
  PeriodView,
  TrialBalanceView,
} from "./groups/books.ts"
export type { AuditView, ChainStatus, ChainVerification, IngestRunView, Kpis, RejectionView } from "./groups/oversight.ts"
export type { AccountView, PayerView, Unmapped } from "./groups/payers.ts"
export type { PrepaidAccountView, PrepaidChangeView, PrepaidView } from "./groups/prepaid.ts"
export type {
  CardView,
  DocumentProblem,
  Formula,
  MeterView,
  OverrideView,
  PublishAnswer,
  RatePlan,
  Rates,
  TiersView,
} from "./groups/rates.ts"
export type { Billed, BillingPreview, ReceiptHeaderView, ReceiptView } from "./groups/receipts.ts"
export type { BalanceSheetReport, IncomeReport, ReceivablesReport, StatementReport, TrialBalanceReport } from "./groups/reports.ts"
export type { Me, TenantView } from "./groups/session.ts"
export type {
  CostGroup,
  Costs,
  Dimension,
  EstimateAnswer,
  Explanation,
  Facets,
  JobDetail,
  JobView,
  LineView,
  Series,
  Summary,
} from "./groups/usage.ts"
export * from "./Identity.ts"
export * from "./makeClient.ts"
export * from "./permissions.ts"
export * from "./problems.ts"
export * from "./routes.ts"
export { type Finding, type Sentence, type SentenceCode, type SentenceParameters, say, sentences } from "./sentences.ts"
export type { Change, DataUntil, Money, Quantity } from "./values.ts"
