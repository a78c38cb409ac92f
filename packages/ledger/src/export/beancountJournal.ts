import type { Chart } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { plainTextJournal } from "./plainTextJournal.ts"

const dayAfter = (date: string): string => new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

/** Beancount's account names: parts begin with a capital or a digit, and hold letters, digits and dashes. */
const accountName = (name: string): string =>
  name
    .split(":")
    .map((part) => part.replaceAll(/[^A-Za-z0-9-]/g, "-"))
    .map((part) => (/^[A-Z0-9]/.test(part) ? part : `X${part}`))
    .join(":")

/** `bean-check FILE` accepts it. */
export const beancountJournal = (entries: Iterable<Entry>, chart: Chart): string => {
  const { accounts, commodities, transactions, closing, firstDate, lastDate } = plainTextJournal(entries, chart)
  const names = new Map(accounts.map(({ name }) => [name, accountName(name)]))
  if (new Set(names.values()).size < names.size)
    throw new Error("two account ids become one in beancount's spelling: rename one in the chart")
  const parts: string[] = []
  for (const { code } of commodities) parts.push(`option "operating_currency" "${code}"\n`)
  for (const { code } of commodities) parts.push(`${firstDate} commodity ${code}\n`)
  for (const { name, title } of accounts)
    parts.push(`${firstDate} open ${names.get(name)} ${commodities.map(({ code }) => code).join(",")}\n  title: "${title}"\n`)
  for (const { date, payee, memo, id, postings } of transactions) {
    parts.push(`\n${date} * "${payee}" "${memo}"\n  entry: "${id}"\n`)
    for (const { account, amount, commodity } of postings) parts.push(`  ${names.get(account)}  ${amount} ${commodity}\n`)
  }
  parts.push("\n")
  for (const { account, amount, commodity } of closing)
    parts.push(`${dayAfter(lastDate)} balance ${names.get(account)}  ${amount} ${commodity}\n`)
  return parts.join("")
}
