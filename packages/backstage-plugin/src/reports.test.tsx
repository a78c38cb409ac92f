import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { describe, expect, it } from "vitest"
import { dataUntil, money } from "./testing/answers.ts"
import { renderPortal } from "./testing/renderPortal.tsx"
import { refusal } from "./testing/serviceFetch.ts"

const press = async (name: string | RegExp) => userEvent.click(await screen.findByRole("button", { name }))
const receivable = { account: "1100", accountName: "Accounts receivable", accountNameThai: "ลูกหนี้การค้า" }
const revenue = { account: "4000", accountName: "Service revenue", accountNameThai: "รายได้จากการให้บริการ" }

const trialBalance = {
  asOf: "2026-09-30",
  payerId: null,
  rows: [
    { ...receivable, accountType: "asset", debit: money("100.00"), credit: money("0.00"), balance: money("100.00") },
    { ...revenue, accountType: "revenue", debit: money("0.00"), credit: money("100.00"), balance: money("-100.00") },
  ],
  totals: [{ debit: money("100.00"), credit: money("100.00"), balanced: true }],
}

describe("reports", () => {
  it("shows the trial balance as of a day, and the movements of an account", async () => {
    const { asked } = renderPortal("finance", "/reports?asOf=2026-09-30", {
      "reports.trialBalance": trialBalance,
      "reports.statement": {
        ...receivable,
        from: "2026-01-01",
        to: "2026-09-30",
        payerId: null,
        statements: [
          {
            currency: "THB",
            opening: money("0.00"),
            lines: [
              {
                date: "2026-09-30",
                entryId: "e",
                memo: "G2026-000001 issued",
                debit: money("100.00"),
                credit: null,
                balance: money("100.00"),
              },
            ],
            lineCount: 1,
            closing: money("100.00"),
          },
        ],
      },
    })
    expect(await screen.findByText("at the end of 30 Sept 2026")).toBeInTheDocument()
    expect(screen.getByText("debit = credit")).toBeInTheDocument()
    expect(screen.getByLabelText("At the end of")).toHaveValue("2026-09-30")
    expect(screen.getByText("Total").closest("tr")).toHaveTextContent("100.00100.00")
    expect(asked.find(({ route }) => route === "reports.trialBalance")?.url.searchParams.get("asOf")).toBe("2026-09-30")
    await press("Accounts receivable")
    expect(await screen.findByText("G2026-000001 issued")).toBeInTheDocument()
    expect(screen.getByText("Balance at the end").closest("tr")).toHaveTextContent("100.00")
    const query = asked.find(({ route }) => route === "reports.statement")?.url.searchParams
    expect(Object.fromEntries(query ?? [])).toEqual({ account: "1100", to: "2026-09-30" })
    await press("All accounts")
    expect(await screen.findByRole("button", { name: "Service revenue" })).toBeInTheDocument()
  })

  it("says whether the books show a profit, between two days", async () => {
    const statement = {
      currency: "THB",
      revenue: [{ ...revenue, amount: money("100.00") }],
      expenses: [],
      revenueTotal: money("100.00"),
      expensesTotal: money("120.00"),
      profit: money("-20.00"),
    }
    const { asked } = renderPortal("auditor", "/reports?report=income&from=2026-07-01&asOf=2026-09-30", {
      "reports.incomeStatement": { from: "2026-07-01", to: "2026-09-30", payerId: null, statements: [statement] },
    })
    expect(await screen.findByText(/The books show a loss/)).toHaveTextContent("The books show a loss: -฿20.00.")
    expect(within(screen.getByRole("region", { name: "Revenue" })).getByText("Service revenue")).toBeInTheDocument()
    const query = asked.find(({ route }) => route === "reports.incomeStatement")?.url.searchParams
    expect(Object.fromEntries(query ?? [])).toEqual({ from: "2026-07-01", to: "2026-09-30" })
  })

  it("stands on today where no day is chosen", async () => {
    const { asked } = renderPortal("finance", "/reports", { "reports.trialBalance": trialBalance })
    expect(await screen.findByLabelText("At the end of")).not.toHaveValue("")
    await waitFor(() => expect(asked.find(({ route }) => route === "reports.trialBalance")?.url.search).toBe(""))
    expect(screen.queryByRole("button", { name: "Today" })).toBeNull()
  })

  it("sets assets against liabilities and equity, with the profit not moved yet", async () => {
    const sheet = {
      currency: "THB",
      assets: [{ ...receivable, amount: money("100.00") }],
      liabilities: [],
      equity: [],
      currentEarnings: money("100.00"),
      assetsTotal: money("100.00"),
      liabilitiesAndEquityTotal: money("100.00"),
      balanced: true,
    }
    renderPortal("finance", "/reports?report=balance-sheet", {
      "reports.balanceSheet": { asOf: "2026-10-05", payerId: null, sheets: [sheet] },
    })
    expect(await screen.findByText("both sides agree")).toBeInTheDocument()
    const side = screen.getByRole("region", { name: "Liabilities and equity" })
    expect(within(side).getByText("Profit not yet moved to equity").closest("tr")).toHaveTextContent("100.00")
  })

  it("lists what is owed by age, and saves it as CSV", async () => {
    const saved: string[] = []
    URL.createObjectURL = () => "blob:report"
    URL.revokeObjectURL = () => undefined
    HTMLAnchorElement.prototype.click = function click() {
      saved.push(this.download)
    }
    const names = { payerNameThai: "บริษัท", payerNameEnglish: "Example Automotive" }
    const row = { payerId: "co-auto", ...names, receiptId: "demo/2026-09/co-auto/1", receiptNumber: "G2026-000009" }
    const { asked } = renderPortal("finance", "/reports?report=receivables&asOf=2026-10-31", {
      "reports.receivables": {
        asOf: "2026-10-31",
        payerId: null,
        ages: [
          { fromDays: 0, untilDays: 30, open: money("1,396.71"), receipts: 1 },
          { fromDays: 91, untilDays: null, open: money("0.00"), receipts: 0 },
        ],
        totals: [money("1,396.71")],
        rows: [{ ...row, issuedOn: "2026-10-01", ageDays: 30, open: money("1,396.71") }],
        rowCount: 1,
      },
      "reports.receivablesCsv": () =>
        new Response("a\r\n", { headers: { "content-disposition": 'attachment; filename="receivables-2026-10-31.csv"' } }),
    })
    expect(await screen.findByRole("link", { name: "G2026-000009" })).toHaveAttribute("href", "/hpc-billing/receipts/2026-09/co-auto/1")
    expect(screen.getByText("91+")).toBeInTheDocument()
    await press("CSV")
    await waitFor(() => expect(saved).toEqual(["receivables-2026-10-31.csv"]))
    expect(asked.find(({ route }) => route === "reports.receivablesCsv")?.url.searchParams.get("asOf")).toBe("2026-10-31")
  })

  it("is no page of a project owner", async () => {
    const { asked } = renderPortal("project-owner", "/reports")
    expect(await screen.findByText("This is not open to you")).toBeInTheDocument()
    expect(screen.queryByRole("link", { name: "Reports" })).toBeNull()
    expect(asked.some(({ route }) => route.startsWith("reports."))).toBe(false)
  })
})

describe("prepaid credit", () => {
  const credit = {
    project: "wind-tunnel",
    payerId: "co-auto",
    payerNameThai: "บริษัท",
    payerNameEnglish: "Example Automotive",
    settled: money("900.00"),
    held: money("100.00"),
    available: money("800.00"),
    openHolds: 1,
  }
  const rows = { rows: [credit], next: null, dataUntil }
  const change = { reference: "KTB 77", receiptNumber: null, at: "2026-10-01T02:00:00Z", settled: money("1,000.00"), held: money("0.00") }
  const histories = {
    "prepaid.get": {
      ...credit,
      holds: [{ id: "job-9", amount: money("100.00"), open: money("100.00"), expiresAt: "2026-10-08T02:00:00Z" }],
      actions: [],
      dataUntil,
    },
    "prepaid.history": {
      rows: [
        { ...change, kind: "charge", receiptNumber: "G2026-000009", amount: money("100.00"), available: money("800.00") },
        { ...change, kind: "top-up", amount: money("1,000.00"), available: money("1,000.00") },
      ],
      next: null,
      dataUntil,
    },
  }

  it("shows a project's own people what is left and how it came about", async () => {
    const { asked } = renderPortal("project-owner", "/account?month=2026-09&account=civil-cfd", { "prepaid.list": rows, ...histories })
    await press("History: Prepaid credit of wind-tunnel")
    const dialog = within(await screen.findByRole("dialog"))
    expect(await dialog.findByText(/has ฿800\.00 available|available;/)).toHaveTextContent(
      "wind-tunnel has ฿800.00 available; ฿100.00 is held for jobs.",
    )
    expect((await dialog.findByText("Drawn by a receipt")).closest("tr")).toHaveTextContent("G2026-000009")
    expect(dialog.getByText("Paid ahead").closest("tr")).toHaveTextContent("KTB 77")
    expect(dialog.getByText("job-9").closest("tr")).toHaveTextContent("100.00")
    expect(asked.find(({ route }) => route === "prepaid.list")?.url.searchParams.get("payerId")).toBe("co-auto")
    expect(screen.queryByRole("button", { name: "Take money paid ahead", hidden: true })).toBeNull()
  })

  it("is not shown where nobody of the account paid ahead", async () => {
    const { asked } = renderPortal("project-owner", "/account?month=2026-09&account=civil-cfd")
    await screen.findByText("Receipts")
    await waitFor(() => expect(asked.some(({ route }) => route === "prepaid.list")).toBe(true))
    expect(screen.queryByText("Prepaid credit")).toBeNull()
  })

  it("is topped up by finance once, and says what refuses it", async () => {
    const payers = [{ id: "co-auto", nameThai: "บริษัท", nameEnglish: "Example Automotive" }]
    const { asked } = renderPortal("finance", "/month?month=2026-09", {
      "payers.payers": { payers },
      "prepaid.topUp": refusal(422, "raw", {
        code: "prepaid-of-another",
        params: { project: "wind-tunnel", owner: "mu", payer: "co-auto" },
      }),
    })
    expect(await screen.findByText("Nobody has paid ahead")).toBeInTheDocument()
    await press("Take money paid ahead")
    const dialog = within(await screen.findByRole("dialog"))
    expect(dialog.getByRole("button", { name: "Take money paid ahead" })).toBeDisabled()
    await userEvent.type(dialog.getByLabelText(/^Project/), "wind-tunnel")
    await userEvent.type(dialog.getByLabelText(/^Amount/), "1000.50")
    await userEvent.type(dialog.getByLabelText(/^Bank reference/), "KTB 77")
    await userEvent.click(dialog.getByRole("button", { name: /Payer/ }))
    await userEvent.click(await screen.findByRole("option", { name: "Example Automotive" }))
    await userEvent.click(dialog.getByRole("button", { name: "Take money paid ahead" }))
    expect(await dialog.findByText(/belongs to payer mu, not to co-auto/)).toBeInTheDocument()
    const sent = asked.find(({ route }) => route === "prepaid.topUp")
    expect(sent?.url.pathname).toBe("/v1/tenants/demo/prepaid/wind-tunnel/top-up")
    expect(sent?.body).toEqual({ id: "KTB 77", payerId: "co-auto", amount: "1000.50" })
    expect(sent?.idempotencyKey).toMatch(/^[0-9a-f]{32}$/)
  })
})
