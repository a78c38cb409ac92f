import { execFile } from "node:child_process"
import { appendFile, cp, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, it, vi } from "vitest"

// each step is a process that opens a database
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const inProject = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const program = inProject("packages/service/src/cli/main.ts")
const exported = inProject("packages/slurm-adapter/fixtures/22.05-debian/settled/sacct/all.epoch.noconvert.us.txt")

let folder: string

const hpcBilling = (
  ...parameters: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> =>
  new Promise((resolve) => {
    const { DATABASE_URL: _, ...env } = process.env
    execFile(
      process.execPath,
      ["--conditions=@hpc-billing/source", program, ...parameters],
      { cwd: folder, env: { ...env, HPC_BILLING_WITNESS: "witness" } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : (error.code as unknown as number), stdout, stderr }),
    )
  })

const done = async (...parameters: readonly string[]): Promise<string> => {
  const outcome = await hpcBilling(...parameters)
  expect(outcome.code, outcome.stderr).toBe(0)
  return outcome.stdout
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hpc-billing-books-"))
  await cp(inProject("examples/month-end/sites/ci"), join(folder, "site"), { recursive: true })
  for (const line of ["keys create", "rates publish", `ingest ${exported}`, "bill --month 2026-10", "journal post --month 2026-10"])
    await done(...line.split(" "))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

it("walks receipts, prepaid credit and reports, and the witness names an end that was cut off", async () => {
  const { receivables } = JSON.parse(await done("report", "receivables", "--json"))
  const [first, second] = receivables.toSorted((left: { openMinor: string }, right: { openMinor: string }) =>
    Number(BigInt(right.openMinor) - BigInt(left.openMinor)),
  )

  const credited = JSON.parse(await done("receipt", "credit", first.receiptNumber, "--net", "1.00", "--reason", "node failed", "--json"))
  expect(credited).toMatchObject({ number: "RCN2026-000001", netMinor: "100" })
  expect(await done("receipt", "pay", second.receiptNumber, "--withheld", "0.01")).toContain(`Receipt ${second.receiptNumber} is paid.`)
  expect(await hpcBilling("receipt", "refund", second.receiptNumber, "--amount", "1.005")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('"1.005" is no amount in THB'),
  })
  await done("receipt", "write-off", first.receiptNumber, "--reason", "insolvent")
  const left = await done("report", "receivables")
  for (const { receiptNumber } of receivables)
    expect(left.includes(receiptNumber)).toBe(receiptNumber !== first.receiptNumber && receiptNumber !== second.receiptNumber)

  await done("prepaid", "top-up", "reef", "--amount", "1500.00", "--id", "bank-1", "--payer", first.payerId)
  await done("prepaid", "hold", "reef", "--amount", "1200.00", "--id", "job-1")
  expect(await hpcBilling("prepaid", "hold", "reef", "--amount", "300.01", "--id", "job-2")).toMatchObject({ code: 1 })
  await done("prepaid", "release", "reef", "--id", "job-1")
  expect(await done("prepaid", "show", "reef")).toContain("1,500.00 THB paid ahead, 0.00 THB held, 1,500.00 THB available")

  expect(await done("report", "balance-sheet", "--payer", first.payerId)).toContain("Liabilities and equity")
  expect(await done("report", "statement", "1000", "--to", "2099-12-31")).toContain("closing balance")
  expect(await hpcBilling("report", "balance-sheet", "--as-of", "2026-02-30")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"2026-02-30" is not a date'),
  })
  expect(await done("verify")).toContain("verified")
  expect(await hpcBilling("verify", "--witness", "data/witness")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("the witness lies in the data folder"),
  })
  const file = join(folder, "witness", "ci.witness.jsonl")
  const last = JSON.parse((await readFile(file, "utf8")).trimEnd().split("\n").at(-1) ?? "")
  await appendFile(file, `${JSON.stringify({ ...last, sequence: String(BigInt(last.sequence) + 1n) })}\n`)
  expect(await hpcBilling("verify")).toMatchObject({ code: 3, stdout: expect.stringContaining("the end of the log was cut off") })
})
