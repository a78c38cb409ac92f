import { isMonth, monthWindow } from "@hpc-billing/core"
import type { Period } from "@hpc-billing/ledger"
import { Effect } from "effect"
import { refuse } from "./RunError.ts"

/** The open period of a month in a tenant's zone, as it is before anything is posted into it. */
export const openPeriod = (tenant: string, month: string, zone: string): Period => ({
  tenant,
  month,
  zone,
  window: monthWindow(month, zone),
  status: { kind: "open" },
})

export const checkMonth = (month: string) =>
  isMonth(month)
    ? Effect.succeed(month)
    : Effect.fail(refuse("wrong-month", `"${month}" is not a month: write year and month such as 2026-10.`))
