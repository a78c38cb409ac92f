import { strict as assert } from "node:assert"
import { addMonths, lastDayOf, monthWindow, type Receipt } from "@hpc-billing/core"
import { Result } from "effect"
import {
  type AuditEvent,
  type AuditRecord,
  appendRecords,
  applyPrepaid,
  type ChainHead,
  type ChainKeys,
  closePeriod,
  closeYear,
  controlTotals,
  defaultPolicy,
  deriveEntries,
  documentDatesOf,
  type Entry,
  emptyPrepaid,
  genesis,
  impairByAge,
  journalDigest,
  openOf,
  type Period,
  type Prepaid,
  type PrepaidOperation,
  postEntry,
  prepaidBalances,
  type ReceiptEvent,
  receivablesByAge,
  reopenPeriod,
  reverseEntry,
  rotate,
  tieOut,
  topUpEntry,
  trialBalance,
  verifyChain,
} from "../src/index.ts"
import { cryptography, macKey, origin, publicKey, seedOf, trust } from "./chains.ts"
import { baht, issuedOf, payerOf } from "./receipts.ts"
import {
  makeReference,
  type ReferenceCredit,
  type ReferenceReceipt,
  referenceCredit,
  referenceImpair,
  referenceIssue,
  referencePay,
  referencePrepaid,
  referenceRefund,
  referenceTopUp,
  referenceVoid,
  referenceWriteOff,
  referenceYearClose,
} from "./referenceLedger.ts"
import { seeded } from "./year.ts"

export interface ModelReport {
  readonly seed: number
  readonly operations: number
  readonly entries: number
  readonly auditRecords: number
  readonly refused: number
  readonly replayed: number
  readonly crashes: number
  readonly closes: number
  readonly reopens: number
  readonly fullChecks: number
}

const tenant = "mu"
const losses = {
  buckets: [36_500],
  rates: [
    { units: 5n, scale: 2 },
    { units: 5n, scale: 2 },
  ],
}
const { roles, chart } = defaultPolicy

interface Plan {
  readonly entries: readonly Entry[]
  readonly receipts?: readonly Receipt[]
  readonly periods?: readonly Period[]
  readonly prepaid?: Prepaid
  /** Tells the reference what was done. */
  readonly tell: () => void
}

/** A seeded run of random operations on books in memory, checked against the reference after each and in full every 1 000. */
export const modelRun = (seed: number, operations: number): ModelReport => {
  const random = seeded(seed)
  const reference = makeReference()
  const entries: Entry[] = []
  const posted = new Map<string, Entry>()
  const ofReceipt = new Map<string, Entry[]>()
  const ofMonth = new Map<string, Entry[]>()
  const receipts = new Map<string, Receipt>()
  const documentDates = () => documentDatesOf(receipts.values())
  const live: string[] = []
  const periods = new Map<string, Period>()
  const digests = new Map<string, string>()
  const answers = new Map<string, string>()
  const balances = new Map<string, bigint>()
  const records: AuditRecord[] = []
  let head: ChainHead = genesis(cryptography, 1, origin, publicKey)
  let keys: ChainKeys = { epoch: 0, macKey, signingSeed: seedOf(0) }
  const projects = Array.from({ length: 40 }, (_, index) => emptyPrepaid(`project-${index}`, baht, 1_000n))
  const credits = new Map(
    projects.map(({ project }) => [
      project,
      { paid: 0n, charged: 0n, asked: 0n, ended: 0n, open: new Map() } satisfies ReferenceCredit as ReferenceCredit,
    ]),
  )
  let month = "2026-01"
  let now = 1_800_000_000_000_000n
  let sequence = 0
  const counts = { refused: 0, replayed: 0, crashes: 0, closes: 0, reopens: 0, fullChecks: 0 }

  const periodOf = (of: string): Period =>
    periods.get(of) ?? { tenant, month: of, zone: "Asia/Bangkok", window: monthWindow(of, "Asia/Bangkok"), status: { kind: "open" } }

  const apply = (plan: Plan, event: AuditEvent): void => {
    for (const entry of plan.entries) {
      entries.push(entry)
      posted.set(entry.id, entry)
      const { receiptId } = entry.source
      if (receiptId !== null) ofReceipt.set(receiptId, [...(ofReceipt.get(receiptId) ?? []), entry])
      const inMonth = ofMonth.get(entry.month) ?? []
      ofMonth.set(entry.month, inMonth)
      inMonth.push(entry)
      for (const { debitAccount, creditAccount, amountMinor } of entry.transfers) {
        balances.set(debitAccount, (balances.get(debitAccount) ?? 0n) + amountMinor)
        balances.set(creditAccount, (balances.get(creditAccount) ?? 0n) - amountMinor)
      }
    }
    for (const receipt of plan.receipts ?? []) {
      if (!receipts.has(receipt.id)) live.push(receipt.id)
      receipts.set(receipt.id, receipt)
    }
    for (const period of plan.periods ?? []) periods.set(period.month, period)
    if (plan.prepaid !== undefined) projects[projects.findIndex(({ project }) => project === plan.prepaid?.project)] = plan.prepaid
    const appended = appendRecords(cryptography, head, [event], keys, now)
    records.push(...appended.records)
    head = appended.head
    plan.tell()
  }

  /** Posts in one commit with its audit record, or changes nothing: a key that was used replays, with other content it is refused. */
  const commit = (key: string, body: string, plan: () => Result.Result<Plan, unknown>): "done" | "replayed" | "refused" => {
    const known = answers.get(key)
    if (known !== undefined) return known === body ? "replayed" : "refused"
    const planned = plan()
    if (Result.isFailure(planned)) return "refused"
    for (const entry of planned.success.entries) {
      const checked = postEntry(entry, periodOf(entry.month), chart)
      if (Result.isFailure(checked) || posted.has(entry.id)) return "refused"
    }
    if (random(40) === 0) {
      counts.crashes += 1
      return commit(key, body, plan)
    }
    answers.set(key, body)
    apply(planned.success, { action: "commit", actor: "model", requestId: key, subject: body, detail: {} })
    return "done"
  }

  const derived = (event: ReceiptEvent, tell: () => void): Result.Result<Plan, unknown> =>
    Result.map(deriveEntries(event, defaultPolicy), (made) => ({ entries: made, tell }))

  const pick = (): { receipt: Receipt; state: ReferenceReceipt; posted: readonly Entry[] } | null => {
    const id = live[random(live.length + 1)]
    const receipt = id === undefined ? undefined : receipts.get(id)
    const state = id === undefined ? undefined : reference.receipts.get(id)
    if (receipt === undefined || state === undefined) return null
    return { receipt, state, posted: ofReceipt.get(receipt.id) ?? [] }
  }

  const operate = (key: string): "done" | "replayed" | "refused" => {
    const date = lastDayOf(month)
    touched = random(projects.length)
    const prepaid = projects[touched] as Prepaid
    const kind = random(100)
    if (kind < 30) {
      sequence += 1
      const receipt = issuedOf(
        payerOf(`p${random(20)}`, random(4) > 0),
        [BigInt(random(200_000)), BigInt(random(40_000)) - 25_000n],
        month,
        sequence,
      )
      return commit(key, `issue ${receipt.id}`, () =>
        Result.flatMap(deriveEntries({ kind: "accrued", receipt, month }, defaultPolicy), (accrued) =>
          Result.map(deriveEntries({ kind: "issued", receipt, month }, defaultPolicy), (issued) => ({
            entries: [...accrued, ...issued],
            receipts: [receipt],
            tell: () => referenceIssue(reference, receipt.id, receipt.netMinor, receipt.taxMinor),
          })),
        ),
      )
    }
    if (kind < 70) {
      const picked = pick()
      if (picked === null) return "refused"
      const { receipt, state, posted: own } = picked
      const base = { receipt, month, date, posted: own }
      const { id } = receipt
      if (kind < 50) {
        const part = random(3) === 0 ? BigInt(random(300_000)) : state.owed > 0n ? state.owed : state.lost
        const withheldMinor = random(3) === 0 ? part / 33n : 0n
        const from = random(5) === 0 ? "prepaid" : "bank"
        const receivedMinor = part - withheldMinor
        const settleable = (state.owed > 0n ? state.owed : 0n) + state.lost
        const allowed = part > 0n && withheldMinor <= settleable && (from === "bank" || part <= settleable)
        const outcome = commit(key, `pay ${id} ${part}`, () =>
          derived({ ...base, kind: "paid", paymentId: key, from, receivedMinor, withheldMinor }, () =>
            referencePay(reference, id, receivedMinor, withheldMinor, from === "prepaid"),
          ),
        )
        assert.equal(outcome === "done", allowed && periodOf(month).status.kind === "open", `payment ${key}`)
        return outcome
      }
      if (kind < 56) {
        const outcome = commit(key, `void ${id}`, () =>
          Result.map(deriveEntries({ ...base, kind: "voided", reason: "wrong payer" }, defaultPolicy), (made) => ({
            entries: made,
            receipts: [
              {
                ...receipt,
                status: { kind: "void", number: id, issuedAtSeconds: 0, voidedAtSeconds: 0, reason: "wrong payer" },
              } satisfies Receipt,
            ],
            tell: () => referenceVoid(reference, id),
          })),
        )
        if (outcome === "done") assert.equal(receipt.month, month)
        return outcome
      }
      if (kind < 62) {
        const [netMinor, taxMinor] = [BigInt(random(50_000)), BigInt(random(2_000))]
        const isLeft = netMinor <= state.net - state.netCredited && taxMinor <= state.tax - state.taxCredited
        const allowed = netMinor + taxMinor > 0n && isLeft && state.lost === 0n
        const outcome = commit(key, `credit ${id}`, () =>
          derived({ ...base, kind: "credited", creditNoteNumber: key, netMinor, taxMinor }, () =>
            referenceCredit(reference, id, netMinor, taxMinor),
          ),
        )
        assert.equal(outcome === "done", allowed, `credit note ${key}`)
        return outcome
      }
      if (kind < 67) {
        const amountMinor = state.owed < 0n ? -state.owed : BigInt(random(100))
        return commit(key, `refund ${id}`, () =>
          derived({ ...base, kind: "refunded", refundId: key, amountMinor }, () => referenceRefund(reference, id, amountMinor)),
        )
      }
      return commit(key, `write off ${id}`, () =>
        derived({ ...base, kind: "written-off", reason: "lost" }, () => referenceWriteOff(reference, id)),
      )
    }
    if (kind < 74) {
      const amountMinor = BigInt(1 + random(100_000))
      return commit(key, `top up ${amountMinor}`, () =>
        Result.map(applyPrepaid(prepaid, { id: key, kind: "top-up", amountMinor }), (next) => ({
          entries: [topUpEntry({ tenant, topUpId: key, payerId: "p1", month, date, currency: baht, amountMinor }, roles)],
          prepaid: next,
          tell: () => {
            referenceTopUp(reference, amountMinor)
            referencePrepaid(credits.get(prepaid.project) as ReferenceCredit, { id: key, kind: "top-up", amountMinor })
          },
        })),
      )
    }
    if (kind < 94) {
      const open = [...prepaid.holds].filter(([, hold]) => openOf(hold) > 0n)
      const holdId = open[random(open.length + 1)]?.[0] ?? "none"
      const atSeconds = Number(now / 1_000_000n)
      const amountMinor = BigInt(random(20_000))
      const choices: readonly PrepaidOperation[] = [
        { id: key, kind: "hold", holdId: key, amountMinor, expiresAtSeconds: atSeconds + random(2_000), atSeconds },
        { id: key, kind: "hold", holdId: key, amountMinor, expiresAtSeconds: atSeconds + random(2_000), atSeconds },
        { id: key, kind: "post", holdId, amountMinor, isFinal: random(2) === 0, atSeconds },
        { id: key, kind: "void", holdId },
        { id: key, kind: "expire", atSeconds },
      ]
      const operation = choices[random(choices.length)] as PrepaidOperation
      return commit(key, `prepaid ${operation.kind}`, () =>
        Result.map(applyPrepaid(prepaid, operation), (next) => ({
          entries: [],
          prepaid: next,
          tell: () => referencePrepaid(credits.get(prepaid.project) as ReferenceCredit, operation),
        })),
      )
    }
    if (kind < 95) {
      if (random(4) > 0) return "refused"
      const made = impairByAge(entries, { tenant, month, losses, roles, documentDates: documentDates() }).map((entry) => ({
        ...entry,
        id: `${entry.id}/${key}`,
      }))
      const needed = neededAllowance()
      return commit(key, "impair", () => Result.succeed({ entries: made, tell: () => referenceImpair(reference, needed) }))
    }
    if (kind < 97 && entries.length > 0) {
      const entry = entries[random(entries.length)] as Entry
      if (entry.source.kind !== "impairment" || entry.reverses !== null || entry.source.receiptId !== null) return "refused"
      const signed = entry.transfers.reduce(
        (sum, { debitAccount, amountMinor }) => sum + (debitAccount === roles.impairmentLoss ? amountMinor : -amountMinor),
        0n,
      )
      const reversal = reverseEntry(entry, { month, date, reason: "aged twice" })
      return commit(key, `reverse ${entry.id}`, () =>
        Result.succeed({
          entries: [reversal],
          tell: () => {
            reference.accounts.set("6100", (reference.accounts.get("6100") ?? 0n) - signed)
            reference.accounts.set("1190", (reference.accounts.get("1190") ?? 0n) + signed)
          },
        }),
      )
    }
    if (kind < 99) {
      const [closed] = [...periods.values()].filter(({ status }) => status.kind === "closed").slice(-1)
      if (closed === undefined) return "refused"
      const outsider: Entry = { ...(entries[0] as Entry), id: `late/${key}`, month: closed.month }
      assert.equal(
        commit(key, "late", () => Result.succeed({ entries: [outsider], tell: () => assert.fail("I8") })),
        "refused",
      )
      return "refused"
    }
    return random(4) === 0 ? reopenAndClose(key) : "refused"
  }

  const neededAllowance = (): bigint => {
    const byPayer = receivablesByAge(entries, {
      asOfDate: lastDayOf(month),
      roles,
      documentDates: documentDates(),
      buckets: losses.buckets,
    })
    return byPayer.reduce((sum, { openMinor }) => sum + (openMinor > 0n ? (openMinor * 5n + 50n) / 100n : 0n), 0n)
  }

  const close = (of: string, key: string): void => {
    const period = periodOf(of)
    const monthReceipts = [...receipts.values()].filter((receipt) => receipt.month === of)
    const closed = Result.getOrThrow(
      closePeriod(cryptography, {
        period,
        entries: ofMonth.get(of) ?? [],
        receipts: monthReceipts,
        policy: defaultPolicy,
        atSeconds: period.window.endSeconds,
        by: "ada",
      }),
    )
    apply(
      { entries: [], periods: [closed.period], tell: () => undefined },
      { action: "period.closed", actor: "model", requestId: key, subject: of, detail: {} },
    )
    digests.set(of, journalDigest(cryptography, ofMonth.get(of) ?? []))
    counts.closes += 1
  }

  const reopenAndClose = (key: string): "done" | "refused" => {
    const last = [...periods.values()].findLast(({ status }) => status.kind === "closed")
    if (last === undefined) return "refused"
    const act = { requestedBy: "ada", approvedBy: "bo", reason: "late bank statement", requestId: key }
    assert(Result.isFailure(reopenPeriod(last, { ...act, approvedBy: "ada" })))
    const reopened = Result.getOrThrow(reopenPeriod(last, act))
    apply({ entries: [], periods: [reopened.period], tell: () => undefined }, reopened.event)
    const amountMinor = 100n
    const entry = topUpEntry(
      { tenant, topUpId: `late-${key}`, payerId: "p1", month: last.month, date: lastDayOf(last.month), currency: baht, amountMinor },
      roles,
    )
    apply({ entries: [entry], tell: () => referenceTopUp(reference, amountMinor) }, reopened.event)
    close(last.month, key)
    counts.reopens += 1
    return "done"
  }

  /** What a random operation may have touched: one project's credit, or any account. */
  let touched = 0

  const checkBalances = (when: string, ofProjects: readonly Prepaid[]): void => {
    let total = 0n
    for (const balanceMinor of balances.values()) total += balanceMinor
    assert.equal(total, 0n, `I1 ${when}`)
    for (const [account, balanceMinor] of reference.accounts)
      assert.equal(balances.get(account) ?? 0n, balanceMinor, `I3 account ${account} ${when}`)
    for (const prepaid of ofProjects) {
      const { settledMinor, inFlightMinor, availableMinor } = prepaidBalances(prepaid)
      const credit = credits.get(prepaid.project) as ReferenceCredit
      const held = credit.asked - credit.charged - credit.ended
      assert.deepEqual([settledMinor, inFlightMinor], [credit.paid - credit.charged, held], `I12 ${prepaid.project} ${when}`)
      assert(availableMinor >= 0n, `I11 ${prepaid.project} ${when}`)
    }
  }

  const checkAll = (when: string): void => {
    counts.fullChecks += 1
    checkBalances(when, projects)
    for (const { account, balanceMinor } of trialBalance(entries, chart).accounts)
      assert.equal(balances.get(account), balanceMinor, `I3 fold ${account} ${when}`)
    for (const [of, digest] of digests) assert.equal(journalDigest(cryptography, ofMonth.get(of) ?? []), digest, `I7 I9 ${of} ${when}`)
    assert.deepEqual(tieOut([...receipts.values()], entries, roles), [], `I4 ${when}`)
    for (const total of controlTotals(entries)) assert.equal(total.debitMinor, total.creditMinor, `I15 ${when}`)
    const receivables = receivablesByAge(entries, { asOfDate: "9999-12-31", roles, documentDates: documentDates() })
    const aged = receivables.reduce((sum, { openMinor }) => sum + openMinor, 0n)
    assert.equal(aged, balances.get(roles.receivable) ?? 0n, `receivables by age ${when}`)
    const report = verifyChain(cryptography, records, trust)
    assert(report.ok && report.size === head.sequence, `I14 ${when}: ${report.firstBad?.reason}`)
  }

  const perMonth = 400
  for (let operation = 1; operation <= operations; operation += 1) {
    const key = `op${operation}`
    const before = { entries: entries.length, sequence: head.sequence }
    const outcome = operate(key)
    if (outcome === "refused") {
      counts.refused += 1
      assert.deepEqual({ entries: entries.length, sequence: head.sequence }, before, `I5 a refusal leaves a trace, ${key}`)
    } else {
      assert(head.sequence > before.sequence, `I14 ${key} has no audit record`)
      const body = answers.get(key)
      if (body !== undefined && random(5) === 0) {
        const lost = { entries: entries.length, sequence: head.sequence }
        assert.equal(
          commit(key, body, () => assert.fail("I5 replayed")),
          "replayed",
        )
        assert.equal(
          commit(key, `${body}!`, () => assert.fail("I5 conflict")),
          "refused",
        )
        assert.deepEqual({ entries: entries.length, sequence: head.sequence }, lost)
        counts.replayed += 1
      }
    }
    checkBalances(key, projects.slice(touched, touched + 1))
    now += BigInt(random(2_000_000))
    if (operation % perMonth === 0) {
      if (month.endsWith("-12")) {
        const year = month.slice(0, 4)
        const made = closeYear({ tenant, name: year, firstMonth: `${year}-01`, lastMonth: month }, entries, defaultPolicy)
        commit(`year ${year}`, "year close", () => Result.succeed({ entries: made, tell: () => referenceYearClose(reference) }))
        checkBalances(`year ${year}`, [])
        const rotated = rotate(cryptography, head, keys, seedOf(head.epoch + 1), now)
        records.push(...rotated.records)
        head = rotated.head
        keys = rotated.keys
      }
      close(month, key)
      month = addMonths(month, 1)
    }
    if (operation % 1_000 === 0) checkAll(key)
  }
  checkAll("the end")
  return { seed, operations, entries: entries.length, auditRecords: records.length, ...counts }
}
