import { cp, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { Reactivity } from "effect/reactivity"
import type { SqlClient } from "effect/sql"
import { afterAll, beforeAll, expect, it } from "vitest"
import { openPglite } from "../store/pglite/openPglite.ts"
import { makeSqlStore } from "../store/sql/makeSqlStore.ts"
import { type CommandLine, type Outcome, openCommandLine } from "../testing/commandLine.ts"
import { testingStorage } from "../testing/testingStorage.ts"

const inProject = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const records = inProject("packages/slurm-adapter/fixtures/22.05-debian/settled/sacct/all.epoch.noconvert.us.txt")

let folder: string
let sql: SqlClient.SqlClient
let line: CommandLine

const done = async (text: string): Promise<string> => {
  const { code, stdout, stderr } = await line.run(text.split(" "))
  expect(code, `${text}: ${stderr}`).toBe(0)
  return stdout
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hpc-billing-verify-"))
  await cp(inProject("examples/month-end/sites/ci"), join(folder, "site"), { recursive: true })
  line = await openCommandLine(folder, ({ chain }) =>
    Effect.gen(function* () {
      const opened = yield* openPglite(yield* Effect.promise(testingStorage))
      sql = opened.sql
      return yield* makeSqlStore(sql, chain)
    }).pipe(Effect.provide(Reactivity.layer)),
  )
  for (const text of ["keys create", "rates publish", `ingest ${records}`, "bill --month 2026-10", "journal post --month 2026-10"])
    await done(text)
  await done("close --month 2026-10")
  await done(`export --month 2026-10 --out ${join(folder, "out")}`)
})

afterAll(async () => {
  await line.close()
  await rm(folder, { recursive: true, force: true })
})

/** What `verify` says after a statement, which another takes back. */
const verifyAfter = async (statement: string, undo: string): Promise<Outcome> => {
  await Effect.runPromise(sql.unsafe(statement))
  const outcome = await line.run(["verify"])
  await Effect.runPromise(sql.unsafe(undo))
  return outcome
}

it("says that books are verified, and nothing that is not proven", async () => {
  expect(await done("verify")).toMatch(/^The books of ci: verified \(\d+ audit records, \d+ receipts, \d+ entries\)\n$/)
  expect(JSON.parse(await done("verify --json"))).toMatchObject({ findings: [], unproven: [] })
})

it.each([
  [
    "a receipt's status",
    "UPDATE receipt SET status_kind = 'void', status = replace(status, '\"kind\":\"issued\"', '\"kind\":\"void\"') WHERE number LIKE '%-000001'",
    "UPDATE receipt SET status_kind = 'issued', status = replace(status, '\"kind\":\"void\"', '\"kind\":\"issued\"') WHERE number LIKE '%-000001'",
    /^receipt ci\/2026-10\/\S+\/1: its status says kind void, the audit log issued$/m,
  ],
  [
    "a print that is taken away",
    "UPDATE file SET tenant = 'x' WHERE name LIKE '%-000002.pdf' AND subject LIKE 'receipt/%'",
    "UPDATE file SET tenant = 'ci' WHERE tenant = 'x'",
    /^file receipt\/ci\/\S+-000002\.pdf: was printed and kept, but is not stored any more$/m,
  ],
  [
    "an export run that is taken away",
    "UPDATE export_run SET tenant = 'x'",
    "UPDATE export_run SET tenant = 'ci'",
    /^export run 2026-10-1: the audit log tells of it, but it is not stored any more$/m,
  ],
  [
    "a head of the log that cannot be right",
    "UPDATE ledger_head SET chain_epoch = 7, chain_carried = 'x' || chain_carried",
    "UPDATE ledger_head SET chain_epoch = 0, chain_carried = substr(chain_carried, 2)",
    /^audit head: the head says epoch 7, the log ends in epoch 0\naudit head: column chain_carried does not say where the log ends$/m,
  ],
])("names %s, and fails", async (_, statement, undo, expected) => {
  const outcome = await verifyAfter(statement, undo)
  expect(outcome.stdout).toMatch(expected)
  expect(outcome.code).toBe(3)
  expect(outcome.stderr).toMatch(/The books of ci are not as they were written/)
  expect(await done("verify")).toContain("verified")
})
