import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { nodeCryptography as cryptography } from "../../service/src/crypto/nodeCryptography.ts"
import {
  type AuditRecord,
  appendRecords,
  type ChainHead,
  canonicalJournal,
  defaultChart,
  type Entry,
  type ExportFile,
  exportPaths,
  generalLedgerCsv,
  genericProfile,
  hledgerJournal,
  inJournalOrder,
  ledgerFiles,
  ledgerJournal,
  makeChainVerifier,
  readCanonicalJournal,
  signExport,
  trialBalance,
} from "../src/index.ts"
import { eventOf, grow, macKey, publicKey, seedOf, trust } from "../test/chains.ts"
import { yearOfEntries } from "../test/year.ts"

/** Rows a second of the pure ledger, of processor time, beside a hash probe and the `ledger` program on the same machine in the same run. */
const seconds = (body: () => void): number => {
  const started = performance.now()
  body()
  return (performance.now() - started) / 1000
}

/** Of this process: what other work on the machine takes does not count. */
const processorSeconds = (body: () => void): number => {
  const started = process.cpuUsage()
  body()
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1_000_000
}
const rate = (count: number, elapsedSeconds: number): string => `${Math.round(count / elapsedSeconds).toLocaleString("en")}/s`
const say = (what: string, text: string): void => console.log(`${what.padEnd(58)} ${text}`)

const probe = (): number => {
  const bytes = new Uint8Array(200)
  return (
    1_000_000 /
    processorSeconds(() => {
      for (let index = 0; index < 1_000_000; index += 1) cryptography.sha256(bytes)
    })
  )
}

const hashes = probe()
say("probe: SHA-256 of 200 bytes", rate(hashes, 1))

const chainRows = Number(process.argv[2] ?? 300_000)
const keys = { epoch: 0, macKey, signingSeed: seedOf(0) }
const verifier = makeChainVerifier(cryptography, trust)
let head: ChainHead = grow([]).head
let appendSeconds = 0
let verifySeconds = 0
let rows = 0
let peakMebibytes = 0
const events = Array.from({ length: 1_000 }, (_, index) => eventOf(index))
while (rows < chainRows) {
  let records: readonly AuditRecord[] = []
  appendSeconds += processorSeconds(() => {
    const appended = appendRecords(cryptography, head, events, keys, 1_793_000_000_000_000n)
    records = appended.records
    head = appended.head
  })
  verifySeconds += processorSeconds(() => {
    for (const record of records) verifier.push(record)
  })
  rows += records.length
  peakMebibytes = Math.max(peakMebibytes, process.memoryUsage().rss / 2 ** 20)
}
if (!verifier.finish().ok || publicKey.length !== 32) throw new Error("the bench's chain does not verify")
say(`chain: append ${rows.toLocaleString("en")} records`, rate(rows, appendSeconds))
say(
  "chain: verify, full keys",
  `${rate(rows, verifySeconds)}, ${(hashes / (rows / verifySeconds)).toFixed(1)} hashes of the probe a record, peak ${Math.round(peakMebibytes)} MiB`,
)

const { entries } = yearOfEntries(37_000, 20_261_122)
let journal: Uint8Array = new Uint8Array()
say(
  `journal: ${entries.length.toLocaleString("en")} entries to canonical text`,
  rate(
    entries.length,
    processorSeconds(() => (journal = canonicalJournal(entries))),
  ),
)
const ours = seconds(() => {
  const read = readCanonicalJournal(new TextDecoder().decode(journal))
  if ("badLine" in read) throw new Error("the bench's journal does not read")
  trialBalance(read, defaultChart)
})
say("journal: read and balance", `${ours.toFixed(2)} s`)

const folder = mkdtempSync(join(tmpdir(), "bench-ledger-"))
try {
  writeFileSync(join(folder, "x.ledger"), ledgerJournal(entries, defaultChart))
  writeFileSync(join(folder, "x.journal"), hledgerJournal(entries, defaultChart))
  for (const [program, options] of [
    ["ledger", ["-f", "x.ledger", "balance"]],
    ["hledger", ["-f", "x.journal", "balance"]],
  ] as const) {
    if (spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0) say(`${program}: load and balance`, "not installed")
    else {
      const theirs = seconds(() => execFileSync(program, options, { cwd: folder, stdio: "ignore" }))
      say(`${program}: load and balance the same journal`, `${theirs.toFixed(2)} s, ours is ${(theirs / ours).toFixed(1)} times as fast`)
    }
  }
} finally {
  rmSync(folder, { recursive: true })
}

const options = { chart: defaultChart, batchId: "bench" }
const sign = (files: readonly ExportFile[], ordered: readonly Entry[]) =>
  signExport(cryptography, {
    tenant: "mu",
    period: "2026",
    runId: "bench",
    createdAtSeconds: 0,
    entries: ordered,
    files,
    head,
    signingSeed: seedOf(1),
    hmacKey: macKey,
  })

/** A line is a line of a file: of a CSV its rows, of a journal its transactions, postings and comments. */
const measureExport = (what: string, filesOf: (ordered: readonly Entry[]) => readonly ExportFile[]): void => {
  let files: readonly ExportFile[] = []
  const exportSeconds = processorSeconds(() => {
    const ordered = inJournalOrder(entries)
    files = filesOf(ordered)
    sign(files, ordered)
  })
  const lines = files.reduce((sum, { bytes }) => sum + bytes.reduce((found, byte) => (byte === 0x0a ? found + 1 : found), 0), 0)
  const written = mkdtempSync(join(tmpdir(), "bench-export-"))
  const probeSeconds = processorSeconds(() => {
    for (const [index, { bytes }] of files.entries()) {
      writeFileSync(join(written, String(index)), bytes)
      cryptography.sha256(bytes)
    }
  })
  rmSync(written, { recursive: true })
  const ratio = (exportSeconds / probeSeconds).toFixed(1)
  say(
    `export: ${what}`,
    `${lines.toLocaleString("en")} lines at ${rate(lines, exportSeconds)}, ${ratio} times what writing and hashing its bytes takes`,
  )
}
measureExport("general ledger with signed manifest", (ordered) => [
  { path: exportPaths.generalLedger, bytes: generalLedgerCsv(ordered, { ...options, profile: genericProfile, csv: "machine" }) },
])
measureExport("every file of the journal with signed manifest", (ordered) => ledgerFiles(ordered, options))
