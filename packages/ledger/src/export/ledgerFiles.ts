import { utf8 } from "../bytes.ts"
import type { AccountRoles, Chart } from "../chart/Chart.ts"
import { chartToJson } from "../chart/chartJson.ts"
import type { Entry } from "../Entry.ts"
import { canonicalJournal, inJournalOrder } from "../journal/canonicalJournal.ts"
import { beancountJournal } from "./beancountJournal.ts"
import { elevenColumnProfile, type GeneralLedgerProfile, generalLedgerCsv, genericProfile } from "./generalLedgerCsv.ts"
import { hledgerJournal } from "./hledgerJournal.ts"
import { ledgerJournal } from "./ledgerJournal.ts"
import type { ExportFile } from "./Manifest.ts"

/** Names under which an export carries its journal, chart, general ledger and audit log, so that they are checked as such. */
export const exportPaths = {
  journal: "journal.jsonl",
  chart: "chart.json",
  generalLedger: "general-ledger.csv",
  auditLog: "audit-log.jsonl",
} as const

type Render = (entries: readonly Entry[], chart: Chart, batchId: string) => Uint8Array

const ledgerCsv =
  (profile: GeneralLedgerProfile, csv: "machine" | "spreadsheet" = "machine"): Render =>
  (entries, chart, batchId) =>
    generalLedgerCsv(entries, { chart, batchId, profile, csv })

/** Every file that follows from journal and chart alone, by its path. */
export const renderedFiles: Readonly<Record<string, Render>> = {
  [exportPaths.generalLedger]: ledgerCsv(genericProfile),
  "general-ledger-11.csv": ledgerCsv(elevenColumnProfile),
  "general-ledger-spreadsheet.csv": ledgerCsv(genericProfile, "spreadsheet"),
  "journal.hledger": (entries, chart) => utf8(hledgerJournal(entries, chart)),
  "journal.ledger": (entries, chart) => utf8(ledgerJournal(entries, chart)),
  "journal.beancount": (entries, chart) => utf8(beancountJournal(entries, chart)),
}

/** The journal of an export in every form: canonical, general ledgers, plain-text accounting; and its chart of accounts. */
export const ledgerFiles = (
  entries: readonly Entry[],
  options: { readonly chart: Chart; readonly roles?: AccountRoles; readonly batchId: string },
): readonly ExportFile[] => {
  const ordered = inJournalOrder(entries)
  return [
    { path: exportPaths.journal, bytes: canonicalJournal(ordered) },
    { path: exportPaths.chart, bytes: utf8(chartToJson(options.chart, options.roles)) },
    ...Object.entries(renderedFiles).map(([path, render]) => ({ path, bytes: render(ordered, options.chart, options.batchId) })),
  ]
}
