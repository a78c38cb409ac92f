import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { describe, expect, it } from "vitest"
import { dataUntil, job, money, period, receipt, zeroJob } from "./testing/answers.ts"
import { renderEntity, renderPortal } from "./testing/renderPortal.tsx"
import { refusal } from "./testing/serviceFetch.ts"

const nothing = { rows: [], next: null, dataUntil }

describe("my usage", () => {
  it("says in one sentence what the jobs cost, against which month, and until when it knows", async () => {
    renderPortal("researcher", "/usage?month=2026-09")
    const sentence = await screen.findByText(/^Your 2 jobs cost/)
    expect(sentence).toHaveTextContent("Your 2 jobs cost ฿1,305.34 in September 2026, ฿1,032.25 more (+378.0 %) against August 2026.")
    expect(screen.getAllByText(/Data until 30 Sept? 2026, 23:59 \(Asia\/Bangkok\)/)[0]).toBeInTheDocument()
  })

  it("shows zero as 0.00 with its reason, and what is not priced as absent", async () => {
    renderPortal("researcher", "/usage?month=2026-09")
    const zero = await screen.findByRole("button", { name: "Why job 101238 costs 0.00" })
    expect(zero).toHaveTextContent("0.00")
    const row = zero.closest("tr") as HTMLElement
    expect(row).toHaveTextContent("the job ran for zero seconds")
    const pending = screen.getByText("101300").closest("tr") as HTMLElement
    expect(within(pending).getAllByText("—").length).toBeGreaterThan(0)
    expect(within(pending).queryByText("0.00")).toBeNull()
  })

  it("marks a job that must long be gone with words, and asks for such jobs alone", async () => {
    const { asked } = renderPortal("researcher", "/usage?month=2026-09&state=probably-runaway", {
      "usage.jobs": { ...nothing, rows: [{ ...job, state: "RUNNING", probablyRunaway: true }, zeroJob] },
    })
    const row = (await screen.findByRole("button", { name: /1,304\.80/ })).closest("tr") as HTMLElement
    expect(within(row).getByText("Probably runaway")).toBeInTheDocument()
    expect(within(screen.getByText("101238").closest("tr") as HTMLElement).queryByText("Probably runaway")).toBeNull()
    expect(screen.getByRole("button", { name: /State/ })).toHaveTextContent("Probably runaway")
    const query = asked.find(({ route }) => route === "usage.jobs")?.url.searchParams
    expect([query?.get("only"), query?.get("state")]).toEqual(["probably-runaway", null])
  })

  it("opens the explanation beside an amount and closes it with Escape", async () => {
    renderPortal("researcher", "/usage?month=2026-09")
    await userEvent.click(await screen.findByRole("button", { name: "Explain 1,304.80 of job 101287" }))
    const drawer = screen.getByRole("complementary", { name: "Explain amount" })
    expect(await within(drawer).findByText("144.977778 core-h x 5 = 724.88889 THB, billed 724.89 of 1,305.34")).toBeInTheDocument()
    expect(within(drawer).getByText("73.3 %")).toBeInTheDocument()
    expect(within(drawer).getByText("unknown")).toBeInTheDocument()
    expect(drawer).toHaveFocus()
    await userEvent.keyboard("{Escape}")
    expect(screen.queryByRole("complementary", { name: "Explain amount" })).toBeNull()
  })

  it("says that a month has no jobs", async () => {
    renderPortal("researcher", "/usage?month=2026-06", { "usage.jobs": nothing })
    expect(await screen.findByText("No jobs in June 2026")).toBeInTheDocument()
  })

  it("asks the service for the next page by its cursor", async () => {
    const { asked } = renderPortal("researcher", "/usage?month=2026-09", { "usage.jobs": { ...nothing, rows: [], next: null } })
    await screen.findByText("No jobs in September 2026")
    expect(asked.find(({ route }) => route === "usage.jobs")?.url.searchParams.get("limit")).toBe("25")
    const { asked: paged } = renderPortal("researcher", "/usage?month=2026-09&cursor=abc")
    await waitFor(() =>
      expect(paged.some(({ route, url }) => route === "usage.jobs" && url.searchParams.get("cursor") === "abc")).toBe(true),
    )
  })
})

describe("states", () => {
  it("offers a role its own tabs only", async () => {
    renderPortal("researcher", "/usage")
    await screen.findByText(/^Your 2 jobs cost/)
    expect(screen.getByRole("link", { name: "My usage" })).toBeInTheDocument()
    expect(screen.queryByRole("link", { name: "Month" })).toBeNull()
    expect(screen.queryByRole("link", { name: "Audit" })).toBeNull()
  })

  it("says who may see a page instead of asking for it", async () => {
    const { asked } = renderPortal("researcher", "/month")
    expect(await screen.findByText("This is not open to you")).toBeInTheDocument()
    expect(screen.getByText(/Your roles \(Researcher\)/)).toBeInTheDocument()
    expect(asked.some(({ route }) => route === "periods.get")).toBe(false)
  })

  it("shows what the service says of a failure, with the request to name", async () => {
    renderPortal("auditor", "/audit", { "audit.status": refusal(500, "The service failed. Tell the operator.") })
    expect(await screen.findByText(/The service failed\. Tell the operator\./)).toBeInTheDocument()
    expect(screen.getByText("Request req-1")).toBeInTheDocument()
    expect(screen.getByRole("button", { name: "Try again" })).toBeInTheDocument()
  })

  it("says that no books are open to a person", async () => {
    renderPortal("researcher", "/usage", { "session.tenants": { tenants: [] } })
    expect(await screen.findByText("No billing data for you yet")).toBeInTheDocument()
  })

  it("is loading in words before the first answer", async () => {
    renderPortal("researcher", "/usage", { "session.me": () => new Promise(() => undefined) })
    expect(await screen.findByText("Loading")).toBeInTheDocument()
  })

  it("tells an entity without an account how to name one", async () => {
    renderEntity({ apiVersion: "backstage.io/v1alpha1", kind: "Component", metadata: { name: "bare" } })
    expect(await screen.findByText("No Slurm account is named for this entity")).toBeInTheDocument()
    expect(screen.getByText(/hpc-billing\.io\/slurm-account: phys-flood/)).toBeInTheDocument()
  })

  it("shows an entity the cost of its account", async () => {
    const annotations = { "hpc-billing.io/slurm-account": "civil-cfd" }
    const { asked } = renderEntity({ apiVersion: "backstage.io/v1alpha1", kind: "Group", metadata: { name: "civil", annotations } })
    expect(await screen.findByText(/has spent/)).toHaveTextContent("civil-cfd has spent ฿1,305.34 in September 2026")
    expect(asked.find(({ route }) => route === "usage.summary")?.url.searchParams.get("account")).toBe("civil-cfd")
  })
})

describe("month", () => {
  it("names what blocks the close and does not let it happen", async () => {
    renderPortal("finance", "/month?month=2026-09")
    expect(await screen.findByText(/Receipts not in the journal yet: 10\. Preview the journal of September 2026/)).toBeInTheDocument()
    expect(screen.getByText("One thing stands in the way of closing.")).toBeInTheDocument()
    expect(screen.getByRole("button", { name: "Close September 2026" })).toBeDisabled()
    expect(await screen.findByText("debit = credit")).toBeInTheDocument()
  })

  it("says what is issued and not part of the receivables yet", async () => {
    const notPosted = { amount: money("2,140.00"), count: 2 }
    renderPortal("finance", "/month?month=2026-09", { "periods.get": { ...period, notPosted } })
    expect(await screen.findByText(/^Not included: 2 receipts over ฿2,140\.00 that are issued but not posted\.$/)).toBeInTheDocument()
  })

  it("is for reading to an auditor", async () => {
    renderPortal("auditor", "/month?month=2026-09", { "periods.get": { ...period, canClose: true } })
    expect(await screen.findByRole("link", { name: "G2026-000009" })).toBeInTheDocument()
    expect(screen.queryByRole("button", { name: /^Close/ })).toBeNull()
    expect(screen.queryByRole("button", { name: /^Export September/ })).toBeNull()
  })
})

describe("receipt", () => {
  const path = "/receipts/2026-09/co-auto/1"

  it("takes a payment once, with an idempotency key", async () => {
    const { asked } = renderPortal("finance", path)
    await userEvent.click(await screen.findByRole("button", { name: "Take payment" }))
    const dialog = await screen.findByRole("dialog")
    await userEvent.type(within(dialog).getByLabelText(/Tax withheld/), "13.05")
    await userEvent.click(within(dialog).getByRole("button", { name: "Take payment" }))
    await waitFor(() => expect(asked.filter(({ route }) => route === "receipts.pay")).toHaveLength(1))
    const paid = asked.find(({ route }) => route === "receipts.pay")
    expect(paid?.body).toEqual({ withheld: "13.05" })
    expect(paid?.idempotencyKey).toMatch(/^[0-9a-f]{32}$/)
  })

  it("keeps the dialog open with the rule that refused", async () => {
    renderPortal("finance", path, { "receipts.pay": refusal(422, "Post the journal of 2026-09 first.") })
    await userEvent.click(await screen.findByRole("button", { name: "Take payment" }))
    await userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Take payment" }))
    expect(await within(screen.getByRole("dialog")).findByText(/Post the journal of 2026-09 first\./)).toBeInTheDocument()
  })

  it("names every tax with what it is on, and the law where none is due", async () => {
    const exempt = {
      code: "education",
      ratePercent: "0",
      basis: "s.81(1)(g)",
      basisThai: "ม.81(1)(ช)",
      net: money("500.00"),
      tax: money("0.00"),
    }
    renderPortal("auditor", path, { "receipts.get": { ...receipt, taxes: [...receipt.taxes, exempt] } })
    expect(await screen.findByText("VAT7 7 %")).toBeInTheDocument()
    expect(screen.getByText(/^Net .*1,305\.34/)).toBeInTheDocument()
    expect(screen.getByText(/^Net .*500\.00.* · s\.81\(1\)\(g\)$/)).toBeInTheDocument()
  })

  it("says when its numbers do not follow from its lines", async () => {
    renderPortal("auditor", path, { "receipts.get": { ...receipt, findings: ["Line 1 adds up to 724.88, not 724.89."] } })
    expect(await screen.findByText("Its numbers do not follow from its lines")).toBeInTheDocument()
    expect(screen.getByText("Line 1 adds up to 724.88, not 724.89.")).toBeInTheDocument()
  })
})

describe("rates", () => {
  it("publishes a changed price from the first of next month, after asking", async () => {
    const { asked } = renderPortal("admin", "/rates")
    const price = await screen.findByRole("textbox", { name: /CPU/ })
    const publish = screen.getByRole("button", { name: "Publish from 1 Nov 2026" })
    expect(publish).toBeDisabled()
    await userEvent.clear(price)
    await userEvent.type(price, "6.5")
    expect(screen.getByText("was 5")).toBeInTheDocument()
    await userEvent.click(publish)
    await userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Publish from 1 Nov 2026" }))
    await waitFor(() =>
      expect(asked.find(({ route }) => route === "formulas.set")?.body).toEqual({ prices: { cpu: "6.5" }, effectiveFrom: "2026-11-01" }),
    )
  })
})

describe("audit", () => {
  it("says that the record is broken, and where", async () => {
    renderPortal("auditor", "/audit")
    await userEvent.click(await screen.findByRole("button", { name: "Verify the chain" }))
    expect(await screen.findByText("The record is broken")).toBeInTheDocument()
    expect(screen.getByText("Record 7 is bad: altered.")).toBeInTheDocument()
  })
})
