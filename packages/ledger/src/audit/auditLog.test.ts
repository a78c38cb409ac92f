import { canonicalJson } from "@hpc-billing/core"
import { expect, test } from "vitest"
import { grow, origin, publicKey } from "../../test/chains.ts"
import { base64, hex } from "../bytes.ts"
import { auditLogHeaderLine, auditLogLine, readAuditLogHeader, readAuditLogLine } from "./auditLog.ts"

const header = { chain: 1, origin, publicKey: Uint8Array.from(publicKey) }
const headerFields = { chain: 1, format: "hpc-billing/audit-log/v1", origin, publicKey: hex(publicKey) }

test("a header reads back; text that is none does not", () => {
  expect(readAuditLogHeader(auditLogHeaderLine(header))).toEqual(header)
  expect(readAuditLogHeader(canonicalJson(headerFields))).toEqual(header)
  const wrong: readonly unknown[] = [
    null,
    7,
    { ...headerFields, format: "hpc-billing/audit-log/v2" },
    { ...headerFields, publicKey: 7 },
    { ...headerFields, publicKey: "zz" },
    { ...headerFields, publicKey: hex(publicKey).slice(2) },
    { ...headerFields, origin: 7 },
    { ...headerFields, chain: "1" },
    { ...headerFields, chain: 1.5 },
  ]
  for (const each of wrong) expect(readAuditLogHeader(JSON.stringify(each)), JSON.stringify(each)).toBeNull()
  expect([readAuditLogHeader(""), readAuditLogHeader("nonsense")]).toEqual([null, null])
})

const { records } = grow([1, "checkpoint", "rotate"])
const [record] = records
const line = record === undefined ? "" : auditLogLine(record).trimEnd()

test("every kind of record reads back", () => {
  expect(records.map((each) => readAuditLogLine(auditLogLine(each).trimEnd(), 1))).toEqual(records)
})

test("a line with one wrong field, another spelling or more than one record is none", () => {
  const fields = JSON.parse(line)
  const wrong: readonly unknown[] = [
    null,
    7,
    ...["sequence", "at"].flatMap((field) =>
      [1, "x", "1x", "x1", "01", "1".repeat(20), ""].map((value) => ({ ...fields, [field]: value })),
    ),
    ...["payload", "link", "tag"].flatMap((field) =>
      [7, "#", `${base64(publicKey)}=`, null].map((value) => ({ ...fields, [field]: value })),
    ),
    ...["0", 0.5, null].map((epoch) => ({ ...fields, epoch })),
    ...["other", "toString", 7].map((kind) => ({ ...fields, kind })),
    { ...fields, more: "" },
    Object.fromEntries(Object.entries(fields).reverse()),
  ]
  for (const each of wrong) expect(readAuditLogLine(JSON.stringify(each), 1), JSON.stringify(each)).toBeNull()
  expect([` ${line}`, `${line} `, `${line}\n`, `${line}${line}`, "nonsense", ""].map((text) => readAuditLogLine(text, 1))).toEqual(
    Array.from({ length: 6 }, () => null),
  )
  const early = { ...fields, at: "-1", sequence: "9".repeat(19) }
  expect(readAuditLogLine(canonicalJson(early), 1)).toMatchObject({ atMicroseconds: -1n, sequence: 9_999_999_999_999_999_999n })
})
