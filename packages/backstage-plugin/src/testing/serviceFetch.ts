import { type Role, routes } from "@hpc-billing/service/api"
import * as answers from "./answers.ts"

export interface Asked {
  readonly route: string
  readonly url: URL
  readonly body: unknown
  readonly idempotencyKey: string | null
}

/** What a route answers in a test: a value, or a problem with its status. */
export type Answers = Readonly<Record<string, unknown>>

export const refusal = (
  status: number,
  detail: string,
  said: { readonly code?: string; readonly params?: Readonly<Record<string, string>> } = {},
) => ({ refusedWith: status, detail, ...said })

const page = (rows: readonly unknown[], next: string | null = null) => ({ rows, next, dataUntil: answers.dataUntil })

const usual = (role: Role): Answers => ({
  "session.me": answers.me(role),
  "session.tenants": { tenants: [answers.tenant] },
  "usage.jobs": page([answers.job, answers.zeroJob, answers.pendingJob]),
  "usage.job": answers.jobDetail,
  "usage.lines": page([answers.line]),
  "usage.explain": answers.explanation,
  "usage.summary": answers.summary,
  "usage.costs": (url: URL) => answers.costs(url.searchParams.get("by") as "day"),
  "usage.series": answers.series,
  "usage.facets": answers.facets,
  "payers.accounts": {
    accounts: [
      {
        cluster: "alpha",
        account: "civil-cfd",
        payerId: "co-auto",
        payerNameThai: "บริษัท",
        payerNameEnglish: "Example Automotive",
        tier: "Private",
      },
    ],
  },
  "payers.unmapped": { month: "2026-09", accounts: [], dataUntil: answers.dataUntil },
  "receipts.list": page([answers.receiptHeader]),
  "receipts.get": answers.receipt,
  "receipts.pay": answers.receipt,
  "journal.trialBalance": { month: "2026-09", rows: [], debit: answers.money("0.00"), credit: answers.money("0.00"), balanced: true },
  "periods.get": answers.period,
  "exports.list": { exports: [] },
  "prepaid.list": page([]),
  "rates.current": answers.rates,
  "rates.tiers": { tiers: [], overrides: [] },
  "formulas.set": { tier: "Private", cardId: "private", cardVersion: 2, currency: "THB", effectiveFrom: "2026-11-01", prices: {} },
  "audit.list": page([answers.auditRecord]),
  "audit.status": answers.chainStatus,
  "audit.verify": answers.chainVerification,
})

const table = Object.entries(routes).flatMap(([group, endpoints]) =>
  Object.entries(endpoints).map(([name, { method, path }]) => ({
    name: `${group}.${name}`,
    method,
    pattern: new RegExp(`^${path.replaceAll(/:[A-Za-z]+/g, "[^/]+")}$`),
  })),
)

/** A fetch that answers as the service does, and remembers what it was asked. */
export const serviceFetch = (role: Role, changed: Answers = {}) => {
  const asked: Asked[] = []
  const known = { ...usual(role), ...changed }
  const fetch = async (input: string, init: RequestInit): Promise<Response> => {
    const url = new URL(input, "http://portal")
    const route = table.find(({ method, pattern }) => method === init.method && pattern.test(url.pathname))?.name ?? ""
    const body = typeof init.body === "string" ? JSON.parse(init.body) : null
    asked.push({ route, url, body, idempotencyKey: new Headers(init.headers).get("idempotency-key") })
    const answer = known[route]
    if (answer === undefined) throw new Error(`The test has no answer for ${init.method} ${url.pathname}.`)
    const value = typeof answer === "function" ? await answer(url) : answer
    if (value instanceof Response) return value
    if (typeof value === "object" && value !== null && "refusedWith" in value) {
      const { refusedWith, ...said } = value
      const problem = {
        ...said,
        status: refusedWith,
        requestId: "req-1",
        reason: "x",
        title: "x",
      }
      return Response.json(problem, { status: problem.status as number, headers: { "content-type": "application/problem+json" } })
    }
    return Response.json(value)
  }
  return { fetch, asked }
}
