import { describe, expect, it } from "vitest"
import { forServer, whyUnfit } from "../sql/forServer.ts"
import { migrations } from "./migrations.ts"

/** What a PostgreSQL-compatible distributed engine refuses or makes one machine's business. */
const notPortable = [
  /\b(big|small)?serial\b/i,
  /\bsequence\b/i,
  /\bgenerated\b/i,
  /\bidentity\b/i,
  /\bnextval\b/i,
  /advisory/i,
  /\b(listen|notify)\b/i,
  /\bdeferr/i,
  /\bexclude\b/i,
  /\binherits\b/i,
  /\btrigger\b/i,
  /\bfunction\b/i,
  /\bextension\b/i,
  /\bunlogged\b/i,
  /\btemp(orary)?\b/i,
  /\b(real|double|float\d?|money)\b/i,
  /\btimestamp/i,
  /\breferences\b/i,
  // four bytes in PostgreSQL, eight in CockroachDB
  /\bint(eger)?\b/i,
  /\busing (gin|gist|brin|hash)\b/i,
]

const statements = migrations.flatMap((migration) => migration.statements)

describe("schema", () => {
  it("numbers its migrations from 1 without a gap", () => {
    expect(migrations.map(({ id }) => id)).toEqual(migrations.map((_, index) => index + 1))
  })

  it.each(statements)("%s is portable", (statement) => {
    const words = statement.replaceAll(/\b(ingest_|commit_|chain_)?sequence\b/g, "place")
    for (const word of notPortable) expect(words).not.toMatch(word)
  })

  it("asks CockroachDB for no collation, which it orders by and refuses to be asked for; PostgreSQL for its own", () => {
    const cockroach = "CockroachDB CCL v25.2.1 (x86_64-pc-linux-gnu, built 2026/01/05, go1.23.7)"
    expect(statements.filter((statement) => /COLLATE/.test(forServer(statement, cockroach)))).toEqual([])
    expect(statements.map((statement) => forServer(statement, "PostgreSQL 18.1 on x86_64-pc-linux-gnu"))).toEqual(statements)
  })

  it.each([
    ["PostgreSQL 18.1 on x86_64", 18, "UTF8", null],
    ["PostgreSQL 14.9 on x86_64", 14, "UTF8", "The database is PostgreSQL 14: use PostgreSQL 15 or newer."],
    ["PostgreSQL 16.2 on x86_64", 16, "SQL_ASCII", "The database keeps text as SQL_ASCII: create it with ENCODING 'UTF8'."],
    ["CockroachDB CCL v25.2.1 (x86_64-pc-linux-gnu)", 13, "UTF8", null],
    ["PostgreSQL 15.12-YB-2025.1.0.0-b0 on x86_64", 15, "UTF8", null],
  ])("fits, or says why it does not: %s, %i, %s", (words, version, encoding, why) => {
    expect(whyUnfit({ words, version, encoding })).toBe(why)
  })

  it("leads every key and index with the tenant", () => {
    const keys = statements.flatMap((statement) => [
      ...[...statement.matchAll(/PRIMARY KEY \(([^)]+)\)/g)].map(([, columns]) => columns),
      ...[...statement.matchAll(/ ON \w+ \(([^)]+)\)/g)].map(([, columns]) => columns),
    ])
    expect(keys.length).toBeGreaterThan(30)
    for (const key of keys) expect(key).toMatch(/^tenant\b/)
    for (const table of statements.filter((statement) => statement.startsWith("CREATE TABLE"))) {
      expect(table).toMatch(/\n {4}tenant text COLLATE "C" NOT NULL/)
    }
  })
})
