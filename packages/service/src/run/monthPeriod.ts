import { isMonth, monthWindow } from "@hpc-billing/core"
import type { Period } from "@hpc-billing/ledger"
import { Effect } from "effect"
import { say } from "../api/sentences.ts"
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
  isMonth(month) ? Effect.succeed(month) : Effect.fail(refuse("wrong-month", say("month-wrong", { month })))
