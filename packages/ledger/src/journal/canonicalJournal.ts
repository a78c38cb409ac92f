import { isMonth } from "@hpc-billing/core"
import { hex, utf8 } from "../bytes.ts"
import type { Cryptography } from "../Cryptography.ts"
import type { Entry, Transfer } from "../Entry.ts"

/** By code unit of the ids: the same on every machine. */
export const inJournalOrder = (entries: Iterable<Entry>): readonly Entry[] =>
  [...entries].sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0))

const needsEscape = /[^\x20\x21\x23-\x5b\x5d-\ud7ff]/

/** Text as RFC 8785 writes it. */
const text = (value: string | null): string => (value === null || needsEscape.test(value) ? JSON.stringify(value) : `"${value}"`)

const transferText = ({ debitAccount, creditAccount, amountMinor, payerId, memo }: Transfer): string =>
  `{"amountMinor":"${amountMinor}","creditAccount":${text(creditAccount)},"debitAccount":${text(debitAccount)},"memo":${text(memo)},"payerId":${text(payerId)}}`

/** The canonical JSON (RFC 8785) of an entry, written out because its keys are known: a journal has a million of them. */
const entryLine = ({ source, ...entry }: Entry): string =>
  `{"currency":${text(entry.currency)},"currencyExponent":${entry.currencyExponent},"effectiveDate":${text(entry.effectiveDate)},"id":${text(entry.id)},"memo":${text(entry.memo)},"month":${text(entry.month)},"reverses":${text(entry.reverses)},"source":{"kind":${text(source.kind)},"receiptId":${text(source.receiptId)},"receiptNumber":${text(source.receiptNumber)}},"tenant":${text(entry.tenant)},"transfers":[${entry.transfers.map(transferText).join(",")}]}\n`

/** One line of canonical JSON per entry, in order of id: what is hashed, exported and read back. */
export const canonicalJournal = (entries: Iterable<Entry>): string => inJournalOrder(entries).map(entryLine).join("")

/** SHA-256 (hex) of the canonical journal. */
export const journalDigest = (cryptography: Cryptography, entries: Iterable<Entry>): string =>
  hex(cryptography.sha256(utf8(canonicalJournal(entries))))

const isText = (value: unknown): boolean => typeof value === "string"
const isTextOrNull = (value: unknown): boolean => value === null || isText(value)

const isEntry = ({ source, transfers, ...entry }: Entry): boolean =>
  [entry.id, entry.tenant, entry.effectiveDate, entry.month, entry.currency, entry.memo, source.kind].every(isText) &&
  [entry.reverses, source.receiptId, source.receiptNumber].every(isTextOrNull) &&
  Number.isInteger(entry.currencyExponent) &&
  dateText.test(entry.effectiveDate) &&
  isMonth(entry.month) &&
  transfers.every((transfer) => [transfer.debitAccount, transfer.creditAccount, transfer.payerId, transfer.memo].every(isText))

const dateText = /^\d{4}-\d{2}-\d{2}$/

/** The entries of a canonical journal, or the 1-based number of the first line that is none. */
export const readCanonicalJournal = (text: string): readonly Entry[] | { readonly badLine: number } => {
  const entries: Entry[] = []
  const lines = text.split("\n")
  if (lines.pop() !== "") return { badLine: lines.length + 1 }
  for (const [index, line] of lines.entries()) {
    try {
      const entry = JSON.parse(line)
      for (const transfer of entry.transfers) transfer.amountMinor = BigInt(transfer.amountMinor)
      if (!isEntry(entry) || entryLine(entry) !== `${line}\n`) return { badLine: index + 1 }
      entries.push(entry)
    } catch {
      return { badLine: index + 1 }
    }
  }
  return entries
}
