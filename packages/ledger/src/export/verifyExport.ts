import { checkReceipt, parseDecimal, type Receipt, receiptFromJson, rescaleExact } from "@hpc-billing/core"
import { Result } from "effect"
import { readAuditLogHeader, readAuditLogLine } from "../audit/auditLog.ts"
import { fingerprintOf } from "../audit/fingerprintOf.ts"
import { readNote } from "../audit/SignedNote.ts"
import { makeChainVerifier } from "../audit/verifyChain.ts"
import type { Witness } from "../audit/Witness.ts"
import { equalBytes, hex, textOfUtf8 } from "../bytes.ts"
import type { Cryptography } from "../Cryptography.ts"
import { type AccountRoles, type Chart, defaultPolicy } from "../chart/Chart.ts"
import { chartFromJson } from "../chart/chartJson.ts"
import { tieOut } from "../close/tieOut.ts"
import type { Entry } from "../Entry.ts"
import { journalDigest, readCanonicalJournal } from "../journal/canonicalJournal.ts"
import { checkSignatures, type Files, type Find } from "./checkSignatures.ts"
import { readCsv } from "./csv.ts"
import type { ExportTrust } from "./ExportTrust.ts"
import { exportPaths, renderedFiles } from "./ledgerFiles.ts"
import { type ControlTotal, controlTotals, digestListOf, type ExportFile, type Manifest, manifestPaths, rowsOf } from "./Manifest.ts"
import { readManifest } from "./readManifest.ts"

export interface ExportFinding {
  readonly file: string
  /** One sentence: what is wrong. */
  readonly finding: string
}

export interface ExportReport {
  readonly findings: readonly ExportFinding[]
  /** What was not checked, for want of a key or a file. */
  readonly unproven: readonly string[]
}

/** Verifies an export from its files alone: digests, signatures, totals, journal, general ledger, receipts and audit log. */
export const verifyExport = (cryptography: Cryptography, files: readonly ExportFile[], trust: ExportTrust): ExportReport => {
  const findings: ExportFinding[] = []
  const unproven: string[] = []
  const find = (file: string, finding: string): void => {
    findings.push({ file, finding })
  }
  const byPath = new Map(files.map((file) => [file.path, file]))
  const manifestFile = byPath.get(manifestPaths.manifest)
  if (manifestFile === undefined) {
    find(manifestPaths.manifest, "is missing: without it nothing can be verified")
    return { findings, unproven }
  }
  checkSignatures(cryptography, byPath, manifestFile.bytes, trust, find, unproven)
  const manifest = readManifest(manifestFile.bytes)
  if (manifest === null) {
    find(manifestPaths.manifest, "is not a manifest of format hpc-billing/export/1")
    return { findings, unproven }
  }
  checkFiles(cryptography, byPath, manifest, find)
  const entries = checkJournal(cryptography, byPath, manifest, find, unproven)
  for (const file of files) if (file.path.endsWith(".csv")) checkLedgerCsv(file, manifest, find)
  const books = booksOf(byPath)
  if (books === null) find(exportPaths.chart, "is not a chart of accounts in canonical form")
  else if (entries !== null) checkRendered(byPath, manifest, entries, books.chart, find)
  checkReceipts(files, entries, (books ?? defaultPolicy).roles, find)
  checkAuditLog(cryptography, byPath, manifest, trust, find, unproven)
  return { findings, unproven }
}

const checkFiles = (cryptography: Cryptography, files: Files, manifest: Manifest, find: Find): void => {
  const expected = new Set<string>(Object.values(manifestPaths))
  for (const stated of manifest.files) {
    expected.add(stated.path)
    const file = files.get(stated.path)
    if (file === undefined) {
      find(stated.path, "is missing, the manifest lists it")
      continue
    }
    const rows = rowsOf(file)
    if (rows !== stated.rows) find(stated.path, `has ${rows} rows, the manifest says ${stated.rows}`)
    if (file.bytes.length !== stated.bytes) find(stated.path, `has ${file.bytes.length} bytes, the manifest says ${stated.bytes}`)
    else if (hex(cryptography.sha256(file.bytes)) !== stated.sha256)
      find(stated.path, "does not have the SHA-256 that the manifest states: it was changed")
  }
  for (const path of files.keys()) if (!expected.has(path)) find(path, "is not in the manifest")
  const digests = files.get(manifestPaths.digests)
  if (digests === undefined) find(manifestPaths.digests, "is missing")
  else {
    const manifestFile = files.get(manifestPaths.manifest) as ExportFile
    if (textOfUtf8(digests.bytes) !== digestListOf(manifest, hex(cryptography.sha256(manifestFile.bytes))))
      find(manifestPaths.digests, "does not list the digests of the manifest's files")
  }
}

const sameTotals = (left: readonly ControlTotal[], right: readonly ControlTotal[]): boolean => {
  const texts = (totals: readonly ControlTotal[]): string =>
    totals
      .map((total) => [total.currency, total.currencyExponent, total.debitMinor, total.creditMinor, total.entries, total.lines].join(" "))
      .join("\n")
  return texts(left) === texts(right)
}

const checkJournal = (
  cryptography: Cryptography,
  files: Files,
  manifest: Manifest,
  find: Find,
  unproven: string[],
): readonly Entry[] | null => {
  for (const { currency, debitMinor, creditMinor } of manifest.controlTotals) {
    if (debitMinor !== creditMinor)
      find(manifestPaths.manifest, `states debits of ${debitMinor} and credits of ${creditMinor} ${currency} minor units`)
  }
  const file = files.get(exportPaths.journal)
  if (file === undefined) {
    unproven.push(`that totals and general ledger are those of the journal: the export has no ${exportPaths.journal}`)
    return null
  }
  const journal = readCanonicalJournal(textOfUtf8(file.bytes) ?? "\u0000")
  if ("badLine" in journal) {
    find(exportPaths.journal, `line ${journal.badLine} is not an entry in canonical form`)
    return null
  }
  if (journalDigest(cryptography, journal) !== manifest.journalSha256)
    find(exportPaths.journal, "is not the journal whose digest the manifest states")
  if (!sameTotals(controlTotals(journal), manifest.controlTotals))
    find(exportPaths.journal, "does not sum to the manifest's control totals")
  return journal
}

const minorOf = (text: string, exponent: number): bigint | null => {
  if (text === "") return 0n
  const value = parseDecimal(text)
  return value === null || value.scale !== exponent ? null : rescaleExact(value, exponent).units
}

/**
 * Any CSV with the columns debit and credit is a general ledger: it balances entry by entry and sums to the manifest's totals.
 * Without a column of currencies that can be told of an export in one currency only.
 */
const checkLedgerCsv = (file: ExportFile, manifest: Manifest, find: Find): void => {
  const rows = readCsv(textOfUtf8(file.bytes) ?? '"')
  if (rows === null) {
    find(file.path, "is not CSV in UTF-8")
    return
  }
  const [header = [], ...lines] = rows
  const column = (...names: readonly string[]): number => names.map((name) => header.indexOf(name)).find((index) => index !== -1) ?? -1
  const [debitAt, creditAt, currencyAt, entryAt] = [
    column("debit"),
    column("credit"),
    column("currency"),
    column("entry_id", "external_txn_id"),
  ]
  if (debitAt === -1 || creditAt === -1) return
  if (currencyAt === -1 && manifest.controlTotals.length > 1) return
  const stated = new Map(manifest.controlTotals.map((total) => [total.currency, total]))
  const sums = new Map<string, { debitMinor: bigint; creditMinor: bigint; lines: number }>()
  const openEntries = new Map<string, bigint>()
  for (const [index, cells] of lines.entries()) {
    const currency = currencyAt === -1 ? (manifest.controlTotals[0]?.currency ?? "") : (cells[currencyAt] ?? "")
    const exponent = stated.get(currency)?.currencyExponent
    const debitMinor = exponent === undefined ? null : minorOf(cells[debitAt] ?? "?", exponent)
    const creditMinor = exponent === undefined ? null : minorOf(cells[creditAt] ?? "?", exponent)
    if (cells.length !== header.length || debitMinor === null || creditMinor === null) {
      find(file.path, `line ${index + 2} does not have the columns, currency and amounts of its header`)
      return
    }
    const sum = sums.get(currency) ?? { debitMinor: 0n, creditMinor: 0n, lines: 0 }
    sums.set(currency, { debitMinor: sum.debitMinor + debitMinor, creditMinor: sum.creditMinor + creditMinor, lines: sum.lines + 1 })
    const entryId = cells[entryAt] ?? ""
    openEntries.set(entryId, (openEntries.get(entryId) ?? 0n) + debitMinor - creditMinor)
  }
  for (const [entryId, differenceMinor] of openEntries) {
    if (differenceMinor !== 0n) find(file.path, `entry ${entryId} does not balance: debits less credits are ${differenceMinor} minor units`)
  }
  for (const [currency, total] of stated) {
    const sum = sums.get(currency) ?? { debitMinor: 0n, creditMinor: 0n, lines: 0 }
    const ties = sum.debitMinor === BigInt(total.debitMinor) && sum.creditMinor === BigInt(total.creditMinor) && sum.lines === total.lines
    if (!ties) {
      find(
        file.path,
        `sums to ${sum.debitMinor} / ${sum.creditMinor} ${currency} minor units in ${sum.lines} lines, the manifest says ${total.debitMinor} / ${total.creditMinor} in ${total.lines}`,
      )
    }
  }
}

/** The chart of the export and the parts its accounts play; the sample's where the export carries none. */
const booksOf = (files: Files): { readonly chart: Chart; readonly roles: AccountRoles } | null => {
  const file = files.get(exportPaths.chart)
  return file === undefined ? defaultPolicy : chartFromJson(textOfUtf8(file.bytes) ?? "")
}

/** Files that follow from journal and chart are made again and compared to the byte: the first line that differs is named. */
const checkRendered = (files: Files, manifest: Manifest, entries: readonly Entry[], chart: Chart, find: Find): void => {
  const known = new Set(chart.accounts.map(({ id }) => id))
  const stranger = entries.find(({ transfers }) =>
    transfers.some((each) => !known.has(each.debitAccount) || !known.has(each.creditAccount)),
  )
  if (stranger !== undefined) {
    find(exportPaths.journal, `entry ${stranger.id} names an account that the chart does not have`)
    return
  }
  for (const [path, render] of Object.entries(renderedFiles)) {
    const file = files.get(path)
    if (file === undefined) continue
    const made = render(entries, chart, manifest.runId)
    if (equalBytes(made, file.bytes)) continue
    const [expected, found] = [(textOfUtf8(made) ?? "").split("\n"), (textOfUtf8(file.bytes) ?? "").split("\n")]
    const line = expected.findIndex((text, index) => text !== found[index])
    find(path, `line ${(line === -1 ? expected.length : line) + 1} is not what the journal gives`)
  }
}

const receiptPath = /^receipts\/[^/]+\.json$/

const checkReceipts = (files: readonly ExportFile[], entries: readonly Entry[] | null, roles: AccountRoles, find: Find): void => {
  const receipts: Receipt[] = []
  for (const file of files) {
    if (!receiptPath.test(file.path)) continue
    const receipt = readReceipt(file)
    if (Result.isFailure(receipt)) {
      find(file.path, receipt.failure)
      continue
    }
    receipts.push(receipt.success)
    for (const finding of checkReceipt(receipt.success)) find(file.path, finding)
  }
  if (entries === null || receipts.length === 0) return
  const voided = new Set(entries.filter(({ source }) => source.kind === "void").map(({ source }) => source.receiptId))
  const standing = receipts.map((receipt) => (voided.has(receipt.id) ? asVoid(receipt) : receipt))
  for (const finding of tieOut(standing, entries, roles)) find(exportPaths.journal, finding.text)
}

/** A document says what was issued; that it was voided since stands in the journal alone. */
const asVoid = (receipt: Receipt): Receipt =>
  receipt.status.kind === "issued"
    ? { ...receipt, status: { ...receipt.status, kind: "void", voidedAtSeconds: receipt.status.issuedAtSeconds, reason: "" } }
    : receipt

const readReceipt = (file: ExportFile): Result.Result<Receipt, string> => {
  try {
    return receiptFromJson(JSON.parse(textOfUtf8(file.bytes) ?? ""))
  } catch {
    return Result.fail("is not JSON in UTF-8")
  }
}

const checkAuditLog = (
  cryptography: Cryptography,
  files: Files,
  manifest: Manifest,
  trust: ExportTrust,
  find: Find,
  unproven: string[],
): void => {
  const file = files.get(exportPaths.auditLog)
  if (file === undefined) {
    unproven.push(`the audit chain: the export has no ${exportPaths.auditLog}`)
    return
  }
  const lines = (textOfUtf8(file.bytes) ?? "").split("\n")
  const header = readAuditLogHeader(lines[0] ?? "")
  if (header === null || lines.pop() !== "") {
    find(exportPaths.auditLog, "does not begin with the header of an audit log, or ends within a line")
    return
  }
  if (trust.chain === undefined) unproven.push("whose audit chain it is: no fingerprint of its first key was given")
  if (trust.chain?.macKey === undefined) unproven.push("the tags of the audit chain: its MAC key was not given")
  const { macKey, witness } = trust.chain ?? {}
  const verifier = makeChainVerifier(cryptography, {
    ...header,
    publicKeyFingerprint: trust.chain?.publicKeyFingerprint ?? fingerprintOf(cryptography, header.publicKey),
    ...(macKey === undefined ? {} : { macKey }),
    ...(witness === undefined ? {} : { witness: upTo(witness, BigInt(manifest.chain.size)) }),
  })
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue
    const record = readAuditLogLine(line, header.chain)
    if (record === null) {
      find(exportPaths.auditLog, `line ${index + 1} is not a record in canonical form`)
      return
    }
    verifier.push(record)
  }
  const report = verifier.finish()
  if (report.firstBad !== null) {
    find(exportPaths.auditLog, report.firstBad.reason)
    return
  }
  const { size, link, origin, epoch } = manifest.chain
  const same = report.size.toString() === size && hex(report.head.link) === link && origin === header.origin && report.epoch === epoch
  if (!same)
    find(exportPaths.auditLog, `ends at record ${report.size} of ${header.origin}, the manifest was taken at record ${size} of ${origin}`)
}

/** An export holds the chain as it was then; what the witness saw later says nothing against it. */
const upTo = (witness: Witness, size: bigint): Witness => ({
  heads: witness.heads.filter(({ sequence }) => sequence <= size),
  notes: witness.notes.filter((note) => (readNote(note)?.size ?? 0n) <= size),
})
