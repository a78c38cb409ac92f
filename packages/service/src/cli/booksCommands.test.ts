import { appendFile, cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { type CommandLine, openCommandLine } from "../testing/commandLine.ts"

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const inProject = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const exported = inProject("packages/slurm-adapter/fixtures/22.05-debian/settled/sacct/all.epoch.noconvert.us.txt")

/** A site of its own with October billed and posted; `witness` beside it. */
const openBooks = async () => {
  const folder = await mkdtemp(join(tmpdir(), "hpc-billing-books-"))
  await cp(inProject("examples/month-end/sites/ci"), join(folder, "site"), { recursive: true })
  await appendFile(
    join(folder, "site/site.yaml"),
    'expectedLosses:\n  - { untilDays: 30, rate: "0.01" }\n  - { untilDays: null, rate: "0.5" }\n',
  )
  vi.stubEnv("HPC_BILLING_WITNESS", join(folder, "witness"))
  const line = await openCommandLine(folder)
  const run: CommandLine["run"] = (words, days) => line.run(words, days)
  const done = async (text: string, days?: number): Promise<string> => {
    const outcome = await run(text.match(/"[^"]*"|\S+/g)?.map((word) => word.replaceAll('"', "")) ?? [], days)
    expect(outcome.code, `${text}: ${outcome.stderr}`).toBe(0)
    return outcome.stdout
  }
  const json = async (text: string, days?: number) => JSON.parse(await done(`${text} --json`, days))
  const refused = async (text: string, days?: number): Promise<string> => {
    const outcome = await run(text.match(/"[^"]*"|\S+/g)?.map((word) => word.replaceAll('"', "")) ?? [], days)
    expect(outcome.code, `${text}: ${outcome.stdout}`).toBe(1)
    return outcome.stderr
  }
  for (const text of ["keys create", "rates publish", `ingest ${exported}`, "bill --month 2026-10"]) await done(text)
  const close = async () => {
    vi.unstubAllEnvs()
    await line.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { folder, run, done, json, refused, close }
}

let books: Awaited<ReturnType<typeof openBooks>>

beforeAll(async () => {
  books = await openBooks()
})

afterAll(() => books.close())

/** All that the books say, so that a dry run shows in it. */
const standing = async (): Promise<string> => {
  const parts: string[] = []
  for (const text of ["report trial-balance --as-of 2099-12-31", "report receivables", "audit checkpoint --dry-run"])
    parts.push(await books.done(text))
  return parts.join("\n")
}

it("tells what became of every job of a month, in pages and narrowed", async () => {
  const { counts, rows, next, status } = await books.json("fate --month 2026-10 --limit 1000")
  const rated = (await books.json("rate --month 2026-10")).counts
  expect([status, next]).toEqual(["open", null])
  expect(counts).toMatchObject({ unbilled: 0, breaches: 0, zero: rated.zeroUsages, unmapped: rated.unmappedUsages })
  expect(counts.billed).toBe(rated.chargedUsages)
  const page = await books.json("fate --month 2026-10 --limit 3")
  const following = await books.json(`fate --month 2026-10 --limit 3 --cursor ${page.next}`)
  expect([...page.rows, ...following.rows]).toEqual(rows.slice(0, 6))
  const [billed] = rows.filter(({ kind }: { readonly kind: string }) => kind === "billed")
  const text = await books.done(`fate --month 2026-10 --job ${billed.jobId} --kind billed`)
  expect(text).toContain(`2026-10 (open), jobs, readings and period amounts: ${counts.billed} billed, ${counts.zero} at zero with a reason`)
  expect(text).toContain(`Billed on ${billed.lines[0].receiptNumber}.`)
  expect(await books.done("fate --month 2026-10 --breaches")).toMatch(/ left to bill; 0 breaches\n$/)
  expect((await books.run(["fate", "--month", "2026-10", "--limit", "0"])).code).toBe(2)
})

interface Receivable {
  readonly receiptNumber: string
  readonly payerId: string
  readonly openMinor: string
}

describe("what becomes of receipts", () => {
  let receivables: readonly Receivable[]
  const numberOf = (index: number): string => receivables[index]?.receiptNumber ?? ""

  it("voids one that is not posted, and nothing of it is left; the rest is posted", async () => {
    const { receipts } = await books.json("bill --month 2026-10 --dry-run")
    expect(receipts).toEqual([])
    expect(await books.done('receipt void R2026-000003 --reason "wrong payer" --dry-run')).toBe("Receipt R2026-000003 would be void.\n")
    await books.done('receipt void R2026-000003 --reason "wrong payer"')
    expect(await books.refused("receipt void R2026-000003 --reason again")).toContain(
      "is void: only an issued, unpaid receipt can be voided",
    )
    const [draft] = (await books.json("bill --month 2026-10 --dry-run")).receipts
    expect(draft).toMatchObject({ prepaid: [] })
    await books.done(`prepaid top-up shoal --amount 0.01 --id bank-0 --payer ${draft.payer}`)
    expect((await books.json("bill --month 2026-10 --dry-run")).receipts).toMatchObject([
      { prepaid: [{ project: "shoal", drawnMinor: "1" }] },
    ])
    expect(await books.done("bill --month 2026-10 --dry-run")).toMatch(/from prepaid credit\n.* THB +0\.01 of shoal\n/)
    const billed = await books.json("bill --month 2026-10")
    expect(billed.receipts).toHaveLength(1)
    expect(await books.done("prepaid show shoal")).toContain("0.00 THB paid ahead")
    await books.done("journal post --month 2026-10")
    const found = await books.json("report receivables")
    receivables = found.receivables.toSorted((left: Receivable, right: Receivable) =>
      Number(BigInt(right.openMinor) - BigInt(left.openMinor)),
    )
    expect(receivables).toHaveLength(2)
  })

  it("tries each act without storing anything of it", async () => {
    const before = await standing()
    const tries: readonly (readonly [string, RegExp])[] = [
      [`receipt pay ${numberOf(1)} --withheld 0.01`, /would be paid\./],
      [`receipt pay ${numberOf(1)} --received 0.02`, /would be paid in part\./],
      [`receipt credit ${numberOf(0)} --net 1.00 --reason outage`, /Credit note RCN2026-000001 would be for receipt/],
      [`receipt write-off ${numberOf(0)} --reason insolvent`, /would be written off/],
      ["impair --month 2026-11", /entries would be posted/],
      ["prepaid top-up reef --amount 10.00 --id b --payer faculty-of-science", /10\.00 THB would be available/],
      ["audit rotate --dry-run", /Epoch 1 would begin/],
      [`audit export ${join(books.folder, "log.jsonl")}`, /lines of the audit log would be written/],
    ]
    for (const [text, said] of tries) expect(await books.done(`${text.replace(" --dry-run", "")} --dry-run`)).toMatch(said)
    expect(await standing()).toBe(before)
  })

  it("pays in parts, credits, refunds and writes off, and says what is next when it refuses", async () => {
    const [first, second] = [numberOf(0), numberOf(1)]
    const credited = await books.json(`receipt credit ${first} --net 1.00 --reason "node failed"`)
    expect(credited).toMatchObject({ number: "RCN2026-000001", netMinor: "100" })
    expect(await books.done(`receipt pay ${second} --received 0.02`)).toBe(`Receipt ${second} is paid in part.\n`)
    expect(await books.refused(`receipt pay ${second} --received 9999999.00`)).toMatch(/take at most what is open/)
    expect(await books.done(`receipt pay ${second} --withheld 0.01`)).toBe(`Receipt ${second} is paid.\n`)
    expect(await books.refused(`receipt refund ${second} --amount 1.005`)).toContain('"1.005" is no amount in THB')
    expect(await books.refused(`receipt refund ${second}`)).toMatch(/at most 0\.00 THB/)
    await books.done(`receipt credit ${second} --net 0.05 --reason goodwill`)
    expect(await books.done(`receipt refund ${second} --to-bank --dry-run`)).toMatch(
      /THB of receipt R2026-00000\d would be paid back: \d\.\d\d THB from the bank\.\n$/,
    )
    const refunded = await books.json(`receipt refund ${second} --dry-run`)
    expect(refunded.amountMinor).toBe(String(BigInt(refunded.bankMinor) + BigInt(refunded.credits[0]?.amountMinor ?? "0")))
    expect(await books.json(`receipt refund ${second}`)).toEqual(refunded)
    expect(await books.done(`receipt write-off ${first} --reason insolvent`)).toMatch(/ THB of receipt R2026-00000\d written off/)
    expect(await books.refused(`receipt write-off ${first} --reason insolvent`)).toMatch(/no open debt to write off/)
    // what was drawn is booked by the store's clock
    const left = await books.done("report receivables --as-of 2099-12-31")
    for (const { receiptNumber } of receivables)
      expect(left.includes(receiptNumber)).toBe(receiptNumber !== first && receiptNumber !== second)
  })
})

it("keeps prepaid credit, and reports agree with each other", async () => {
  const payer = "faculty-of-science"
  await books.done(`prepaid top-up reef --amount 1500.00 --id bank-1 --payer ${payer}`)
  await books.done("prepaid hold reef --amount 1200.00 --id job-1")
  await books.refused("prepaid hold reef --amount 300.01 --id job-2")
  expect(await books.done("prepaid release reef --id job-1 --dry-run")).toMatch(/1,500\.00 THB would be available/)
  await books.done("prepaid release reef --id job-1")
  expect(await books.done("prepaid show reef")).toMatch(
    /1,500\.00 THB paid ahead, 0\.00 THB held, 1,500\.00 THB available\n.* top-up +1,500\.00 THB +bank-1\n.* hold +1,200\.00 THB +job-1\n.* release +1,200\.00 THB +job-1\n$/,
  )

  expect(await books.done(`report balance-sheet --payer ${payer}`)).toContain("Liabilities and equity")
  expect(await books.done("report statement 1000 --to 2099-12-31")).toContain("closing balance")
  const balance = await books.json("report trial-balance --as-of 2026-11-30")
  expect(balance.totals).toMatchObject([{ currency: "THB" }])
  expect(balance.totals[0].debitMinor).toBe(balance.totals[0].creditMinor)
  const { statements } = await books.json("report income-statement --from 2026-10-01 --to 2026-10-31")
  const revenue = (await books.json("report trial-balance --as-of 2026-10-31")).accounts.find(
    (row: { account: string }) => row.account === "4000",
  )
  expect(statements).toMatchObject([{ revenueMinor: String(-BigInt(revenue.balanceMinor)) }])
  expect(await books.run(["report", "balance-sheet", "--as-of", "2026-02-30"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"2026-02-30" is not a date'),
  })
})

it("closes, reopens with a second person, ages debts, and closes the year", async () => {
  expect(await books.done("close --month 2026-10 --dry-run")).toContain("can be closed")
  await books.done("close --month 2026-10")
  const reopen = 'reopen --month 2026-10 --reason "audit finding" --approved-by'
  expect(await books.done(`${reopen} second --dry-run`)).toContain("would be open again")
  expect(await books.refused("bill --month 2026-10")).toContain("2026-10 is closed")
  await books.done(`${reopen} second`)
  expect(await books.refused(`${reopen} second`)).toMatch(/2026-10/)
  await books.done("close --month 2026-10")
  expect(await books.done("impair --month 2026-11")).toMatch(/1 entries posted/)
  expect(await books.done("impair --month 2026-11")).toContain("stands as it should")
  expect(await books.refused("close-year --year 2026")).toContain("close it after the last day of 2026-12")
  expect(await books.refused("close-year --year 2026", 70)).toContain("2026-11 is still open: close it before the year 2026")
  for (const month of ["2026-11", "2026-12"]) {
    await books.done(`bill --month ${month}`, 70)
    await books.done(`journal post --month ${month}`, 70)
    if (month === "2026-11") await books.done(`close --month ${month}`, 70)
  }
  expect(await books.done("close-year --year 2026 --dry-run", 70)).toContain("would stand in retained earnings")
  expect(await books.done("close-year --year 2026", 70)).toContain("The result of 2026 stands in retained earnings.")
  expect(await books.done("close-year --year 2026", 70)).toContain("Nothing left to move for 2026.")
  const { accounts } = await books.json("report trial-balance --as-of 2026-12-31", 70)
  expect(accounts.find((row: { account: string }) => row.account === "4000")?.balanceMinor ?? "0").toBe("0")
})

it("verifies, and the witness names an end that was cut off", async () => {
  expect(await books.done("audit checkpoint")).toContain("Sealed")
  expect(await books.done("verify")).toContain("verified")
  await mkdir(join(books.folder, "data"), { recursive: true })
  expect(await books.run(["verify", "--witness", join(books.folder, "data/witness")])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("the witness lies in the data folder"),
  })
  const file = join(books.folder, "witness", "ci.witness.jsonl")
  const last = JSON.parse((await readFile(file, "utf8")).trimEnd().split("\n").at(-1) ?? "")
  await appendFile(file, `${JSON.stringify({ ...last, sequence: String(BigInt(last.sequence) + 1n) })}\n`)
  expect(await books.run(["verify"])).toMatchObject({ code: 3, stdout: expect.stringContaining("the end of the log was cut off") })
})
