import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { describe, expect, it } from "vitest"
import { dataUntil, jobDetail, money, period, rates, receipt } from "./testing/answers.ts"
import { renderPortal } from "./testing/renderPortal.tsx"
import { refusal } from "./testing/serviceFetch.ts"

const press = async (name: string | RegExp) => userEvent.click(await screen.findByRole("button", { name }))
const inDialog = async () => within(await screen.findByRole("dialog"))

describe("finance acts on a receipt", () => {
  const path = "/receipts/2026-09/co-auto/1"
  const answering = (actions: readonly string[], changed: object = {}) => ({ "receipts.get": { ...receipt, ...changed, actions } })

  it("credits a part with its reason, after saying what follows", async () => {
    const { asked } = renderPortal("finance", path, { ...answering(["credit"]), "receipts.credit": receipt })
    await press("Credit note")
    const dialog = await inDialog()
    expect(dialog.getByText(/takes back all that is left/)).toHaveTextContent("฿1,305.34 and ฿91.37 tax")
    expect(dialog.getByRole("button", { name: "Credit note" })).toBeDisabled()
    await userEvent.type(dialog.getByLabelText(/Net amount/), "100.50")
    expect(dialog.getByText(/takes back/)).toHaveTextContent("100.50 THB and the tax on it")
    await userEvent.type(dialog.getByLabelText(/Reason/), "Node was faulty")
    await userEvent.click(dialog.getByRole("button", { name: "Credit note" }))
    expect(await screen.findByText("The credit note is issued.")).toBeInTheDocument()
    const sent = asked.find(({ route }) => route === "receipts.credit")
    expect(sent?.body).toEqual({ net: "100.50", reason: "Node was faulty" })
    expect(sent?.idempotencyKey).toMatch(/^[0-9a-f]{32}$/)
  })

  it("pays back what a receipt stands in credit", async () => {
    const { asked } = renderPortal("finance", path, {
      ...answering(["refund"], { balance: money("-107.54") }),
      "receipts.refund": receipt,
    })
    await press("Pay back")
    const dialog = await inDialog()
    expect(dialog.getByText(/is posted as paid back/)).toHaveTextContent("฿107.54 is posted")
    await userEvent.click(dialog.getByRole("button", { name: "Pay back" }))
    await waitFor(() => expect(asked.find(({ route }) => route === "receipts.refund")?.body).toEqual({}))
  })

  it("says what goes back to prepaid credit, and pays all of it out when asked", async () => {
    const refundable = { bank: money("7.54"), credits: [{ project: "flood", amount: money("100.00") }] }
    const { asked } = renderPortal("finance", path, {
      ...answering(["refund"], { balance: money("-107.54"), refundable }),
      "receipts.refund": receipt,
    })
    await press("Pay back")
    const dialog = await inDialog()
    expect(dialog.getByText(/goes back to it: flood ฿100\.00\./)).toBeInTheDocument()
    await userEvent.click(dialog.getByRole("checkbox", { name: /have all of it paid out/ }))
    expect(dialog.getByText(/nothing goes back to prepaid credit/)).toBeInTheDocument()
    await userEvent.click(dialog.getByRole("button", { name: "Pay back" }))
    await waitFor(() => expect(asked.find(({ route }) => route === "receipts.refund")?.body).toEqual({ to: "bank" }))
  })

  it("writes off what is owed, and shows the rule that refuses it in the portal's words", async () => {
    renderPortal("finance", path, {
      ...answering(["write-off"], { balance: money("1,396.71") }),
      "receipts.writeOff": refusal(422, "raw", { code: "receipt-not-posted", params: { number: "G2026-000009", month: "2026-09" } }),
    })
    await press("Write off")
    const dialog = await inDialog()
    expect(dialog.getByText(/is given up/)).toHaveTextContent("฿1,396.71 is given up")
    await userEvent.type(dialog.getByLabelText(/Reason/), "Company dissolved")
    await userEvent.click(dialog.getByRole("button", { name: "Write off" }))
    expect(
      await dialog.findByText(/Receipt G2026-000009 is not in the journal yet: post the journal of September 2026 first\./),
    ).toBeInTheDocument()
  })

  it("lists what a rule found in the portal's words, with the place", async () => {
    const finding = { path: "cards[0]", text: "raw", code: "book-no-price", params: {} }
    renderPortal("finance", path, {
      ...answering(["void"]),
      "receipts.void": { ...refusal(422, "raw", { code: "publish-unsound", params: {} }), findings: [finding] },
    })
    await press("Void")
    const dialog = await inDialog()
    await userEvent.type(dialog.getByLabelText(/Reason/), "x")
    await userEvent.click(dialog.getByRole("button", { name: "Void" }))
    const found = await dialog.findByRole("listitem")
    expect(found).toHaveTextContent("cards[0] it has no price: add the price of one unit.")
  })

  it("offers nothing that the service does not", async () => {
    renderPortal("finance", path, answering(["pdf"]))
    await screen.findByRole("button", { name: "PDF" })
    for (const name of ["Credit note", "Pay back", "Write off", "Void", "Take payment"])
      expect(screen.queryByRole("button", { name })).toBeNull()
  })
})

describe("a closed month", () => {
  const closed = { ...period, status: "closed", closedBy: "finance", closedAt: "2026-10-02T02:00:00Z", entryCount: 12 }
  const request = { requestedBy: "suda", requestedAt: "2026-10-03T02:00:00Z", reason: "A credit note belongs into it" }

  it("is asked to reopen with a reason", async () => {
    const { asked } = renderPortal("finance", "/month?month=2026-09", {
      "periods.get": { ...closed, actions: ["request-reopen"] },
      "periods.requestReopen": closed,
    })
    await press("Ask to reopen September 2026")
    const dialog = await inDialog()
    await userEvent.type(dialog.getByLabelText(/Reason/), request.reason)
    await userEvent.click(dialog.getByRole("button", { name: "Ask" }))
    expect(await screen.findByText("Asked. Another person of finance approves it.")).toBeInTheDocument()
    expect(asked.find(({ route }) => route === "periods.requestReopen")?.body).toEqual({ reason: request.reason })
  })

  it("is reopened by another person, who reads what follows", async () => {
    const { asked } = renderPortal("finance", "/month?month=2026-09", {
      "periods.get": { ...closed, actions: ["request-reopen", "reopen"], reopenRequest: request },
      "periods.reopen": closed,
    })
    await press("Approve and reopen")
    const dialog = await inDialog()
    expect(dialog.getByText(/with its 12 entries takes postings again/)).toBeInTheDocument()
    await userEvent.click(dialog.getByRole("button", { name: "Approve and reopen" }))
    await waitFor(() => expect(asked.filter(({ route }) => route === "periods.reopen")).toHaveLength(1))
  })

  it("says to who asked that somebody else approves", async () => {
    renderPortal("finance", "/month?month=2026-09", {
      "periods.get": { ...closed, actions: ["request-reopen"], reopenRequest: { ...request, requestedBy: "finance" } },
    })
    expect(await screen.findByText(/who asks does not approve/)).toBeInTheDocument()
    expect(screen.queryByRole("button", { name: "Approve and reopen" })).toBeNull()
  })
})

describe("prices on a day", () => {
  it("asks for the day in the address, and goes to the day on which prices change", async () => {
    const card = rates.cards[0]
    const coming = { ...card, version: 2, effectiveFrom: "2026-11-01", standing: "coming" }
    const { asked } = renderPortal("admin", "/rates?on=2026-10-07", {
      "rates.current": { ...rates, on: "2026-10-07", cards: [...rates.cards, coming] },
    })
    await press("from 1 Nov 2026")
    await waitFor(() =>
      expect(
        asked
          .filter(({ route }) => route === "rates.current")
          .at(-1)
          ?.url.searchParams.get("on"),
      ).toBe("2026-11-01"),
    )
    expect(asked.find(({ route }) => route === "rates.current")?.url.searchParams.get("on")).toBe("2026-10-07")
  })

  it("adds an override and says what it does before", async () => {
    const { asked } = renderPortal("admin", "/rates", { "rates.addOverride": { override: null, problems: [] } })
    await press("Add an override")
    const dialog = await inDialog()
    await userEvent.type(dialog.getByLabelText(/^Account/), "civil-cfd")
    await userEvent.type(dialog.getByRole("textbox", { name: /^Factor/ }), "0.8")
    await userEvent.type(dialog.getByLabelText(/Reason/), "Partner")
    expect(dialog.getByText(/civil-cfd pays factor 0\.8 from 1 Nov 2026 on/)).toBeInTheDocument()
    await userEvent.click(dialog.getByRole("button", { name: "Add an override" }))
    await waitFor(() =>
      expect(asked.find(({ route }) => route === "rates.addOverride")?.body).toEqual({
        account: "civil-cfd",
        user: null,
        effectiveFrom: "2026-11-01",
        effectiveUntil: null,
        reason: "Partner",
        factor: "0.8",
      }),
    )
  })
})

describe("a plan of a draft", () => {
  const effect = (before: string, amount: string) => ({
    amount: money(amount),
    change: { before: money(before), difference: money("10.00"), percentText: "+10.0 %", direction: "up" },
    before: money(before),
    useEffect: money("0.00"),
    priceEffect: money("10.00"),
    policyEffect: money("0.00"),
  })
  const planOf = (month: string, toMonth: string, before: string, amount: string) => {
    const row = effect(before, amount)
    const { amount: total, ...effects } = row
    const payers = [{ payerId: "co-auto", tier: "Private", ...row }]
    return { plan: { month, toMonth, total, ...effects, tiers: [{ tier: "Private", ...row }], payers, breaches: [] }, problems: [] }
  }

  it("covers a span of months, each by itself and then together, by tier and payer", async () => {
    const bodies: unknown[] = []
    const { asked } = renderPortal("admin", "/rates?month=2026-09&planFrom=2026-08", {
      "rates.document": { version: 1, sha256: "0".repeat(64), text: "cards: []" },
      "rates.plan": () => {
        const body = asked.filter(({ route }) => route === "rates.plan").at(-1)?.body as { month: string; toMonth?: string }
        bodies.push(body)
        if (body.toMonth !== undefined) return planOf(body.month, body.toMonth, "300.00", "310.00")
        return planOf(body.month, body.month, body.month === "2026-08" ? "100.00" : "200.00", "210.00")
      },
    })
    await press("Open the rate book")
    await press("Plan on 2 months")
    const title = "What the draft would change in August 2026 to September 2026"
    const byTier = await screen.findByRole("region", { name: `${title}, by tier` })
    expect(within(byTier).getByText("Private").closest("tr")).toHaveTextContent("Private300.00310.00+10.00▲+10.0 %")
    expect(within(screen.getByRole("region", { name: `${title}, by payer` })).getByText("co-auto")).toBeInTheDocument()
    const byMonth = screen.getByRole("region", { name: "Month by month" })
    expect(within(byMonth).getByText("August 2026").closest("tr")).toHaveTextContent("100.00")
    expect(within(byMonth).getByText("Total").closest("tr")).toHaveTextContent("300.00310.00")
    const text = "cards: []"
    expect(bodies).toEqual([
      { text, month: "2026-08" },
      { text, month: "2026-09" },
      { text, month: "2026-08", toMonth: "2026-09" },
    ])
  })

  it("says how far it is, and offers no publishing before it is done", async () => {
    renderPortal("admin", "/rates?month=2026-09&planFrom=2026-08", {
      "rates.document": { version: 1, sha256: "0".repeat(64), text: "cards: []" },
      "rates.plan": () => new Promise(() => undefined),
    })
    await press("Open the rate book")
    await press("Plan on 2 months")
    expect(await screen.findByRole("progressbar", { name: "Months planned" })).toHaveAttribute("max", "3")
    expect(screen.getByText("0 of 2 months, then all together")).toBeInTheDocument()
    expect(screen.getByRole("button", { name: "Publish the book" })).toBeDisabled()
  })
})

describe("a planned job", () => {
  const script = "sbatch --account=civil-cfd --cpus-per-task=8 job.sh"
  const estimate = {
    account: "civil-cfd",
    user: "anan.w",
    cluster: "alpha",
    partition: "cpu",
    qos: "normal",
    nodes: 1,
    cores: 8,
    gpus: 0,
    memoryMebibytes: 16_384,
    timeLimitSeconds: 93_600,
    tasks: 4,
    lines: [
      {
        sku: "cpu",
        quantity: { decimal: "208", unit: "core-h", text: "208 core-h" },
        unitPrice: "5",
        exactAmount: "1040",
        zeroReason: null,
        tier: "Private",
      },
    ],
    perTask: money("1,040.00"),
    total: money("4,160.00"),
    startsAt: "2026-10-05T00:00:00Z",
  }

  it("is priced with its explanation", async () => {
    const { asked } = renderPortal("researcher", "/plan", { "usage.estimate": { estimate, problems: [] } })
    await userEvent.type(await screen.findByLabelText("Script or command"), script)
    await press("Price it")
    expect(await screen.findByText(/would cost at most/)).toHaveTextContent(
      "This job would cost at most ฿4,160.00, if it runs for its whole limit of 1-02:00:00. 4 tasks, each 1,040.00 THB.",
    )
    expect(screen.getByText("208 core-h")).toBeInTheDocument()
    expect(asked.find(({ route }) => route === "usage.estimate")?.body).toEqual({ text: script, cluster: "alpha" })
  })

  it("warns when nothing prices it", async () => {
    const unpriced = { ...estimate, account: "", tasks: 1, lines: [{ ...estimate.lines[0], zeroReason: "no-card-in-force" }] }
    renderPortal("researcher", "/plan", { "usage.estimate": { estimate: { ...unpriced, total: money("0.00") }, problems: [] } })
    await userEvent.type(await screen.findByLabelText("Script or command"), "sbatch job.sh")
    await press("Price it")
    expect(await screen.findByText(/Nobody would be charged/)).toBeInTheDocument()
    expect(screen.getByText(/Name an account that has a payer/)).toBeInTheDocument()
  })

  it("says which option cannot be read", async () => {
    const problems = [
      { option: "time", message: "raw", code: "sbatch-time", params: { option: "time", text: "8 hours" } },
      { option: "mem", message: "raw too", code: "sbatch-of-tomorrow", params: {} },
    ]
    renderPortal("researcher", "/plan", { "usage.estimate": { estimate: null, problems } })
    await userEvent.type(await screen.findByLabelText("Script or command"), script)
    await press("Price it")
    expect(await screen.findByText("--time=8 hours cannot be read: write a time such as 2:30:00 or 1-12.")).toBeInTheDocument()
    expect(screen.getByText("raw too")).toBeInTheDocument()
    expect(screen.getByText("2 problems to mend")).toBeInTheDocument()
  })
})

it("tells the cost of a month from what was billed of it", async () => {
  const change = { before: money("900.00"), difference: money("100.00"), percentText: "+11.1 %", direction: "up" }
  renderPortal("finance", "/dashboard?month=2026-09", {
    "dashboard.kpis": {
      month: "2026-09",
      compareMonth: "2026-08",
      unbilled: money("0.00"),
      receivables: money("0.00"),
      notPosted: { amount: money("53.50"), count: 1 },
      paidIn30Days: money("0.00"),
      billed: money("1,070.00"),
      billedChange: null,
      cost: money("1,000.00"),
      costChange: change,
      jobs: 3,
      jobsCompared: 2,
      energyKilowattHours: null,
      topUsers: [],
      topAccounts: [],
      topTiers: [],
      topNodes: [],
      states: [],
      exitCodes: [],
      recentJobs: [],
      dataUntil,
    },
  })
  const tile = async (name: string) => (await screen.findByText(name)).nextElementSibling
  expect(await tile("Cost of the month")).toHaveTextContent(/^฿1,000\.00.*11\.1 %/)
  expect(await tile("Billed, with tax")).toHaveTextContent("฿1,070.00")
  expect(await tile("Receivables")).toHaveTextContent("฿0.00plus ฿53.50 issued, not posted")
  expect(screen.getByText(/^3 jobs in/)).toHaveTextContent("3 jobs in September 2026 cost ฿1,000.00.")
})

it("tells apart the months of a job that ran over the end of one", async () => {
  const lines = [jobDetail.lines[0], { ...jobDetail.lines[0], lineId: "later", month: "2026-10" }]
  renderPortal("researcher", `/usage?month=2026-09&job=${encodeURIComponent(jobDetail.job.usageId)}`, {
    "usage.job": { ...jobDetail, lines },
  })
  expect(await screen.findByText("Over all its months: September 2026, October 2026")).toBeInTheDocument()
  expect(screen.getByText(/^October 2026 · 144\.977778 core-h/)).toBeInTheDocument()
})

it("saves the jobs of the present filters as CSV", async () => {
  const saved: string[] = []
  URL.createObjectURL = () => "blob:jobs"
  URL.revokeObjectURL = () => undefined
  HTMLAnchorElement.prototype.click = function click() {
    saved.push(this.download)
  }
  const { asked } = renderPortal("researcher", "/usage?month=2026-09&state=FAILED", {
    "usage.jobsCsv": () => new Response("a,b\r\n", { headers: { "content-disposition": 'attachment; filename="jobs.csv"' } }),
  })
  await press("Jobs as CSV")
  await waitFor(() => expect(saved).toEqual(["jobs.csv"]))
  const query = asked.find(({ route }) => route === "usage.jobsCsv")?.url.searchParams
  expect(Object.fromEntries(query ?? [])).toEqual({ month: "2026-09", user: "anan.w", state: "FAILED" })
})

it("a month without jobs says so, and what the one before cost", async () => {
  const { summary } = await import("./testing/answers.ts")
  renderPortal("researcher", "/usage?month=2026-09", {
    "usage.summary": { ...summary, jobs: 0, chargedJobs: 0, total: money("0.00") },
    "usage.jobs": { rows: [], next: null, dataUntil },
  })
  expect(await screen.findByText(/^No jobs in September 2026\./)).toHaveTextContent("No jobs in September 2026. August 2026 cost ฿273.09.")
})
