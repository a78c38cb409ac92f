import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { formatMinor } from "@hpc-billing/core"
import { afterAll, describe, expect, test } from "vitest"
import { cryptography, macKey, origin, publicKey, seedOf } from "../../test/chains.ts"
import { yearOfEntries } from "../../test/year.ts"
import { genesis } from "../audit/ChainHead.ts"
import { utf8 } from "../bytes.ts"
import { defaultChart } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { canonicalJournal } from "../journal/canonicalJournal.ts"
import { trialBalance } from "../journal/trialBalance.ts"
import { beancountJournal } from "./beancountJournal.ts"
import { hledgerJournal } from "./hledgerJournal.ts"
import { ledgerFiles } from "./ledgerFiles.ts"
import { ledgerJournal } from "./ledgerJournal.ts"
import { signExport } from "./Manifest.ts"
import { verifyExport } from "./verifyExport.ts"

const folder = mkdtempSync(join(tmpdir(), "referees-"))
afterAll(() => rmSync(folder, { recursive: true }))

interface Referee {
  readonly program: string
  readonly file: string
  readonly path: string
  readonly text: (entries: readonly Entry[]) => string
  readonly check: readonly string[]
  /** Prints account and balance. */
  readonly balance: readonly string[]
}

const referees: readonly Referee[] = [
  {
    program: "hledger",
    file: "x.journal",
    path: "journal.hledger",
    text: (entries) => hledgerJournal(entries, defaultChart),
    check: [
      "hledger",
      "-f",
      "x.journal",
      "check",
      "accounts",
      "commodities",
      "balancednoautoconversion",
      "ordereddates",
      "payees",
      "uniqueleafnames",
    ],
    balance: ["hledger", "-f", "x.journal", "balance", "--flat", "--no-total", "-O", "csv"],
  },
  {
    program: "ledger",
    file: "x.ledger",
    path: "journal.ledger",
    text: (entries) => ledgerJournal(entries, defaultChart),
    check: ["ledger", "-f", "x.ledger", "--strict", "--pedantic", "--explicit", "--check-payees", "balance"],
    balance: ["ledger", "-f", "x.ledger", "balance", "--flat", "--no-total", "--balance-format", "%(account),%(scrub(display_total))\n"],
  },
  {
    program: "bean-check",
    file: "x.beancount",
    path: "journal.beancount",
    text: (entries) => beancountJournal(entries, defaultChart),
    check: ["bean-check", "--no-cache", "x.beancount"],
    balance: ["bean-query", "--no-errors", "-f", "csv", "x.beancount", "select account, sum(position) group by account"],
  },
]

const isInstalled = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0
const missing = referees.filter(({ program }) => !isInstalled(program)).map(({ program }) => program)

const accepts = (referee: Referee, text: string): boolean => {
  writeFileSync(join(folder, referee.file), text)
  const [program = "", ...options] = referee.check
  return spawnSync(program, options, { cwd: folder }).status === 0
}

const few = yearOfEntries(60, 20_261_122).entries
const { entries } = yearOfEntries(600, 20_261_122)

/** What the verifier says of a file that was corrupted before everything was signed with the right keys. */
const namedByOwnCheck = (referee: Referee, text: string): string => {
  const files = ledgerFiles(few, { chart: defaultChart, batchId: "run" }).map((file) =>
    file.path === referee.path ? { ...file, bytes: utf8(text) } : file,
  )
  const signed = signExport(cryptography, {
    tenant: "mu",
    period: "2026",
    runId: "run",
    createdAtSeconds: 0,
    entries: few,
    files,
    head: genesis(cryptography, 1, origin, publicKey),
    signingSeed: seedOf(1),
    hmacKey: macKey,
  })
  const named = verifyExport(cryptography, signed.files, {}).findings.filter(({ file }) => file === referee.path)
  return named.map(({ finding }) => finding).join("; ")
}

describe.skipIf(missing.length > 0)(`outside referees${missing.length > 0 ? ` (not installed: ${missing.join(", ")})` : ""}`, () => {
  const balances = new Map(
    trialBalance(entries, defaultChart)
      .accounts.filter(({ balanceMinor }) => balanceMinor !== 0n)
      .map(({ account, balanceMinor }) => [account, formatMinor(balanceMinor, { code: "THB", exponent: 2 })]),
  )

  test.each(referees)("I15: $program accepts a year and finds the same balance on every account", (referee) => {
    expect(accepts(referee, referee.text(entries))).toBe(true)
    const [program = "", ...options] = referee.balance
    const printed = execFileSync(program, options, { cwd: folder, encoding: "utf8" })
    const found = new Map<string, string>()
    for (const line of printed.split("\n")) {
      const match = /:(\d{4})"?\s*,\s*"?(-?[\d.]+) THB/.exec(line)
      if (match?.[1] !== undefined && match[2] !== undefined && !/^-?0\.00$/.test(match[2])) found.set(match[1], match[2])
    }
    expect(found).toEqual(balances)
  })

  /** Each edits the text that a referee reads, as someone would who edits the file by hand. */
  const corruptions: readonly (readonly [string, (text: string) => string])[] = [
    [
      "1 minor unit off",
      (text) =>
        text.replace(/(Assets:1100\s+)(\d+)\.(\d)[0-8] THB\n/, (_, account, whole, tenths) => `${account}${whole}.${tenths}9 THB\n`),
    ],
    ["unknown account", (text) => text.replace(/(\n\s+)Income:4000(\s+-)/, "$1Income:4001$2")],
    ["moved amount", (text) => text.replace(/(\n\s+)Income:4000(\s+-)/, "$1Income:4000-$2".replace("Income:4000-", "Expenses:5000"))],
    ["deleted", (text) => text.replace(/\n\n20\d\d-\d\d-\d\d [^\n]+(\n\s+[^\n]+)+/, "")],
    ["duplicated", (text) => text.replace(/\n\n20\d\d-\d\d-\d\d [^\n]+(\n\s+[^\n]+)+/, (whole) => whole + whole)],
    ["swapped legs", (text) => text.replace(/(Assets:1150\s+)(\d+\.\d\d THB\n\s+Income:4000\s+)-(\d)/, "$1-$2$3")],
    ["wrong date", (text) => text.replace(/\n\n2026-01-31 /, "\n\n2027-01-31 ")],
    ["wrong currency", (text) => text.replace(/(\n\s+Income:4000\s+-\d+\.\d\d )THB\n/, "$1USD\n")],
  ]

  test.each(corruptions)("%s: at least one referee refuses it", (_, corrupt) => {
    const verdicts = referees.map((referee) => {
      const text = referee.text(few)
      const corrupted = corrupt(text)
      expect(corrupted, `${referee.program}: nothing was corrupted`).not.toBe(text)
      expect(namedByOwnCheck(referee, corrupted)).toMatch(/^line \d+ is not what the journal gives$/)
      return accepts(referee, corrupted)
    })
    expect(verdicts).toContain(false)
  })
})

test("the canonical journal of the year is the same on every run", () => {
  expect(canonicalJournal(yearOfEntries(200, 7).entries)).toBe(canonicalJournal(yearOfEntries(200, 7).entries.toReversed()))
})
