import { execFileSync, spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { formatMinor } from "@hpc-billing/core"
import { beancountJournal, defaultChart, type Entry, hledgerJournal, ledgerJournal, trialBalance } from "../src/index.ts"

/** A program that others wrote and that judges our books: its file, its check and its report of balances. */
export interface Referee {
  readonly program: string
  readonly file: string
  /** Its name in an export. */
  readonly path: string
  readonly text: (entries: readonly Entry[]) => string
  readonly check: readonly string[]
  /** Prints account and balance. */
  readonly balance: readonly string[]
}

export const referees: readonly Referee[] = [
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

/** Haskell's and Python's programs read UTF-8 only in a locale that says so. */
const env = { ...process.env, LC_ALL: "C.UTF-8" }

export const isInstalled = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0

export const accepts = (referee: Referee, text: string, folder: string): boolean => {
  writeFileSync(join(folder, referee.file), text)
  const [program = "", ...options] = referee.check
  return spawnSync(program, options, { cwd: folder, env, stdio: "ignore" }).status === 0
}

/** Balances other than zero by account id, as the referee prints them of the file that it judged last. */
export const balancesBy = (referee: Referee, folder: string): ReadonlyMap<string, string> => {
  const [program = "", ...options] = referee.balance
  const printed = execFileSync(program, options, { cwd: folder, env, encoding: "utf8" })
  const found = new Map<string, string>()
  for (const line of printed.split("\n")) {
    const match = /:(\d{4})"?\s*,\s*"?(-?[\d.]+) THB/.exec(line)
    if (match?.[1] !== undefined && match[2] !== undefined && !/^-?0\.00$/.test(match[2])) found.set(match[1], match[2])
  }
  return found
}

export const balancesByUs = (entries: readonly Entry[]): ReadonlyMap<string, string> =>
  new Map(
    trialBalance(entries, defaultChart)
      .accounts.filter(({ balanceMinor }) => balanceMinor !== 0n)
      .map(({ account, balanceMinor }) => [account, formatMinor(balanceMinor, { code: "THB", exponent: 2 })]),
  )

/** Each edits the text that a referee reads, as someone would who edits the file by hand. */
export const corruptions: readonly (readonly [string, (text: string) => string])[] = [
  [
    "1 minor unit off",
    (text) => text.replace(/(Assets:1100\s+)(\d+)\.(\d)[0-8] THB\n/, (_, account, whole, tenths) => `${account}${whole}.${tenths}9 THB\n`),
  ],
  ["unknown account", (text) => text.replace(/(\n\s+)Income:4000(\s+-)/, "$1Income:4001$2")],
  ["moved amount", (text) => text.replace(/(\n\s+)Income:4000(\s+-)/, "$1Expenses:5000$2")],
  ["deleted", (text) => text.replace(/\n\n20\d\d-\d\d-\d\d [^\n]+(\n\s+[^\n]+)+/, "")],
  ["duplicated", (text) => text.replace(/\n\n20\d\d-\d\d-\d\d [^\n]+(\n\s+[^\n]+)+/, (whole) => whole + whole)],
  ["swapped legs", (text) => text.replace(/(Assets:1150\s+)(\d+\.\d\d THB\n\s+Income:4000\s+)-(\d)/, "$1-$2$3")],
  ["wrong date", (text) => text.replace(/\n\n2026-01-31 /, "\n\n2027-01-31 ")],
  ["wrong currency", (text) => text.replace(/(\n\s+Income:4000\s+-\d+\.\d\d )THB\n/, "$1USD\n")],
]
