import { isMonth } from "@hpc-billing/core"
import { hex, utf8 } from "../bytes.ts"
import type { Cryptography } from "../Cryptography.ts"
import type { Entry, Transfer } from "../Entry.ts"
import { bytesOfTexts, encodeTexts } from "../encodeTexts.ts"

const isInOrder = (entries: readonly Entry[]): boolean => {
  for (let index = 1; index < entries.length; index += 1) if ((entries[index - 1] as Entry).id > (entries[index] as Entry).id) return false
  return true
}

/** By code unit of the ids: the same on every machine. Entries that are in this order already are given back. */
export const inJournalOrder = (entries: Iterable<Entry>): readonly Entry[] => {
  const given = Array.isArray(entries) ? (entries as readonly Entry[]) : [...entries]
  return isInOrder(given) ? given : given.toSorted((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0))
}

const needsEscape = /[^\x20\x21\x23-\x5b\x5d-\ud7ff]/

type Quote = (text: string | null) => string
const quotePlain: Quote = (text) => (text === null ? "null" : `"${text}"`)
/** As RFC 8785 writes any text. */
const quoteEscaped: Quote = (text) => JSON.stringify(text)

/** Every text of an entry, to be looked through at once. */
const textsOf = (entry: Entry): string => {
  const { kind, receiptId, receiptNumber } = entry.source
  let texts = `${entry.currency}${entry.effectiveDate}${entry.id}${entry.memo}${entry.month}${entry.reverses}${kind}${receiptId}${receiptNumber}${entry.tenant}`
  for (const { creditAccount, debitAccount, memo, payerId } of entry.transfers) texts += creditAccount + debitAccount + memo + payerId
  return texts
}

const transferText = ({ debitAccount, creditAccount, amountMinor, payerId, memo }: Transfer, quote: Quote): string =>
  `{"amountMinor":"${amountMinor}","creditAccount":${quote(creditAccount)},"debitAccount":${quote(debitAccount)},"memo":${quote(memo)},"payerId":${quote(payerId)}}`

/** The canonical JSON (RFC 8785) of an entry, written out because its keys are known: a journal has a million of them. */
export const canonicalEntry = (entry: Entry): string => {
  const { source } = entry
  const quote = needsEscape.test(textsOf(entry)) ? quoteEscaped : quotePlain
  let transfers = ""
  for (const transfer of entry.transfers) transfers += `${transfers === "" ? "" : ","}${transferText(transfer, quote)}`
  return `{"currency":${quote(entry.currency)},"currencyExponent":${entry.currencyExponent},"effectiveDate":${quote(entry.effectiveDate)},"id":${quote(entry.id)},"memo":${quote(entry.memo)},"month":${quote(entry.month)},"reverses":${quote(entry.reverses)},"source":{"kind":${quote(source.kind)},"receiptId":${quote(source.receiptId)},"receiptNumber":${quote(source.receiptNumber)}},"tenant":${quote(entry.tenant)},"transfers":[${transfers}]}`
}

function* canonicalLines(entries: Iterable<Entry>): Generator<string, void> {
  for (const entry of inJournalOrder(entries)) yield `${canonicalEntry(entry)}\n`
}

/** One line of canonical JSON per entry, in order of id, in UTF-8: what is hashed, exported and read back. */
export const canonicalJournal = (entries: Iterable<Entry>): Uint8Array => bytesOfTexts(canonicalLines(entries))

/** SHA-256 (hex) of the canonical journal, which is never made as a whole for it. */
export const journalDigest = (cryptography: Cryptography, entries: Iterable<Entry>): string =>
  hex(cryptography.sha256OfAll(encodeTexts(canonicalLines(entries))))

/** The same of a journal of one entry. */
export const entryDigest = (cryptography: Cryptography, entry: Entry): string =>
  hex(cryptography.sha256(utf8(`${canonicalEntry(entry)}\n`)))

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
      if (!isEntry(entry) || canonicalEntry(entry) !== line) return { badLine: index + 1 }
      entries.push(entry)
    } catch {
      return { badLine: index + 1 }
    }
  }
  return entries
}
