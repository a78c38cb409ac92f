import { readFileSync } from "node:fs"
import * as PgClient from "@effect/sql-pg/PgClient"
import { Effect, Exit, Redacted, Result, Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { postgresBinaries, type TestingPostgres, testingPostgres } from "../../testing/postgres.ts"
import { sampleEvent, sampleLine, sampleReceipt, sampleRecord } from "../../testing/samples.ts"
import { storeConformance } from "../../testing/storeConformance.ts"
import { testingChain } from "../../testing/testingChain.ts"
import { writeOne } from "../../testing/writer.ts"
import type { StoreFunctions } from "../BillingStore.ts"
import { openStore } from "../openStore.ts"

/** The statements of the script: each ends in a semicolon at the end of a line that is not inside `$$`. */
const script = readFileSync(new URL("./writer-role.sql", import.meta.url), "utf8")
const statements = script
  .replaceAll(/^--.*$/gm, "")
  .split(/;\n(?=(?:(?:[^$]|\$(?!\$))*\$\$(?:[^$]|\$(?!\$))*\$\$)*(?:[^$]|\$(?!\$))*$)/)
  .map((statement) => statement.trim())
  .filter((statement) => statement !== "")

const [binaries] = postgresBinaries()

describe.skipIf(binaries === undefined)("the writer's role (skipped where no PostgreSQL is installed)", () => {
  const scope = Effect.runSync(Scope.make())
  let server: TestingPostgres
  let url: string
  let store: StoreFunctions
  const open = (at: string) => openStore({ location: { kind: "postgres", url: Redacted.make(at) }, chain: testingChain })

  beforeAll(async () => {
    server = await Effect.runPromise(Scope.provide(testingPostgres(binaries as string), scope))
    await Effect.runPromise(Effect.scoped(open(server.url)))
    for (let time = 0; time < 2; time++) await server.execute("postgres", ...statements)
    await server.execute("postgres", "ALTER ROLE hpc_billing_writer PASSWORD 'writer'")
    url = server.urlOf("postgres", "hpc_billing_writer", "writer")
    store = await Effect.runPromise(Scope.provide(open(url), scope))
  })
  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

  for (const [index, { name, run }] of storeConformance.entries()) {
    it(`suffices: ${name}`, () => Effect.runPromise(run(store, `tenant-${index}`)))
  }

  const refused = [
    ["UPDATE audit_record SET payload = ''", /permission denied for table audit_record/],
    ["DELETE FROM audit_record", /permission denied for table audit_record/],
    ["UPDATE entry SET body = ''", /permission denied for table entry/],
    ["DELETE FROM transfer", /permission denied for table transfer/],
    ["UPDATE transfer SET amount_minor = 1", /permission denied for table transfer/],
    ["UPDATE command SET answer = ''", /permission denied for table command/],
    ["UPDATE document SET bytes = ''", /permission denied for table document/],
    ["DELETE FROM file", /permission denied for table file/],
    ["UPDATE job_record SET body = ''", /permission denied for table job_record/],
    ["DELETE FROM job_record", /permission denied for table job_record/],
    ["UPDATE receipt SET header = ''", /permission denied for table receipt/],
    ["UPDATE receipt SET issued_bytes = '' WHERE tenant = 'kept'", /receipt kept\/2026-10\/physics\/1 is issued/],
    ["UPDATE receipt SET number = 'other' WHERE tenant = 'kept'", /is issued/],
    ["DELETE FROM receipt WHERE tenant = 'kept'", /is issued/],
    ["UPDATE receipt_line SET body = ''", /permission denied for table receipt_line/],
    ["DELETE FROM receipt_line WHERE tenant = 'kept'", /is issued: its lines stay/],
    ["TRUNCATE audit_record", /permission denied for table audit_record/],
    ["DROP TABLE audit_record", /must be owner of table audit_record/],
    ["CREATE TABLE other (id int)", /permission denied for schema public/],
  ] as const

  it("cannot edit what is posted, issued or audited", async () => {
    const receipt = sampleReceipt("kept", 1, { kind: "issued", number: "INV-1", issuedAtSeconds: 1 }, [sampleLine(1)])
    const written = Effect.gen(function* () {
      yield* store.ingestRecords("kept", [sampleRecord(1)])
      yield* writeOne(store, "kept", "entry")
      yield* store.commit("kept", null, () =>
        Result.succeed({ answer: null, events: [sampleEvent("issue")], receipts: [{ receipt, issuedBytes: new Uint8Array([1]) }] }),
      )
      const sql = yield* PgClient.makeClient({ url: Redacted.make(url) })
      for (const [statement, words] of refused) {
        const error = yield* Effect.flip(sql.unsafe(statement).unprepared)
        expect(`${statement}: ${String((error.reason.cause as Error).message)}`).toMatch(words)
      }
    })
    await Effect.runPromise(written.pipe(Effect.scoped, Effect.provide(Reactivity.layer)))
  })
})
