-- The role that the service logs in with on a PostgreSQL server of your own, so that it cannot edit what is posted, issued or
-- audited. Run it as the owner of the schema, after the first start of each release has brought the schema up to date
-- (start it once with the owner's login), in the database and schema of hpc-billing:
--   psql "$OWNER_URL" -v ON_ERROR_STOP=1 -f writer-role.sql
-- then set a password: ALTER ROLE hpc_billing_writer PASSWORD '...';

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hpc_billing_writer') THEN
    CREATE ROLE hpc_billing_writer LOGIN;
  END IF;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM hpc_billing_writer;
GRANT USAGE ON SCHEMA public TO hpc_billing_writer;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO hpc_billing_writer;

-- Written once: added and read, never changed.
GRANT INSERT ON audit_record, entry, transfer, command, document, file, export_run, rejection, ingest_run TO hpc_billing_writer;

-- Where things stand: one row each, moved on.
GRANT INSERT, UPDATE ON ledger_head, ingest_head, ingest_cursor, document_number, period, account_balance TO hpc_billing_writer;

-- A newer version of a job record marks the older one; nothing else of it changes.
GRANT INSERT, UPDATE (replaced_by) ON job_record TO hpc_billing_writer;

-- Drafts are drafted again, status moves on; the triggers below keep what is issued.
GRANT INSERT, DELETE, UPDATE (status_kind, number, status, issued_bytes, issued_sha256) ON receipt TO hpc_billing_writer;
GRANT INSERT, DELETE ON receipt_line TO hpc_billing_writer;

CREATE OR REPLACE FUNCTION hpc_billing_keep_receipt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.status_kind = 'draft' THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' OR NEW.status_kind = 'draft' OR NEW.number IS DISTINCT FROM OLD.number
    OR NEW.issued_bytes IS DISTINCT FROM OLD.issued_bytes OR NEW.issued_sha256 IS DISTINCT FROM OLD.issued_sha256 THEN
    RAISE EXCEPTION 'receipt % is issued: correct it by a later one', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION hpc_billing_keep_lines() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT FROM receipt AS r WHERE r.tenant = OLD.tenant AND r.id = OLD.receipt_id AND r.status_kind <> 'draft') THEN
    RAISE EXCEPTION 'receipt % is issued: its lines stay', OLD.receipt_id USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN OLD;
END $$;

CREATE OR REPLACE TRIGGER hpc_billing_keep_receipt BEFORE UPDATE OR DELETE ON receipt
  FOR EACH ROW EXECUTE FUNCTION hpc_billing_keep_receipt();
CREATE OR REPLACE TRIGGER hpc_billing_keep_lines BEFORE DELETE ON receipt_line
  FOR EACH ROW EXECUTE FUNCTION hpc_billing_keep_lines();
