import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict"
import type { FatesView, FateView } from "../api/groups/books.ts"
import { type ContractHost, clientOf, csvOf, key, params, refusedWith } from "./contractClients.ts"
import { contractMonth as month } from "./contractSite.ts"

export async function creditNotesPrinted(host: ContractHost): Promise<void> {
  const finance = clientOf(host, "finance")
  const numberOf = async (payer: string, sequence: number): Promise<string> => {
    const { creditNotes } = await finance.receipts.get({ params: { ...params, month, payer, sequence } })
    return creditNotes[0]?.number ?? ""
  }
  const own = await numberOf("composites", 1)
  const foreign = await numberOf("science", 2)
  const printed = await finance.creditNotes.pdf({ params: { ...params, number: own } })
  strictEqual(printed.mediaType, "application/pdf")
  strictEqual(printed.fileName, `${own}.pdf`)
  strictEqual(new TextDecoder().decode(printed.bytes.slice(0, 5)), "%PDF-")
  const owner = clientOf(host, "project-owner").creditNotes
  deepStrictEqual((await owner.pdf({ params: { ...params, number: own } })).bytes, printed.bytes)
  await rejects(owner.pdf({ params: { ...params, number: foreign } }), refusedWith(404))
  await rejects(finance.creditNotes.pdf({ params: { ...params, number: "RCN2026-999999" } }), refusedWith(404))
}

export async function prepaidStory(host: ContractHost): Promise<void> {
  const { prepaid, reports } = clientOf(host, "finance")
  const at = { ...params, project: "looms" }
  const unearned = async (): Promise<bigint> => {
    const { statements } = await reports.statement({ params, query: { account: "2000", from: "2020-01-01" } })
    return -BigInt(statements[0]?.closing.amountMinor ?? "0")
  }
  await rejects(prepaid.get({ params: at }), refusedWith(404))
  const before = await unearned()
  const paying = { params: at, payload: { id: "bank-1", payerId: "composites", amount: "150.00" }, idempotencyKey: key() }
  const [first, twice] = await Promise.all([prepaid.topUp(paying), prepaid.topUp(paying)])
  deepStrictEqual(twice, first, "two clicks at once are one top-up")
  strictEqual(first.available.text, "150.00")
  deepStrictEqual(first.actions, ["top-up", "hold"])
  strictEqual((await unearned()) - before, 15_000n)
  await rejects(prepaid.topUp({ ...paying, payload: { ...paying.payload, amount: "151.00" } }), refusedWith(409, "idempotency-conflict"))
  const again = await prepaid.topUp({ ...paying, idempotencyKey: key() })
  strictEqual(again.settled.text, "150.00", "the same bank reference is taken once")
  await rejects(
    prepaid.topUp({ params: at, payload: { id: "bank-2", payerId: "science", amount: "1" }, idempotencyKey: key() }),
    refusedWith(422, "not-ready"),
  )

  const held = await prepaid.hold({ params: at, payload: { id: "4711", amount: "100.00", hours: 24 }, idempotencyKey: key() })
  deepStrictEqual([held.settled.text, held.held.text, held.available.text], ["150.00", "100.00", "50.00"])
  const [hold] = held.holds
  strictEqual(hold?.id, "4711")
  await rejects(prepaid.hold({ params: at, payload: { id: "4712", amount: "50.01" }, idempotencyKey: key() }), (error: unknown) => {
    refusedWith(422, "not-ready")(error)
    return String(error).includes("50.00 THB available, 50.01 THB is asked for")
  })
  const released = await prepaid.release({ params: at, payload: { id: "4711" }, idempotencyKey: key() })
  deepStrictEqual([released.held.text, released.available.text, released.openHolds], ["0.00", "150.00", 0])
  await prepaid.topUp({
    params: { ...params, project: "physics-lab" },
    payload: { id: "bank-3", payerId: "science", amount: "20" },
    idempotencyKey: key(),
  })

  const auditor = clientOf(host, "auditor").prepaid
  const { rows } = await auditor.list({ params, query: {} })
  deepStrictEqual(
    rows.map(({ project, payerId }) => [project, payerId]),
    [
      ["looms", "composites"],
      ["physics-lab", "science"],
    ],
  )
  strictEqual(
    await unearned(),
    rows.reduce((sum, { settled }) => sum + BigInt(settled.amountMinor), 0n),
    "what is paid ahead is what the journal owes",
  )
  deepStrictEqual((await auditor.get({ params: at })).actions, [])
  const newest = await auditor.history({ params: at, query: { limit: 2 } })
  deepStrictEqual(
    newest.rows.map(({ kind, reference, amount }) => [kind, reference, amount.text]),
    [
      ["release", "4711", "100.00"],
      ["hold", "4711", "100.00"],
    ],
  )
  const heldAt = newest.rows.map(({ at: when }) => Date.parse(when ?? ""))[1] ?? 0
  strictEqual(Date.parse(hold.expiresAt) - heldAt, 24 * 3_600_000)
  const oldest = await auditor.history({ params: at, query: { limit: 2, cursor: newest.next ?? "" } })
  deepStrictEqual(
    oldest.rows.map(({ kind, reference, available }) => [kind, reference, available.text]),
    [["top-up", "bank-1", "150.00"]],
  )
  strictEqual(oldest.next, null)

  const owner = clientOf(host, "project-owner").prepaid
  deepStrictEqual(
    (await owner.list({ params, query: {} })).rows.map(({ project }) => project),
    ["looms"],
  )
  deepStrictEqual((await owner.list({ params, query: { payerId: "science" } })).rows, [])
  strictEqual((await owner.get({ params: at })).settled.text, "150.00")
  await rejects(owner.get({ params: { ...params, project: "physics-lab" } }), refusedWith(404))
  await rejects(owner.history({ params: { ...params, project: "physics-lab" }, query: {} }), refusedWith(404))
}

const sum = (amounts: readonly { readonly amountMinor: string }[]): bigint =>
  amounts.reduce((total, { amountMinor }) => total + BigInt(amountMinor), 0n)

export async function reportsAgree(host: ContractHost): Promise<void> {
  const { reports, journal } = clientOf(host, "auditor")
  const balance = await reports.trialBalance({ params, query: {} })
  const posted = await journal.trialBalance({ params, query: {} })
  deepStrictEqual(
    balance.rows.map(({ account, debit, credit }) => [account, debit.text, credit.text]),
    posted.rows.map(({ account, debit, credit }) => [account, debit.text, credit.text]),
    "the report of today is the journal",
  )
  deepStrictEqual(balance.totals, [{ debit: posted.debit, credit: posted.credit, balanced: true }])
  const balanceOf = (account: string): bigint => BigInt(balance.rows.find((row) => row.account === account)?.balance.amountMinor ?? "0")
  const nothing = await reports.trialBalance({ params, query: { asOf: "2020-12-31" } })
  deepStrictEqual(nothing.rows, [])

  const { sheets } = await reports.balanceSheet({ params, query: {} })
  const [sheet] = sheets
  ok(sheet?.balanced)
  const { statements } = await reports.incomeStatement({ params, query: { from: "2020-01-01" } })
  const [income] = statements
  strictEqual(BigInt(income?.revenueTotal.amountMinor ?? "0"), -balanceOf("4000"))
  strictEqual(income?.profit.amountMinor, sheet.currentEarnings.amountMinor)

  const receivables = await reports.receivables({ params, query: {} })
  strictEqual(sum(receivables.totals), balanceOf("1100"))
  strictEqual(sum(receivables.ages.map(({ open }) => open)), balanceOf("1100"))
  strictEqual(sum(receivables.rows.map(({ open }) => open)), balanceOf("1100"))
  strictEqual(receivables.rowCount, receivables.rows.length)
  const parts = await Promise.all(["science", "composites"].map((payerId) => reports.trialBalance({ params, query: { payerId } })))
  for (const account of ["1000", "1100", "4000"]) {
    const rows = parts.flatMap((part) => part.rows.filter((row) => row.account === account).map((row) => row.balance))
    strictEqual(sum(rows), balanceOf(account), `${account} is that of its payers`)
  }
  const bank = await reports.statement({ params, query: { account: "1000", from: "2020-01-01" } })
  const [moves] = bank.statements
  strictEqual(bank.accountName, "Cash and bank")
  strictEqual(BigInt(moves?.closing.amountMinor ?? "0"), balanceOf("1000"))
  strictEqual(moves?.lines.at(-1)?.balance.amountMinor, moves?.closing.amountMinor)
  await rejects(reports.statement({ params, query: { account: "9999" } }), refusedWith(404))
  await rejects(reports.trialBalance({ params, query: { payerId: "nobody" } }), refusedWith(404))

  const rowsOf = async (file: Promise<{ readonly bytes: Uint8Array; readonly mediaType: string }>): Promise<readonly string[]> => {
    const { bytes, mediaType } = await file
    strictEqual(mediaType, "text/csv")
    return csvOf(bytes).slice(1)
  }
  strictEqual((await rowsOf(reports.trialBalanceCsv({ params, query: {} }))).length, balance.rows.length)
  strictEqual((await rowsOf(reports.receivablesCsv({ params, query: {} }))).length, receivables.rows.length)
  const ledger = await rowsOf(reports.statementCsv({ params, query: { account: "1000", from: "2020-01-01" } }))
  strictEqual(ledger.length, 2 + (moves?.lineCount ?? 0))
  ok(ledger.at(-1)?.startsWith(`closing,,,,,,${moves?.closing.decimal},THB`))
  ok(
    (await rowsOf(reports.incomeStatementCsv({ params, query: { from: "2020-01-01" } }))).includes(
      `profit,,,${income?.profit.decimal},THB`,
    ),
  )
  ok((await rowsOf(reports.balanceSheetCsv({ params, query: {} }))).includes(`asset total,,,${sheet.assetsTotal.decimal},THB`))

  const owner = clientOf(host, "project-owner").reports
  const own = await owner.receivables({ params, query: {} })
  deepStrictEqual(
    own.rows,
    receivables.rows.filter(({ payerId }) => payerId === "composites"),
  )
  const [statement] = (await owner.statement({ params, query: { account: "1100", from: "2020-01-01" } })).statements
  const entryIds = statement?.lines.map(({ entryId }) => entryId) ?? []
  ok(entryIds.length > 0 && entryIds.every((id) => id.includes("/composites/")))
  await rejects(owner.statement({ params, query: { account: "4000" } }), refusedWith(404))
  await rejects(owner.receivables({ params, query: { payerId: "science" } }), refusedWith(404))
  await rejects(owner.receivablesCsv({ params, query: { payerId: "science" } }), refusedWith(404))
}

/** Of a month that is billed: every job of its list has one fate, whose lines are those of the receipts. */
export async function fatesTold(host: ContractHost): Promise<void> {
  const { periods, usage } = clientOf(host, "auditor")
  const at = { ...params, month }
  const rows: FateView[] = []
  let cursor: string | null = null
  do {
    const page: FatesView = await periods.fates({ params: at, query: { limit: 9, ...(cursor === null ? {} : { cursor }) } })
    rows.push(...page.rows)
    cursor = page.next
  } while (cursor !== null)
  const jobs = (await usage.jobs({ params, query: { month, limit: 200 } })).rows.map(({ usageId }) => usageId)
  deepStrictEqual(rows.flatMap(({ subject, id }) => (subject === "job" ? [id] : [])).sort(), jobs.sort())
  const lines = (await usage.lines({ params, query: { month, limit: 200 } })).rows.filter(({ receiptStatus }) => receiptStatus !== "void")
  deepStrictEqual(rows.flatMap((row) => row.lines.map(({ lineId }) => lineId)).sort(), lines.map(({ lineId }) => lineId).sort())
  ok(rows.every(({ text, breach }) => text !== "" && breach === null))
  const { counts, status } = await periods.fates({ params: at, query: { limit: 1 } })
  strictEqual(status, "open")
  deepStrictEqual([counts.unbilled, counts.unmapped, counts.breaches], [0, 0, 0])
  const zero = await periods.fates({ params: at, query: { kind: "zero", limit: 200 } })
  strictEqual(zero.rows.length, counts.zero)
  ok(counts.billed > 0 && zero.rows.every(({ reason }) => reason !== null))
  const [first] = rows
  ok(first !== undefined)
  const own = await periods.fates({ params: at, query: { account: first.account, user: first.user, cluster: first.cluster, limit: 200 } })
  deepStrictEqual(
    own.rows.map(({ id }) => id),
    rows
      .filter(({ account, user, cluster }) => [account, user, cluster].join() === [first.account, first.user, first.cluster].join())
      .map(({ id }) => id),
  )
  deepStrictEqual((await periods.fates({ params: at, query: { only: "breaches" } })).rows, [])
  await rejects(periods.fates({ params: at, query: { cursor: "bm90LWEtY3Vyc29y" } }), refusedWith(422, "invalid-page"))
}
