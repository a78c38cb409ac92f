import type { Entry, Period, PeriodStatus } from "@hpc-billing/ledger"

export const decodeEntry = (body: string): Entry => {
  const entry = JSON.parse(body)
  return {
    ...entry,
    transfers: entry.transfers.map((transfer: { amountMinor: string }) => ({ ...transfer, amountMinor: BigInt(transfer.amountMinor) })),
  }
}

export interface PeriodRow {
  readonly month: string
  readonly zone: string
  readonly start: bigint
  readonly end: bigint
  readonly status: string
}

export const encodePeriodStatus = (status: PeriodStatus): string =>
  JSON.stringify(status, (_, value) => (typeof value === "bigint" ? value.toString() : value))

export const periodOf = (tenant: string, row: PeriodRow): Period => {
  const status = JSON.parse(row.status)
  return {
    tenant,
    month: row.month,
    zone: row.zone,
    window: { startSeconds: Number(row.start), endSeconds: Number(row.end) },
    status:
      status.kind === "closed" ? { ...status, debitMinor: BigInt(status.debitMinor), creditMinor: BigInt(status.creditMinor) } : status,
  }
}
