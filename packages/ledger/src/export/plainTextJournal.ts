import { formatMinor } from "@hpc-billing/core"
import type { AccountType, Chart } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { journalLines } from "../journal/journalLines.ts"
import { trialBalance } from "../journal/trialBalance.ts"
import { postedDate } from "./postedDate.ts"

/**
 * A journal as the plain-text accounting programs see it: declared accounts, commodities and payees, transactions in order of
 * date, and at the end what every account must have come to, so that a deleted, moved or repeated transaction is noticed.
 */
export interface PlainTextJournal {
  readonly commodities: readonly { readonly code: string; readonly zero: string }[]
  readonly accounts: readonly { readonly name: string; readonly title: string }[]
  readonly payees: readonly string[]
  readonly transactions: readonly PlainTextTransaction[]
  readonly closing: readonly { readonly account: string; readonly amount: string; readonly commodity: string }[]
  readonly firstDate: string
  readonly lastDate: string
}

export interface PlainTextTransaction {
  readonly id: string
  readonly date: string
  readonly payee: string
  readonly memo: string
  readonly postings: readonly { readonly account: string; readonly amount: string; readonly commodity: string }[]
}

const groupOfType: Readonly<Record<AccountType, string>> = {
  asset: "Assets",
  "contra-asset": "Assets",
  liability: "Liabilities",
  equity: "Equity",
  revenue: "Income",
  expense: "Expenses",
}

/** Text without what these formats read as comment, separator, tag, date, status, code or end of line. */
const plain = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp};|"\\:[\]]+/gu, " ")
    .replaceAll(/\s+/g, " ")
    .replace(/^[\s*!(=#]+/, "")
    .trim() || "-"

export const plainTextJournal = (entries: Iterable<Entry>, chart: Chart): PlainTextJournal => {
  const accounts = chart.accounts.map(({ id, name, type }) => ({ id, name: `${groupOfType[type]}:${id}`, title: plain(name) }))
  const nameOf = new Map(accounts.map(({ id, name }) => [id, name]))
  const nameOfAccount = (id: string): string => {
    const name = nameOf.get(id)
    if (name === undefined) throw new Error(`account ${id} is not in the chart of accounts`)
    return name
  }
  const all = [...entries]
  const zeros = new Map(
    all.map(({ currency, currencyExponent }) => [currency, formatMinor(0n, { code: currency, exponent: currencyExponent })]),
  )
  const dated = all.map((entry) => ({ entry, date: postedDate(entry) }))
  dated.sort((left, right) => {
    if (left.date !== right.date) return left.date < right.date ? -1 : 1
    return left.entry.id < right.entry.id ? -1 : 1
  })
  const transactions = dated.map(({ entry, date }): PlainTextTransaction => {
    const currency = { code: entry.currency, exponent: entry.currencyExponent }
    return {
      id: plain(entry.id),
      date,
      payee: plain(entry.transfers[0]?.payerId ?? ""),
      memo: plain(entry.memo),
      postings: journalLines(entry).map(({ account, debitMinor, creditMinor }) => ({
        account: nameOfAccount(account),
        amount: formatMinor(debitMinor - creditMinor, currency),
        commodity: entry.currency,
      })),
    }
  })
  return {
    commodities: [...zeros].map(([code, zero]) => ({ code, zero })).sort((left, right) => (left.code < right.code ? -1 : 1)),
    accounts,
    payees: [...new Set(transactions.map(({ payee }) => payee))].sort(),
    transactions,
    closing: trialBalance(all, chart).accounts.map(({ account, balanceMinor, currency, currencyExponent }) => ({
      account: nameOfAccount(account),
      amount: formatMinor(balanceMinor, { code: currency, exponent: currencyExponent }),
      commodity: currency,
    })),
    firstDate: dated[0]?.date ?? "1970-01-01",
    lastDate: dated.at(-1)?.date ?? "1970-01-01",
  }
}
