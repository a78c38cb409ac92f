/**
 * Tenant leads every key. Only what PostgreSQL 15 to 18, Citus, YugabyteDB and CockroachDB share: keys are made by the
 * application, texts sort by code point on every server, seconds, microseconds and minor units are bigint, documents are bytes written once.
 */
export const books: readonly string[] = [
  `CREATE TABLE ingest_head (
    tenant text COLLATE "C" NOT NULL PRIMARY KEY,
    sequence bigint NOT NULL
  )`,
  `CREATE TABLE job_record (
    tenant text COLLATE "C" NOT NULL,
    cluster text COLLATE "C" NOT NULL,
    job_id text COLLATE "C" NOT NULL,
    submit_seconds bigint NOT NULL,
    version_sha256 bytea NOT NULL,
    ingest_sequence bigint,
    replaced_by bigint,
    user_name text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    partition_name text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    span_start_seconds bigint NOT NULL,
    span_end_seconds bigint NOT NULL,
    read_at_microseconds bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (tenant, cluster, job_id, submit_seconds, version_sha256)
  )`,
  "CREATE INDEX job_record_sequence ON job_record (tenant, ingest_sequence)",
  "CREATE INDEX job_record_span ON job_record (tenant, span_end_seconds, ingest_sequence)",
  `CREATE INDEX job_record_list ON job_record (tenant, span_start_seconds, cluster, job_id, submit_seconds)
    WHERE replaced_by IS NULL`,
  `CREATE INDEX job_record_user ON job_record (tenant, user_name, span_start_seconds, cluster, job_id, submit_seconds)
    WHERE replaced_by IS NULL`,
  `CREATE INDEX job_record_account ON job_record (tenant, account, span_start_seconds, cluster, job_id, submit_seconds)
    WHERE replaced_by IS NULL`,
  `CREATE TABLE rejection (
    tenant text COLLATE "C" NOT NULL,
    sha256 bytea NOT NULL,
    read_at_microseconds bigint NOT NULL,
    source text COLLATE "C" NOT NULL,
    line_number bigint,
    field text COLLATE "C",
    reason text NOT NULL,
    raw bytea NOT NULL,
    PRIMARY KEY (tenant, sha256)
  )`,
  "CREATE INDEX rejection_list ON rejection (tenant, read_at_microseconds, sha256)",
  `CREATE TABLE ingest_run (
    tenant text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    cluster text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    started_at_seconds bigint NOT NULL,
    finished_at_seconds bigint NOT NULL,
    read_count bigint NOT NULL,
    accepted_count bigint NOT NULL,
    replaced_count bigint NOT NULL,
    known_count bigint NOT NULL,
    rejected_count bigint NOT NULL,
    next_cursor text,
    PRIMARY KEY (tenant, id)
  )`,
  "CREATE INDEX ingest_run_list ON ingest_run (tenant, started_at_seconds, id)",
  `CREATE TABLE ingest_cursor (
    tenant text COLLATE "C" NOT NULL,
    cluster text COLLATE "C" NOT NULL,
    next_cursor text NOT NULL,
    PRIMARY KEY (tenant, cluster)
  )`,
  `CREATE TABLE ledger_head (
    tenant text COLLATE "C" NOT NULL PRIMARY KEY,
    commit_sequence bigint NOT NULL,
    entry_count bigint NOT NULL,
    chain_sequence bigint NOT NULL,
    chain_epoch integer NOT NULL,
    chain_link bytea NOT NULL,
    chain_carried text NOT NULL,
    at_microseconds bigint NOT NULL
  )`,
  `CREATE TABLE audit_record (
    tenant text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    chain bigint NOT NULL,
    epoch integer NOT NULL,
    at_microseconds bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    payload bytea NOT NULL,
    link bytea NOT NULL,
    tag bytea NOT NULL,
    PRIMARY KEY (tenant, sequence)
  )`,
  `CREATE TABLE command (
    tenant text COLLATE "C" NOT NULL,
    idempotency_key text COLLATE "C" NOT NULL,
    body_sha256 text COLLATE "C" NOT NULL,
    answer text NOT NULL,
    commit_sequence bigint NOT NULL,
    entries_posted bigint NOT NULL,
    PRIMARY KEY (tenant, idempotency_key)
  )`,
  `CREATE TABLE document_number (
    tenant text COLLATE "C" NOT NULL,
    series text COLLATE "C" NOT NULL,
    year integer NOT NULL,
    next_number bigint NOT NULL,
    PRIMARY KEY (tenant, series, year)
  )`,
  `CREATE TABLE period (
    tenant text COLLATE "C" NOT NULL,
    month text COLLATE "C" NOT NULL,
    zone text COLLATE "C" NOT NULL,
    start_seconds bigint NOT NULL,
    end_seconds bigint NOT NULL,
    status text NOT NULL,
    PRIMARY KEY (tenant, month)
  )`,
  `CREATE TABLE entry (
    tenant text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    month text COLLATE "C" NOT NULL,
    effective_date text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    receipt_id text COLLATE "C",
    sha256 bytea NOT NULL,
    commit_sequence bigint NOT NULL,
    posted_at_microseconds bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (tenant, id)
  )`,
  "CREATE UNIQUE INDEX entry_position ON entry (tenant, position)",
  "CREATE INDEX entry_month ON entry (tenant, month, position)",
  "CREATE INDEX entry_receipt ON entry (tenant, receipt_id, position)",
  `CREATE TABLE transfer (
    tenant text COLLATE "C" NOT NULL,
    entry_position bigint NOT NULL,
    leg integer NOT NULL,
    entry_id text COLLATE "C" NOT NULL,
    month text COLLATE "C" NOT NULL,
    effective_date text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    debit_account text COLLATE "C" NOT NULL,
    credit_account text COLLATE "C" NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    payer_id text COLLATE "C" NOT NULL,
    memo text NOT NULL,
    PRIMARY KEY (tenant, entry_position, leg),
    CHECK (debit_account <> credit_account)
  )`,
  "CREATE INDEX transfer_debit ON transfer (tenant, debit_account, entry_position, leg)",
  "CREATE INDEX transfer_credit ON transfer (tenant, credit_account, entry_position, leg)",
  `CREATE TABLE account_balance (
    tenant text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    month text COLLATE "C" NOT NULL,
    debit_minor bigint NOT NULL,
    credit_minor bigint NOT NULL,
    PRIMARY KEY (tenant, account, currency, month)
  )`,
  `CREATE TABLE receipt (
    tenant text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    month text COLLATE "C" NOT NULL,
    payer_id text COLLATE "C" NOT NULL,
    status_kind text COLLATE "C" NOT NULL,
    number text COLLATE "C",
    line_count bigint NOT NULL,
    header text NOT NULL,
    status text NOT NULL,
    issued_bytes bytea,
    issued_sha256 text COLLATE "C",
    PRIMARY KEY (tenant, id)
  )`,
  "CREATE UNIQUE INDEX receipt_number ON receipt (tenant, number)",
  "CREATE INDEX receipt_month ON receipt (tenant, month, id)",
  "CREATE INDEX receipt_payer ON receipt (tenant, payer_id, month, id)",
  "CREATE INDEX receipt_status ON receipt (tenant, status_kind, month, id)",
  `CREATE TABLE receipt_line (
    tenant text COLLATE "C" NOT NULL,
    receipt_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    month text COLLATE "C" NOT NULL,
    usage_id text COLLATE "C",
    cluster text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    user_name text COLLATE "C" NOT NULL,
    job_id text COLLATE "C" NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (tenant, receipt_id, position)
  )`,
  "CREATE INDEX receipt_line_month ON receipt_line (tenant, month, receipt_id, position)",
  "CREATE INDEX receipt_line_user ON receipt_line (tenant, user_name, receipt_id, position)",
  "CREATE INDEX receipt_line_account ON receipt_line (tenant, account, receipt_id, position)",
  "CREATE INDEX receipt_line_job ON receipt_line (tenant, job_id, receipt_id, position)",
  "CREATE INDEX receipt_line_usage ON receipt_line (tenant, usage_id, receipt_id, position)",
  `CREATE TABLE document (
    tenant text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    sha256 text COLLATE "C" NOT NULL,
    stored_at_microseconds bigint NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (tenant, kind, version)
  )`,
  `CREATE TABLE file (
    tenant text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    media_type text COLLATE "C" NOT NULL,
    byte_count bigint NOT NULL,
    sha256 text COLLATE "C" NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (tenant, subject, name)
  )`,
  `CREATE TABLE export_run (
    tenant text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    month text COLLATE "C" NOT NULL,
    profile text COLLATE "C" NOT NULL,
    exported_at_microseconds bigint NOT NULL,
    manifest_sha256 text COLLATE "C" NOT NULL,
    through_position bigint NOT NULL,
    chain_sequence bigint NOT NULL,
    PRIMARY KEY (tenant, id)
  )`,
  "CREATE INDEX export_run_list ON export_run (tenant, month, exported_at_microseconds, id)",
]
