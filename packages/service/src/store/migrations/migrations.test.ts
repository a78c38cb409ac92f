import { describe, expect, it } from "vitest"
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
