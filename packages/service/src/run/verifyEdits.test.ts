import { Effect, Exit, Redacted, Scope } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { BillingStore, openStore } from "../store/index.ts"
import { clockAt } from "../testing/clockAt.ts"
import { auditorOfTesting, type EditedBooks, openFullBooks, toldAfter, verified } from "../testing/editedBooks.ts"
import { writeFullBooks } from "../testing/fullBooks.ts"
import { postgresBinaries, testingPostgres } from "../testing/postgres.ts"
import { testingChain } from "../testing/testingChain.ts"
import { payReceipt } from "./payReceipt.ts"

const [binaries] = postgresBinaries()
const scope = Effect.runSync(Scope.make())
let books: EditedBooks

beforeAll(async () => {
  books = await openFullBooks(scope)
})

afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

describe("edits that a row does not contradict, and only the audit log tells of", () => {
  const paid = `'{"kind":"paid","number":"' || number || '","issuedAtSeconds":1796059800,"paidAtSeconds":1796059900,"paidMinor":"1070","withheldMinor":"0"}'`
  const pdf = "'%PDF-1.7 another'::bytea"
  const digests = "sha256 = encode(sha256(bytes), 'hex'), byte_count = octet_length(bytes)"

  it.each<readonly [string, readonly string[], RegExp]>([
    [
      "a receipt that nobody paid, as paid",
      [`UPDATE receipt SET status_kind = 'paid', status = ${paid} WHERE id = 'reef/2026-11/clam/1'`],
      /^receipt reef\/2026-11\/clam\/1: its status says kind paid, the audit log issued/m,
    ],
    [
      "a paid receipt, as open",
      [
        `UPDATE receipt SET status_kind = 'issued', status = replace(regexp_replace(status, ',"paidAt.*$', '}'), 'paid', 'issued')
          WHERE id = 'reef/2026-11/dugong/1'`,
      ],
      /^receipt reef\/2026-11\/dugong\/1: its status says kind issued, the audit log paid/m,
    ],
    [
      "a receipt settled by a credit note, as paid a day later",
      [
        `UPDATE receipt SET status = replace(status, '"paidAtSeconds":1794448800', '"paidAtSeconds":1794535200') WHERE id = 'reef/2026-10/barnacle/1'`,
      ],
      /^receipt reef\/2026-10\/barnacle\/1: its status says paidAtSeconds 1794535200, the audit log 1794448800/m,
    ],
    [
      "a void receipt, as issued",
      [
        `UPDATE receipt SET status_kind = 'issued', status = replace(regexp_replace(status, ',"voidedAt.*$', '}'), 'void', 'issued')
          WHERE id = 'reef/2026-11/barnacle/1'`,
      ],
      /^receipt reef\/2026-11\/barnacle\/1: its status says kind issued, the audit log void/m,
    ],
    [
      "a print, with its digest",
      [
        `UPDATE file SET bytes = ${pdf} WHERE name = 'R2026-000001.pdf' AND subject LIKE 'receipt/%'`,
        `UPDATE file SET ${digests} WHERE bytes = ${pdf}`,
      ],
      /^file receipt\/reef\/2026-10\/anemone\/1\/R2026-000001\.pdf: it is not the file that was printed/m,
    ],
    [
      "the print of a credit note, with its digest",
      [
        `UPDATE file SET bytes = ${pdf} WHERE name = 'RCN2026-000001.pdf' AND subject LIKE 'receipt/%'`,
        `UPDATE file SET ${digests} WHERE bytes = ${pdf}`,
      ],
      /^file receipt\/reef\/2026-10\/barnacle\/1\/RCN2026-000001\.pdf: it is not the file that was printed/m,
    ],
    [
      "the files of an export with the digests of another manifest",
      [
        `UPDATE file SET bytes = ${pdf} WHERE name = 'receipts/R2026-000001.pdf' AND subject = 'export/2026-10-2'`,
        `UPDATE file SET ${digests} WHERE bytes = ${pdf}`,
      ],
      /^file export\/2026-10-2\/receipts\/R2026-000001\.pdf: it is not the file that was exported/m,
    ],
    [
      "an export run with all its files",
      ["DELETE FROM file WHERE subject = 'export/2026-10-1'", "DELETE FROM export_run WHERE id = '2026-10-1'"],
      /^export run 2026-10-1: the audit log tells of it, but it is not stored any more/m,
    ],
    [
      "an export run's number",
      [
        "UPDATE file SET subject = 'export/2026-10-9' WHERE subject = 'export/2026-10-1'",
        "UPDATE export_run SET id = '2026-10-9' WHERE id = '2026-10-1'",
      ],
      /^export run 2026-10-9: no audit record tells of it/m,
    ],
    [
      "a document number, moved back",
      ["UPDATE document_number SET next_number = next_number - 1 WHERE series = 'RCN'"],
      /^document number RCN 2026/m,
    ],
    [
      "the counts of a run of ingest",
      ["UPDATE ingest_run SET read_count = read_count - 1, rejected_count = 0 WHERE id = 'first/sacct'"],
      /^ingest run first\/sacct: column read_count holds 20, its audit record says 21[\s\S]*^ingest run first\/sacct: column rejected_count holds 0/m,
    ],
    [
      "a job that is not billed yet, in all its columns",
      [
        `UPDATE job_record SET body = replace(body, '"cpu":4', '"cpu":1') WHERE job_id = '23'`,
        "UPDATE job_record SET version_sha256 = sha256(convert_to(body, 'UTF8')) WHERE job_id = '23'",
      ],
      /^job record versions 24 to 27: they are not those that ingest run november\/sacct recorded/m,
    ],
    [
      "a job that nobody ran",
      [
        `INSERT INTO job_record SELECT tenant, cluster, '99', submit_seconds, version_sha256, ingest_sequence + 1, NULL, user_name, account, partition_name,
          state, span_start_seconds, span_end_seconds, read_at_microseconds, replace(body, '"jobId":"23"', '"jobId":"99"')
          FROM job_record WHERE ingest_sequence = (SELECT sequence FROM ingest_head)`,
      ],
      /^ingest head: it says 27, the latest version of a job record is 28/m,
    ],
    [
      "a rate book that nobody published",
      [
        `INSERT INTO document SELECT tenant, kind, 2, sha256, stored_at_microseconds, bytes FROM document WHERE kind = 'rate-book'`,
        `UPDATE document SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), '2.5', '0.5'), 'UTF8') WHERE kind = 'rate-book' AND version = 2`,
        `UPDATE document SET sha256 = encode(sha256(bytes), 'hex') WHERE kind = 'rate-book' AND version = 2`,
      ],
      /^document rate-book\/2: no audit record tells of it/m,
    ],
    ["a closed period, gone", ["DELETE FROM period WHERE month = '2026-10'"], /^period 2026-10: was opened, but is not stored any more/m],
    [
      "a rejected record, in all its columns",
      [
        "UPDATE rejection SET reason = 'nothing' WHERE line_number = 7",
        `UPDATE rejection SET sha256 = sha256(convert_to('["sacct",7,"Elapsed","nothing","7|abc|"]', 'UTF8')) WHERE line_number = 7`,
      ],
      /^rejections read after .*: they are not those that ingest run first\/sacct recorded/m,
    ],
    [
      "figures of a month that keep their sum",
      [
        `UPDATE file SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), '"user1"', '"user2"'), 'UTF8')
          WHERE subject = 'figures/2026-10'`,
        `UPDATE file SET ${digests} WHERE subject = 'figures/2026-10'`,
      ],
      /^file figures\/2026-10\/closed-\d+\.1\.json: it does not say what the lines of the month's receipts sum to/m,
    ],
    [
      "an entry that nobody posted",
      [
        `INSERT INTO entry SELECT tenant, replace(id, 'issued', 'again'), (SELECT max(position) + 1 FROM entry), month, effective_date, currency, receipt_id,
          sha256, commit_sequence, posted_at_microseconds, replace(body, '/issued"', '/again"') FROM entry WHERE id = 'reef/2026-11/clam/1/issued'`,
        "UPDATE entry SET sha256 = sha256(convert_to(body, 'UTF8')) WHERE id = 'reef/2026-11/clam/1/again'",
      ],
      /^entry reef\/2026-11\/clam\/1\/again: no audit record tells of its posting/m,
    ],
  ])("%s", async (_, statements, expected) => {
    const { rows, findings } = await toldAfter(books, ...statements)
    expect(rows).toBeGreaterThan(0)
    expect(findings).toMatch(expected)
  })
})

describe.runIf(binaries !== undefined)("on a server", () => {
  it("books are verified while others write, and an edit is found", async () => {
    const server = await Effect.runPromise(Scope.provide(testingPostgres(binaries as string), scope))
    const opening = openStore({ location: { kind: "postgres", url: Redacted.make(server.url) }, chain: testingChain })
    const store = await Effect.runPromise(Scope.provide(opening, scope))
    const inBooks = <A, E>(work: Effect.Effect<A, E, BillingStore>): Promise<A> =>
      Effect.runPromise(Effect.provideService(work, BillingStore, store))
    await inBooks(writeFullBooks("reef"))
    const edited = { store, tenant: "reef", auditor: auditorOfTesting("reef") }
    const payment = { receivedMinor: 1n, withheldMinor: 0n }
    const pay = payReceipt("reef", "reef/2026-11/clam/1", payment, { name: "malee", requestId: "meanwhile" })
    const paid = inBooks(Effect.forEach(Array.from({ length: 60 }), () => pay.pipe(clockAt("2026-12-02T03:00:00Z"))))
    for (let time = 0; time < 5; time += 1) expect((await verified(edited)).findings).toEqual([])
    await paid
    await server.execute("postgres", "UPDATE receipt SET status = replace(status, 'wrong payer', 'gift') WHERE status_kind = 'void'")
    expect((await verified(edited)).findings).toEqual([
      { row: "receipt reef/2026-11/barnacle/1", finding: "its status says reason gift, the audit log wrong payer" },
    ])
  })
})
