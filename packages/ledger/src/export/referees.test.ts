import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { cryptography, macKey, origin, publicKey, seedOf } from "../../test/chains.ts"
import { accepts, balancesBy, balancesByUs, corruptions, isInstalled, type Referee, referees } from "../../test/referees.ts"
import { yearOfEntries } from "../../test/year.ts"
import { genesis } from "../audit/ChainHead.ts"
import { utf8 } from "../bytes.ts"
import { defaultChart } from "../chart/Chart.ts"
import type { Entry } from "../Entry.ts"
import { ledgerFiles } from "./ledgerFiles.ts"
import { signExport } from "./Manifest.ts"
import { verifyExport } from "./verifyExport.ts"

const folder = mkdtempSync(join(tmpdir(), "referees-"))
afterAll(() => rmSync(folder, { recursive: true }))

const missing = referees.filter(({ program }) => !isInstalled(program)).map(({ program }) => program)
const few = yearOfEntries(60, 20_261_122).entries
const { entries } = yearOfEntries(600, 20_261_122)

/** What the verifier says of a file that was corrupted before everything was signed with the right keys. */
const namedByOwnCheck = (referee: Referee, text: string): string => {
  const files = ledgerFiles(few, { chart: defaultChart, batchId: "run" }).map((file) =>
    file.path === referee.path ? { ...file, bytes: utf8(text) } : file,
  )
  const signed = signExport(cryptography, {
    tenant: "mu",
    period: "2026",
    runId: "run",
    createdAtSeconds: 0,
    entries: few,
    files,
    head: genesis(cryptography, 1, origin, publicKey),
    signingSeed: seedOf(1),
    hmacKey: macKey,
  })
  const named = verifyExport(cryptography, signed.files, {}).findings.filter(({ file }) => file === referee.path)
  return named.map(({ finding }) => finding).join("; ")
}

test.each(corruptions)("%s: our own check names the line, even when it was signed with the right keys", (_, corrupt) => {
  for (const referee of referees) {
    const text = referee.text(few)
    expect(corrupt(text), `${referee.program}: nothing was corrupted`).not.toBe(text)
    expect(namedByOwnCheck(referee, text)).toBe("")
    expect(namedByOwnCheck(referee, corrupt(text))).toMatch(/^line \d+ is not what the journal gives$/)
  }
})

describe.skipIf(missing.length > 0)(`outside referees${missing.length > 0 ? ` (not installed: ${missing.join(", ")})` : ""}`, () => {
  test.each(referees)("I15: $program accepts a year and finds the same balance on every account", (referee) => {
    expect(accepts(referee, referee.text(entries), folder)).toBe(true)
    expect(balancesBy(referee, folder)).toEqual(balancesByUs(entries))
  })

  const hostile = [
    "VAT: 7",
    ":tag: x",
    "[2026-13-45] x",
    "* done",
    "(42) x",
    "! x",
    "a ; b | c",
    'say "hi" \\',
    "= 1",
    "ค่าบริการ\n2026-01-01 x",
    "  ",
    "#hash ^link",
  ]

  test.each(referees)("$program reads any text of ids, payers and memos as text", (referee) => {
    const [entry] = few as [Entry]
    const named = hostile.map((text) => ({
      ...entry,
      id: `${text}/id`,
      memo: text,
      transfers: entry.transfers.map((transfer) => ({ ...transfer, payerId: text })),
    }))
    expect(accepts(referee, referee.text(named), folder)).toBe(true)
    expect(balancesBy(referee, folder)).toEqual(balancesByUs(named))
  })

  test.each(corruptions)("%s: at least one referee refuses it", (_, corrupt) => {
    expect(referees.some((referee) => !accepts(referee, corrupt(referee.text(few)), folder))).toBe(true)
  })
})
