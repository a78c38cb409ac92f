/** Why an edit is not found, and does no harm. */
export interface Harmless {
  readonly harmless: string
}

const harmless = (why: string): Harmless => ({ harmless: why })

export type Expected = RegExp | Harmless

interface Edit {
  /** The new value as SQL; by the type of the column when absent. */
  readonly to?: string
  readonly expected?: Expected
}

export interface Tampered {
  readonly table: string
  /** Which rows of the table these are. */
  readonly which?: string
  readonly where: string
  /** How a finding names the row. */
  readonly names: RegExp
  /** Every column of the table; a bare one is found under the row's name. */
  readonly columns: Readonly<Record<string, Edit>>
  /** null: told by another row of the table already. */
  readonly deleted?: Expected | null
  /** Columns that the copy has otherwise, since the keys want it; absent where a copy can only be another tenant's. */
  readonly copied?: Readonly<Record<string, string>>
  readonly copy?: Expected
}

const found: Edit = {}
const to = (value: string, expected?: Expected): Edit => (expected === undefined ? { to: value } : { to: value, expected })
const as = (expected: Expected): Edit => ({ expected })

const command = harmless(
  "kept to answer a request that is repeated; no figure comes from it, and an act that is done again has a record of its own",
)
const migration = harmless("says which migrations ran: a release that finds it wrong does not start, and no figure comes from it")
const lost = harmless(
  "a version that lost to the one which stood when it was read: nothing is priced from it, and its body is held by its digest",
)
const figures = harmless("figures that are not found are summed from the receipts when they are asked for")

const receiptColumns = {
  tenant: found,
  id: found,
  month: found,
  payer_id: found,
  status_kind: found,
  number: found,
  line_count: found,
  header: to(`replace(header, '"nameEnglish":"Centre"', '"nameEnglish":"Center"')`),
  issued_bytes: found,
  issued_sha256: found,
}

/** An edit of every column of every table, of rows that are deleted and copied, and what verification says of each. */
export const columnEdits: readonly Tampered[] = [
  {
    table: "account_balance",
    where: "account = '1100' AND month = '2026-11'",
    names: /^balance 1100 THB 2026-11: it differs from the transfers/m,
    columns: { tenant: found, account: found, currency: found, month: found, debit_minor: found, credit_minor: found },
    copied: { month: "'2027-01'" },
    copy: /^balance 1100 THB 2027-01/m,
  },
  {
    table: "audit_record",
    which: "an event",
    where: "action = 'receipt.pay' AND subject = 'reef/2026-10/anemone/1'",
    names: /^audit record \d+: /m,
    columns: {
      tenant: found,
      sequence: to("sequence + 1000"),
      chain: found,
      epoch: found,
      at_microseconds: found,
      kind: to("'checkpoint'"),
      payload: found,
      link: found,
      tag: found,
      action: found,
      actor: found,
      request_id: found,
      subject: found,
    },
    copied: { sequence: "sequence + 1000" },
  },
  {
    table: "audit_record",
    which: "an event, hidden from those who search",
    where: "action = 'receipt.pay' AND subject = 'reef/2026-10/anemone/1'",
    names: /^audit record \d+: the column \w+ beside record/m,
    columns: { action: to("NULL"), actor: to("NULL"), request_id: to("NULL"), subject: to("NULL") },
    deleted: null,
  },
  {
    table: "audit_record",
    which: "a checkpoint",
    where: "sequence = (SELECT min(sequence) FROM audit_record WHERE kind = 'checkpoint')",
    names: /^audit record \d+: it is of kind checkpoint/m,
    columns: { action: to("'receipt.pay'"), actor: to("'malee'"), request_id: to("'1'"), subject: to("'reef/2026-10/anemone/1'") },
    deleted: /^audit record \d+: record \d+ is missing/m,
  },
  {
    table: "command",
    where: "idempotency_key = 'malee pay-1'",
    names: /-/,
    columns: {
      tenant: as(command),
      idempotency_key: as(command),
      body_sha256: as(command),
      answer: as(command),
      commit_sequence: as(command),
      entries_posted: as(command),
    },
    deleted: command,
    copied: { idempotency_key: "'other'" },
    copy: command,
  },
  {
    table: "document",
    where: "kind = 'credit-note/RCN2026-000001'",
    names: /^document credit-note\/RCN2026-000001\/1: /m,
    columns: { tenant: found, kind: found, version: found, sha256: found, stored_at_microseconds: found, bytes: found },
    copied: { version: "2" },
    copy: /^document credit-note\/RCN2026-000001\/2: no audit record tells of it/m,
  },
  {
    table: "document_number",
    where: "series = 'R'",
    names: /^document number R 2026: the next one is stored as \d+, the audit log says 11/m,
    columns: { tenant: found, series: found, year: found, next_number: to("next_number + 5") },
    copied: { year: "2027" },
    copy: /^document number R 2027: the next one is stored as 11, the audit log says 1/m,
  },
  {
    table: "entry",
    where: "id = 'reef/2026-10/barnacle/1/issued'",
    names: /^(entry|transfers of entry|transfer \d of entry) reef\/2026-10\/barnacle\/1\/issuedx?: /m,
    columns: {
      tenant: found,
      id: found,
      position: to("position + 1000"),
      month: found,
      effective_date: found,
      currency: found,
      receipt_id: found,
      sha256: found,
      commit_sequence: found,
      posted_at_microseconds: found,
      body: to("replace(body, '\"memo\"', ' \"memo\"')"),
    },
    copied: { id: "id || 'x'", position: "position + 1000" },
    copy: /^entry reef\/2026-10\/barnacle\/1\/issued: no audit record|^entry reef\/2026-10\/barnacle\/1\/issuedx: column id/m,
  },
  {
    table: "export_run",
    where: "id = '2026-10-2'",
    names: /^export run 2026-10-2: /m,
    columns: {
      tenant: found,
      id: found,
      month: found,
      profile: found,
      exported_at_microseconds: found,
      manifest_sha256: found,
      through_position: found,
      chain_sequence: found,
    },
    copied: { id: "'2026-10-3'" },
    copy: /^export run 2026-10-3: no audit record tells of it/m,
  },
  {
    table: "file",
    which: "a print",
    where: "name = 'R2026-000001-paid.pdf'",
    names: /^file receipt\/reef\/2026-10\/anemone\/1\/R2026-000001-paid\.pdf: /m,
    columns: { tenant: found, subject: found, name: found, media_type: found, byte_count: found, sha256: found, bytes: found },
    copied: { name: "'R2026-000099.pdf'" },
    copy: /^file receipt\/reef\/2026-10\/anemone\/1\/R2026-000099\.pdf: no audit record tells of its printing/m,
  },
  {
    table: "file",
    which: "a file of an export",
    where: "subject = 'export/2026-10-1' AND name = 'journal.jsonl'",
    names: /^file export\/2026-10-1\/journal\.jsonl: /m,
    columns: { tenant: found, subject: found, name: found, media_type: found, byte_count: found, sha256: found, bytes: found },
    copied: { name: "'journal2.jsonl'" },
    copy: /^file export\/2026-10-1\/journal2\.jsonl: it is no part of its export/m,
  },
  {
    table: "file",
    which: "a signature of an export",
    where: "subject = 'export/2026-10-1' AND name = 'manifest.json.sig'",
    names: /^file export\/2026-10-1\/manifest\.json\.sig: /m,
    columns: { name: found, sha256: found, bytes: found },
  },
  {
    table: "file",
    which: "figures of a closed month",
    where: "subject = 'figures/2026-10' AND name = (SELECT max(name) FROM file WHERE subject = 'figures/2026-10')",
    names: /^file figures\/2026-10\/closed-\d+\.1\.json: /m,
    columns: {
      tenant: as(figures),
      subject: to("'figures/2026-11'", figures),
      name: to("'closed-1.1.json'", figures),
      media_type: found,
      byte_count: found,
      sha256: found,
      bytes: found,
    },
    deleted: figures,
    copied: { name: "'closed-1.1.json'" },
    copy: figures,
  },
  {
    table: "ingest_cursor",
    where: "cluster = 'ci'",
    names: /^ingest cursor ci: /m,
    columns: { tenant: found, cluster: found, next_cursor: found },
    copied: { cluster: "'other'" },
    copy: /^ingest cursor other: it is not where the last run of the cluster ended/m,
  },
  {
    table: "ingest_head",
    where: "true",
    names: /^ingest head: /m,
    columns: { tenant: found, sequence: found },
  },
  {
    table: "ingest_run",
    where: "id = 'pull/1'",
    names: /^ingest run pull\/1: /m,
    columns: {
      tenant: found,
      id: found,
      cluster: found,
      source: found,
      started_at_seconds: found,
      finished_at_seconds: found,
      read_count: found,
      accepted_count: found,
      replaced_count: found,
      known_count: found,
      rejected_count: found,
      next_cursor: found,
    },
    copied: { id: "'pull/2'" },
    copy: /^ingest run pull\/2: no audit record tells of it/m,
  },
  {
    table: "job_record",
    which: "a version that stands",
    where: "job_id = '5' AND replaced_by IS NULL",
    names: /^job record (ci\/5\/\d+|version \d+|versions \d+ to \d+): /m,
    columns: {
      tenant: found,
      cluster: found,
      job_id: found,
      submit_seconds: found,
      version_sha256: found,
      ingest_sequence: to("ingest_sequence + 1000"),
      replaced_by: to("1000"),
      user_name: found,
      account: found,
      partition_name: found,
      state: found,
      span_start_seconds: found,
      span_end_seconds: found,
      read_at_microseconds: found,
      body: to("replace(body, '\"cpu\":4', '\"cpu\":8')"),
    },
    copied: { submit_seconds: "submit_seconds + 1" },
    copy: /^job record ci\/5\/\d+: column submit_seconds/m,
  },
  {
    table: "job_record",
    which: "a version that was replaced",
    where: "job_id = '1' AND ingest_sequence IS NOT NULL AND replaced_by IS NOT NULL",
    names: /^job record (ci\/1\/\d+|version \d+|versions \d+ to \d+): /m,
    columns: { replaced_by: to("NULL"), ingest_sequence: to("NULL"), read_at_microseconds: found },
  },
  {
    table: "job_record",
    which: "a version that lost",
    where: "ingest_sequence IS NULL",
    names: /^job record (cix?\/1x?\/\d+|version \d+): /m,
    columns: {
      tenant: as(lost),
      cluster: found,
      job_id: found,
      submit_seconds: found,
      version_sha256: found,
      ingest_sequence: to("1"),
      replaced_by: to("1000"),
      user_name: found,
      account: found,
      partition_name: found,
      state: found,
      span_start_seconds: found,
      span_end_seconds: found,
      read_at_microseconds: as(lost),
      body: found,
    },
    deleted: lost,
  },
  {
    table: "ledger_head",
    where: "true",
    names: /^audit head: /m,
    columns: {
      tenant: found,
      commit_sequence: to("commit_sequence - 1000"),
      entry_count: found,
      chain_sequence: found,
      chain_epoch: found,
      chain_link: found,
      chain_carried: found,
      at_microseconds: to("at_microseconds + 3600000000"),
    },
  },
  {
    table: "ledger_head",
    which: "ahead",
    where: "true",
    names: /-/,
    columns: {
      commit_sequence: as(
        harmless("counts commits, so that a writer sees that another wrote; what it must not fall behind is the last entry's"),
      ),
      at_microseconds: as(harmless("no commit is earlier than it: within the minute of a checkpoint it may be ahead of the last record")),
    },
    deleted: null,
  },
  {
    table: "period",
    which: "a closed one",
    where: "month = '2026-10'",
    names: /^period 2026-10: /m,
    columns: {
      tenant: found,
      month: found,
      zone: to("'UTC'"),
      start_seconds: found,
      end_seconds: found,
      status: to("replace(status, 'malee', 'somchai')"),
    },
    copied: { month: "'2026-09'" },
    copy: /^period 2026-09: nothing in the audit log opened it/m,
  },
  {
    table: "period",
    which: "an open one",
    where: "month = '2026-11'",
    names: /^period 2026-11: /m,
    columns: { tenant: found, month: found, zone: to("'Asia/Jakarta'"), status: to(`'{"kind":"closed","closedAtSeconds":1}'`) },
  },
  {
    table: "receipt",
    which: "a paid one",
    where: "id = 'reef/2026-10/anemone/1'",
    names: /^receipt (line )?reef\/2026-10\/anemone\/1( \d+)?: /m,
    columns: { ...receiptColumns, status: to(`replace(status, '"withheldMinor":"120"', '"withheldMinor":"119"')`) },
    copied: { id: "id || '2'", number: "NULL" },
    copy: /^receipt reef\/2026-10\/anemone\/12: /m,
  },
  {
    table: "receipt",
    which: "an open one",
    where: "id = 'reef/2026-11/clam/1'",
    names: /^receipt reef\/2026-11\/clam\/1: /m,
    columns: {
      status_kind: to("'paid'"),
      status: to(`replace(status, '"kind":"issued"', '"kind":"draft"')`),
      issued_bytes: to("NULL"),
      issued_sha256: to("NULL"),
      number: to("NULL"),
    },
  },
  {
    table: "receipt",
    which: "a void one",
    where: "id = 'reef/2026-11/barnacle/1'",
    names: /^receipt reef\/2026-11\/barnacle\/1: /m,
    columns: { status: to("replace(status, 'wrong payer', 'gift')") },
  },
  {
    table: "receipt_line",
    where: "receipt_id = 'reef/2026-10/anemone/1' AND position = 1",
    names: /^receipt (line )?reef\/2026-10\/anemone\/1( \d+)?: /m,
    columns: {
      tenant: found,
      receipt_id: found,
      position: to("position + 1000"),
      month: found,
      usage_id: found,
      cluster: found,
      account: found,
      user_name: found,
      job_id: found,
      corrects_month: to("'2026-09'"),
      body: to('replace(body, \'"state":"COMPLETED"\', \'"state":"FAILED"\')'),
    },
    copied: { position: "position + 1000" },
  },
  {
    table: "rejection",
    where: "line_number = 7",
    names: /^rejection(s read after| [0-9a-f]{64})/m,
    columns: {
      tenant: found,
      sha256: found,
      read_at_microseconds: found,
      source: found,
      line_number: found,
      field: found,
      reason: found,
      raw: found,
    },
    copied: { sha256: "set_byte(sha256, 0, 0)" },
  },
  {
    table: "schema_migration",
    where: "id = (SELECT max(id) FROM schema_migration)",
    names: /-/,
    columns: { id: to("id + 100", migration), name: as(migration), applied_at_microseconds: as(migration) },
    deleted: migration,
    copied: { id: "id + 100" },
    copy: migration,
  },
  {
    table: "transfer",
    where: "entry_id = 'reef/2026-10/barnacle/1/issued' AND leg = 0",
    names: /^(transfers of entry|transfer \d of entry) reef\/2026-10\/barnacle\/1\/issuedx?: /m,
    columns: {
      tenant: found,
      entry_position: to("entry_position + 1000"),
      leg: to("leg + 1000"),
      entry_id: found,
      month: found,
      effective_date: found,
      currency: found,
      debit_account: found,
      credit_account: found,
      amount_minor: found,
      payer_id: found,
      memo: found,
    },
    copied: { leg: "leg + 1000" },
  },
]
