import { canonicalJson, type Receipt, receiptToJson } from "@hpc-billing/core"
import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cryptography, grow, macKey, origin, publicKey, seedOf, trust } from "../../test/chains.ts"
import { issuedOf, payerOf } from "../../test/receipts.ts"
import { auditLogText } from "../audit/auditLog.ts"
import type { ChainHead } from "../audit/ChainHead.ts"
import { fingerprintOf } from "../audit/fingerprintOf.ts"
import { signNote } from "../audit/SignedNote.ts"
import { readWitness, type Witness, witnessLineOfCheckpoint, witnessLineOfHead } from "../audit/Witness.ts"
import { base64, bytesOfBase64, hex, textOfUtf8, utf8 } from "../bytes.ts"
import { defaultPolicy } from "../chart/Chart.ts"
import { chartToJson } from "../chart/chartJson.ts"
import { deriveEntries } from "../derive/deriveEntries.ts"
import { previewJournal } from "../derive/previewJournal.ts"
import type { ExportTrust } from "./ExportTrust.ts"
import { exportPaths, ledgerFiles } from "./ledgerFiles.ts"
import { type ExportFile, signExport } from "./Manifest.ts"
import { verifyExport } from "./verifyExport.ts"

const receipts = [issuedOf(payerOf("p1"), [10_000n]), issuedOf(payerOf("p2", false), [500n, -900n])]
const { entries } = Result.getOrThrow(
  previewJournal(
    cryptography,
    receipts.flatMap((receipt) => [
      { kind: "accrued", receipt, month: receipt.month } as const,
      { kind: "issued", receipt, month: receipt.month } as const,
    ]),
    defaultPolicy,
  ),
)
const { records, head } = grow([3, "checkpoint", 2, "rotate", 2, "checkpoint"])
const hmacKey = new Uint8Array(32).fill(9)
const signingSeed = seedOf(50)

type Run = Parameters<typeof signExport>[1]

const sign = (files: readonly ExportFile[], change: Partial<Run> = {}): ReturnType<typeof signExport> =>
  signExport(cryptography, {
    tenant: "mu",
    period: "2026-10",
    runId: "run-1",
    createdAtSeconds: 1_793_500_000,
    entries,
    head,
    signingSeed,
    hmacKey,
    files,
    ...change,
  })
const signed = sign([
  ...ledgerFiles(entries, { chart: defaultPolicy.chart, batchId: "run-1" }),
  { path: exportPaths.auditLog, bytes: utf8(auditLogText({ chain: 1, origin, publicKey }, records)) },
  ...receipts.map((receipt, index) => ({ path: `receipts/${index}.json`, bytes: utf8(canonicalJson(receiptToJson(receipt))) })),
])
const fullTrust: ExportTrust = {
  publicKeyFingerprint: fingerprintOf(cryptography, cryptography.ed25519PublicKey(signingSeed)),
  hmacKey,
  chain: { publicKeyFingerprint: trust.publicKeyFingerprint, macKey },
}
const verify = (files: readonly ExportFile[], by: ExportTrust = fullTrust): ReturnType<typeof verifyExport> =>
  verifyExport(cryptography, files, by)
const filesFound = (files: readonly ExportFile[], by: ExportTrust = fullTrust): readonly string[] =>
  verify(files, by).findings.map(({ file }) => file)
const change = (path: string, edit: (text: string) => string): readonly ExportFile[] =>
  signed.files.map((file) => (file.path === path ? { path, bytes: utf8(edit(textOfUtf8(file.bytes) as string)) } : file))

/** The same change by someone who also holds the keys: signed again, so that only what the files say can give it away. */
const resigned = (path: string, edit: (text: string) => string): readonly ExportFile[] =>
  sign(change(path, edit).filter(({ path: of }) => signed.manifest.files.some((stated) => stated.path === of))).files

test("an honest export verifies and leaves nothing unproven; without keys it says what is unproven", () => {
  expect(verify(signed.files)).toEqual({ findings: [], unproven: [] })
  const blind = verify(signed.files, {})
  expect(blind.findings).toEqual([])
  expect(blind.unproven).toHaveLength(4)
})

test("I9: the same run gives the same bytes", () => {
  expect(resigned("x", (text) => text)).toEqual(signed.files)
})

test("an empty month and one in two currencies verify too", () => {
  const dollars = entries.map((entry) => ({ ...entry, id: `usd/${entry.id}`, currency: "USD" }))
  const credits = entries.map((entry) => ({ ...entry, id: `su/${entry.id}`, currency: "SU", currencyExponent: 0 }))
  for (const journal of [[], [...dollars, ...credits]]) {
    const { files } = signExport(cryptography, {
      tenant: "mu",
      period: "2026-10",
      runId: "r",
      createdAtSeconds: 0,
      entries: journal,
      head,
      signingSeed,
      hmacKey,
      files: ledgerFiles(journal, { chart: defaultPolicy.chart, batchId: "r" }),
    })
    expect(verify(files).findings).toEqual([])
  }
})

test("I15: control totals are the journal's", () => {
  expect(signed.manifest.controlTotals).toEqual([
    { currency: "THB", currencyExponent: 2, debitMinor: "21500", creditMinor: "21500", entries: 4, lines: 9 },
  ])
})

test("one flipped byte in any file is found, and the file is named", () => {
  fc.assert(
    fc.property(fc.nat(signed.files.length - 1), fc.nat(), fc.integer({ min: 1, max: 255 }), (at, place, flip) => {
      const file = signed.files[at] as ExportFile
      const bytes = Uint8Array.from(file.bytes)
      bytes[place % bytes.length] = (bytes[place % bytes.length] as number) ^ flip
      expect(filesFound(signed.files.with(at, { path: file.path, bytes }))).toContain(file.path)
    }),
    { numRuns: 300 },
  )
})

test("a manifest with a misspelt field is named and read no further", () => {
  expect(filesFound(change("manifest.json", (text) => text.replace('"debitMinor"', '"debitLinor"')))).toContain("manifest.json")
})

test("whatever byte of whatever file is changed and signed anew, the verifier answers and does not throw", () => {
  const own = signed.manifest.files.map(({ path }) => path)
  fc.assert(
    fc.property(fc.constantFrom(...own), fc.nat(), fc.integer({ min: 32, max: 126 }), (path, place, code) => {
      const at = (text: string): number => place % text.length
      expect(
        Array.isArray(
          verify(resigned(path, (text) => text.slice(0, at(text)) + String.fromCharCode(code) + text.slice(at(text) + 1))).findings,
        ),
      ).toBe(true)
    }),
    { numRuns: 100 },
  )
})

test("a manifest changed anywhere is named, and the verifier does not throw", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 32, max: 126 }), (place, code) => {
      const edit = (text: string): string =>
        text.slice(0, place % text.length) + String.fromCharCode(code) + text.slice((place % text.length) + 1)
      const files = change("manifest.json", edit)
      const same = files.every((file, index) => textOfUtf8(file.bytes) === textOfUtf8(signed.files[index]?.bytes ?? new Uint8Array()))
      expect(same || filesFound(files).includes("manifest.json")).toBe(true)
    }),
  )
})

test.each(signed.files.map(({ path }) => path))("a missing %s is named", (path) => {
  expect(filesFound(signed.files.filter((file) => file.path !== path))).toContain(path)
})

test("a file too many is named", () => {
  expect(filesFound([...signed.files, { path: "extra.csv", bytes: new Uint8Array() }])).toEqual(["extra.csv"])
})

test("a dropped last line of the CSV is named", () => {
  const dropped = change(exportPaths.generalLedger, (text) => `${text.trimEnd().split("\r\n").slice(0, -1).join("\r\n")}\r\n`)
  expect(
    verify(dropped)
      .findings.map(({ finding }) => finding)
      .join("\n"),
  ).toMatch(/has 8 rows, the manifest says 9/)
})

test("wrong keys are told apart", () => {
  expect(filesFound(signed.files, { ...fullTrust, publicKeyFingerprint: hex(new Uint8Array(32)) })).toEqual(["pub.pem"])
  expect(filesFound(signed.files, { ...fullTrust, hmacKey: new Uint8Array(32) })).toEqual(["manifest.json.hmac"])
  expect(filesFound(signed.files, { ...fullTrust, chain: { publicKeyFingerprint: hex(new Uint8Array(32)) } })).toEqual([
    exportPaths.auditLog,
  ])
  expect(filesFound(signed.files, { ...fullTrust, chain: { publicKeyFingerprint: trust.publicKeyFingerprint, macKey: hmacKey } })).toEqual([
    exportPaths.auditLog,
  ])
})

describe("a change signed with the right keys is found by what the files say", () => {
  const rows: readonly (readonly [string, string, (text: string) => string, string, RegExp])[] = [
    [
      "an amount in the general ledger",
      exportPaths.generalLedger,
      (text) => text.replace("107.00", "107.01"),
      exportPaths.generalLedger,
      /does not balance/,
    ],
    [
      "a line moved to another account",
      exportPaths.generalLedger,
      (text) => text.replace(",4000,", ",5000,"),
      exportPaths.generalLedger,
      /line 3 is not what the journal gives/,
    ],
    [
      "a dropped line",
      exportPaths.generalLedger,
      (text) => `${text.trimEnd().split("\r\n").slice(0, -1).join("\r\n")}\r\n`,
      exportPaths.generalLedger,
      /sums to/,
    ],
    [
      "an amount in the eleven columns",
      "general-ledger-11.csv",
      (text) => text.replace("107.00", "107.01"),
      "general-ledger-11.csv",
      /does not balance/,
    ],
    ["an amount in the journal", exportPaths.journal, (text) => text.replace('"10000"', '"10001"'), exportPaths.journal, /control totals/],
    ["a journal entry out of form", exportPaths.journal, (text) => text.replace("{", "{ "), exportPaths.journal, /line 1 is not an entry/],
    [
      "a receipt's net",
      "receipts/0.json",
      (text) => text.replace('"netMinor":"10000"', '"netMinor":"10001"'),
      "receipts/0.json",
      /the lines sum to/,
    ],
    ["a receipt that is none", "receipts/0.json", () => "{", "receipts/0.json", /is not JSON/],
    [
      "a dropped audit record",
      exportPaths.auditLog,
      (text) => text.split("\n").toSpliced(3, 1).join("\n"),
      exportPaths.auditLog,
      /is missing/,
    ],
    [
      "a cut audit log",
      exportPaths.auditLog,
      (text) => `${text.trimEnd().split("\n").slice(0, -1).join("\n")}\n`,
      exportPaths.auditLog,
      /ends at record/,
    ],
    [
      "an audit record in another spelling",
      exportPaths.auditLog,
      (text) => text.replace('\n{"at"', '\n{ "at"'),
      exportPaths.auditLog,
      /line 2 is not a record in canonical form/,
    ],
    ["an audit log without header", exportPaths.auditLog, (text) => text.slice(text.indexOf("\n") + 1), exportPaths.auditLog, /header/],
  ]
  test.each(rows)("%s", (_, path, edit, file, sentence) => {
    const { findings } = verify(resigned(path, edit))
    expect(
      findings
        .filter((each) => each.file === file)
        .map(({ finding }) => finding)
        .join("\n"),
    ).toMatch(sentence)
  })
})

const own = signed.files.filter(({ path }) => signed.manifest.files.some((stated) => stated.path === path))
const sentencesOf = (files: readonly ExportFile[], by?: ExportTrust): readonly string[] =>
  verify(files, by).findings.map(({ file, finding }) => `${file}: ${finding}`)

test("a file of the signature that is missing is one finding, and so is each that is wrong", () => {
  const names = ["pub.pem", "manifest.json.sig", "manifest.json.minisig", "minisign.pub", "manifest.json.hmac", "manifest-sha256.txt"]
  for (const name of names) expect(sentencesOf(signed.files.filter(({ path }) => path !== name))).toEqual([`${name}: is missing`])
  expect(sentencesOf(change("manifest-sha256.txt", () => "x"))).toEqual([
    "manifest-sha256.txt: does not list the digests of the manifest's files",
  ])
  expect(sentencesOf(change("pub.pem", () => "x"))).toEqual(["pub.pem: is not an Ed25519 public key in PEM"])
  expect(sentencesOf(change("minisign.pub", () => "x"))).toEqual(["minisign.pub: does not hold the same key as pub.pem"])
  expect(sentencesOf(change("manifest.json.hmac", () => "x"))).toEqual([
    "manifest.json.hmac: is not the HMAC of manifest.json with the key that was given",
  ])
  expect(sentencesOf(change("manifest.json.sig", () => "x"))).toEqual([
    "manifest.json.sig: is not the signature of manifest.json by pub.pem",
  ])
  expect(sentencesOf(signed.files.filter(({ path }) => path !== "manifest.json"))).toEqual([
    "manifest.json: is missing: without it nothing can be verified",
  ])
})

test("a manifest is told apart from text that is none, and has to balance", () => {
  const misspelt = sentencesOf(change("manifest.json", (text) => text.replace('"debitMinor"', '"debitLinor"')))
  expect(misspelt).toContain("manifest.json: is not a manifest of format hpc-billing/export/1")
  const unequal = sentencesOf(change("manifest.json", (text) => text.replace('"debitMinor":"21500"', '"debitMinor":"21501"')))
  expect(unequal).toContain("manifest.json: states debits of 21501 and credits of 21500 THB minor units")
})

test("a file that grew, and one that changed, is told by bytes or digest", () => {
  const found = (edit: (text: string) => string) => sentencesOf(change(exportPaths.journal, edit))
  expect(found((text) => `${text} `)).toContainEqual(expect.stringMatching(/^journal.jsonl: has \d+ bytes, the manifest says \d+$/))
  expect(found((text) => text.replace("net", "Net"))).toContain(
    "journal.jsonl: does not have the SHA-256 that the manifest states: it was changed",
  )
  expect(sentencesOf(resigned(exportPaths.journal, (text) => text.replace('"memo":"net"', '"memo":"Net"')))).toContain(
    "journal.jsonl: is not the journal whose digest the manifest states",
  )
})

test("what is left out of an export is unproven, not wrong", () => {
  const without = (path: string) => verify(sign(own.filter((file) => file.path !== path)).files)
  const [journal, log] = [without(exportPaths.journal), without(exportPaths.auditLog)]
  expect([journal.findings, log.findings, without(exportPaths.chart)]).toEqual([[], [], { findings: [], unproven: [] }])
  expect(journal.unproven).toEqual([expect.stringContaining("no journal.jsonl")])
  expect(log.unproven).toEqual([expect.stringContaining("no audit-log.jsonl")])
  expect(verify(signed.files, { ...fullTrust, chain: { publicKeyFingerprint: trust.publicKeyFingerprint } }).unproven).toEqual([
    expect.stringContaining("its MAC key was not given"),
  ])
})

test("a receipt that was voided since ties as void", () => {
  const [receipt] = receipts
  const booked = entries.filter(({ source }) => source.receiptId === receipt?.id)
  const act = { kind: "voided", month: "2026-10", date: "2026-10-31", reason: "wrong payer", posted: booked } as const
  const voided = [...entries, ...Result.getOrThrow(deriveEntries({ ...act, receipt: receipt as Receipt }, defaultPolicy))]
  const documents = own.filter(({ path }) => path.startsWith("receipts/"))
  const files = [...ledgerFiles(voided, { chart: defaultPolicy.chart, batchId: "run-1" }), ...documents]
  expect(verify(sign(files, { entries: voided }).files).findings).toEqual([])
})

describe("the witness of the chain", () => {
  const later = grow([3, "checkpoint", 2, "rotate", 2, "checkpoint", "checkpoint", 2])
  const lines = [
    ...later.heads.map(witnessLineOfHead),
    ...later.records.filter(({ kind }) => kind === "checkpoint").map(witnessLineOfCheckpoint),
  ]
  const by = (witness: Witness): ExportTrust => ({
    ...fullTrust,
    chain: { publicKeyFingerprint: trust.publicKeyFingerprint, macKey, witness },
  })
  const other = new Uint8Array(32).fill(9)

  test("what it saw after the export says nothing against it", () => {
    expect(verify(signed.files, by(readWitness(lines.join("")).witness))).toEqual({ findings: [], unproven: [] })
  })

  test("what it saw up to the export has to be there", () => {
    const note = { ...head, size: head.sequence, root: other, atMicroseconds: 1n }
    const witnesses: readonly Witness[] = [
      { heads: [{ ...head, link: other }], notes: [] },
      { heads: [], notes: [signNote(cryptography, note, seedOf(1))] },
    ]
    for (const witness of witnesses)
      expect(sentencesOf(signed.files, by(witness))).toEqual([expect.stringMatching(/^audit-log.*rewritten/)])
  })
})

test("a manifest of another place in the chain than the log's end is named", () => {
  const elsewhere: readonly Partial<ChainHead>[] = [
    { origin: "site.example/other" },
    { epoch: 5 },
    { sequence: head.sequence - 1n },
    { link: new Uint8Array(32) },
  ]
  for (const change of elsewhere)
    expect(sentencesOf(sign(own, { head: { ...head, ...change } }).files)).toEqual([
      expect.stringMatching(/^audit-log.*the manifest was taken at/),
    ])
})

test("a minisign signature is held to its key, its comment and both of its signatures", () => {
  const path = "manifest.json.minisig"
  const [comment = "", signature = "", trusted = "", global = ""] = (
    textOfUtf8(signed.files.find((file) => file.path === path)?.bytes as Uint8Array) ?? ""
  ).split("\n")
  const bytes = bytesOfBase64(signature) as Uint8Array
  const changed: readonly (readonly string[])[] = [
    [`${comment}.`, signature, trusted, global],
    [comment, base64(bytes.with(1, 0x64)), trusted, global],
    [comment, base64(bytes.with(9, (bytes[9] as number) ^ 1)), trusted, global],
    [comment, base64(bytes.with(73, (bytes[73] as number) ^ 1)), trusted, global],
    [comment, base64(bytes.subarray(0, 73)), trusted, global],
    [comment, "=", trusted, global],
    [comment, signature, `${trusted}.`, global],
    [comment, signature, trusted, signature],
    [comment, signature, trusted, "="],
    [comment, signature, trusted],
  ]
  for (const each of changed)
    expect(sentencesOf(change(path, () => `${each.join("\n")}\n`))).toEqual([
      `${path}: is not the minisign signature of manifest.json by pub.pem`,
    ])
})

test("a chart that is none, or that lacks an account of the journal, is named", () => {
  expect(sentencesOf(resigned(exportPaths.chart, () => "{}\n"))).toEqual(["chart.json: is not a chart of accounts in canonical form"])
  const chart = { accounts: defaultPolicy.chart.accounts.filter(({ id }) => id !== "4000") }
  expect(sentencesOf(resigned(exportPaths.chart, () => chartToJson(chart)))).toEqual([
    expect.stringMatching(/^journal.jsonl: entry .* names an account that the chart does not have/),
  ])
})

describe("a table of one's own beside the general ledgers", () => {
  const lineOf = (debit: string, credit: string): string => `e,${debit},${credit}`
  const table = (header: string, ...lines: readonly string[]): readonly string[] =>
    sentencesOf(sign([...own, { path: "own.csv", bytes: utf8([header, ...lines, ""].join("\r\n")) }]).files)
  const header = "entry_id,debit,credit"
  const halves = Array.from({ length: 8 }, () => lineOf("", ""))

  test("without debit and credit it is no ledger", () => {
    expect([table("a,b", "1,2"), table("entry_id,debit", "e,1"), table("entry_id,credit", "e,1")]).toEqual([[], [], []])
  })

  test("in one currency it sums to the journal, an empty amount is zero", () => {
    expect(table(header, lineOf("215.00", "215.00"), ...halves)).toEqual([])
    expect(table(header, lineOf("215.00", "215.00"))).toEqual([expect.stringContaining("in 1 lines, the manifest says 21500 / 21500 in 9")])
    expect(table(header, lineOf("214.00", "214.00"), ...halves)).toEqual([expect.stringContaining("sums to 21400 / 21400 THB")])
    for (const named of [header, "external_txn_id,debit,credit"]) {
      expect(table(named, lineOf("216.00", "215.00"), ...halves)).toEqual([
        "own.csv: entry e does not balance: debits less credits are 100 minor units",
        expect.stringContaining("sums to 21600 / 21500 THB"),
      ])
    }
    expect(table(header)).toEqual([expect.stringContaining("sums to 0 / 0 THB minor units in 0 lines")])
  })

  test("a line that does not fit its header is named", () => {
    for (const line of ["e,1.00", "e,1.00,1.00,x", "e,1.0,1.0", "e,1,1", "e,x,1.00", "e,1.00,x"])
      expect(table(header, line)).toEqual(["own.csv: line 2 does not have the columns, currency and amounts of its header"])
    expect(table("entry_id,currency,debit,credit", "e,USD,1.00,1.00")).toEqual([expect.stringContaining("own.csv: line 2 does not have")])
    expect(table(header, '"e')).toEqual(["own.csv: is not CSV in UTF-8"])
  })

  test("in two currencies it needs a column of them", () => {
    const dollars = entries.map((entry) => ({ ...entry, id: `usd/${entry.id}`, currency: "USD" }))
    const both = [...entries, ...dollars]
    const files = ledgerFiles(both, { chart: defaultPolicy.chart, batchId: "run-1" })
    const found = (text: string) => sentencesOf(sign([...files, { path: "own.csv", bytes: utf8(text) }], { entries: both }).files)
    expect(found("entry_id,debit,credit\r\ne,1.00,2.00\r\n")).toEqual([])
    expect(found("entry_id,currency,debit,credit\r\ne,THB,215.00,215.00\r\n")).toEqual([
      expect.stringContaining("sums to 21500 / 21500 THB"),
      expect.stringContaining("sums to 0 / 0 USD"),
    ])
  })
})

test("paths that leave the folder, repeat or take a reserved name are refused", () => {
  const attempt =
    (path: string): (() => unknown) =>
    () =>
      sign([{ path, bytes: new Uint8Array() }])
  for (const path of ["../a.csv", "/a.csv", "a/../b.csv", "manifest.json", "a b.csv", "", "a//b", "a\nb"])
    expect(attempt(path)).toThrow(/cannot be the path/)
  expect(attempt("receipts/ใบเสร็จ-1.pdf")).not.toThrow()
})
