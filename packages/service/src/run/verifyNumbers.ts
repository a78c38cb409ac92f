import type { AuditEvent } from "@hpc-billing/ledger"
import { Effect } from "effect"
import { BillingStore } from "../store/index.ts"
import type { Find } from "./StoreFinding.ts"

interface Taken {
  latest: bigint
  count: bigint
}

const numberText = /^(.*)(\d{4})-(\d{6,})$/

/** The numbers of receipts and credit notes that the audit log says were given, by series and year. */
export const numbersTold = () => {
  const series = new Map<string, Taken>()
  return {
    series: series as ReadonlyMap<string, Readonly<Taken>>,
    take: ({ action, detail }: AuditEvent): void => {
      const number = action === "receipt.issue" ? detail.number : action === "receipt.credit" ? detail.creditNoteNumber : undefined
      const [, name, year, place] = numberText.exec(number ?? "") ?? []
      if (place === undefined) return
      const key = `${name} ${year}`
      const taken = series.get(key) ?? { latest: 0n, count: 0n }
      series.set(key, { latest: BigInt(place) > taken.latest ? BigInt(place) : taken.latest, count: taken.count + 1n })
    },
  }
}

/** Numbers are dense, and the next one of each series follows the last that was given. */
export const verifyNumbers = Effect.fnUntraced(function* (tenant: string, { series }: ReturnType<typeof numbersTold>, find: Find) {
  const store = yield* BillingStore
  const stored = new Map((yield* store.documentNumbers(tenant)).map(({ series, year, nextNumber }) => [`${series} ${year}`, nextNumber]))
  for (const key of [...new Set([...series.keys(), ...stored.keys()])].sort()) {
    const { latest, count } = series.get(key) ?? { latest: 0n, count: 0n }
    const next = stored.get(key) ?? 1n
    const row = `document number ${key}`
    if (latest !== count) find(row, `the audit log tells of ${count} numbers up to ${latest}`)
    if (next !== latest + 1n) find(row, `the next one is stored as ${next}, the audit log says ${latest + 1n}`)
  }
})
