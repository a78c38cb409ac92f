import { Effect } from "effect"
import { Reactivity } from "effect/reactivity"
import { describe, expect, it } from "vitest"
import { inTransaction } from "../sql/inTransaction.ts"
import { toStoreError } from "../sql/toStoreError.ts"
import { type HostQuery, hostPoolClient } from "./hostPoolClient.ts"

/** A pool with one connection that answers as told, and what it was asked. */
const poolThat = (answer: (query: HostQuery) => readonly object[]) => {
  const released: boolean[] = []
  const asked: HostQuery[] = []
  const pool = {
    acquire: async () => ({
      query: async (query: HostQuery) => {
        asked.push(query)
        return { rows: answer(query) }
      },
    }),
    release: (_: object, broken: boolean) => void released.push(broken),
  }
  return { pool, released, asked }
}

const errors = [
  ["28P01", "AuthenticationError", "Unavailable", /refused the login: check user and password/, false],
  ["42501", "AuthorizationError", "Unavailable", /role may not do this: grant it/, false],
  ["08006", "ConnectionError", "Unavailable", /No connection to the database/, true],
  ["57P01", "ConnectionError", "Unavailable", /No connection to the database/, true],
  ["EPIPE", "ConnectionError", "Unavailable", /No connection to the database/, true],
  [undefined, "ConnectionError", "Unavailable", /No connection to the database/, true],
  ["40001", "SerializationError", "Contention", /Other writers were faster: try again/, false],
  ["40P01", "DeadlockError", "Contention", /Other writers were faster/, false],
  ["55P03", "LockTimeoutError", "Contention", /Other writers were faster/, false],
  ["57014", "StatementTimeoutError", "Unavailable", /cancelled a statement: raise statement_timeout/, false],
  ["23505", "UniqueViolation", "Conflict", /refused a row that contradicts what is stored: read again/, false],
  ["23514", "ConstraintError", "Conflict", /refused a row that contradicts what is stored: read again/, false],
  ["42P01", "SqlSyntaxError", "Unavailable", /The database failed: look into its log/, false],
  ["53100", "UnknownError", "Unavailable", /The database failed: look into its log/, false],
] as const

describe("hostPoolClient", () => {
  it.each(errors)("an error of code %s is %s, to the use case %s", async (code, reason, told, sentence, broken) => {
    const { pool, released } = poolThat(() => {
      throw Object.assign(new Error("words"), { code })
    })
    const failed = Effect.gen(function* () {
      const sql = yield* hostPoolClient(pool)
      return yield* Effect.flip(sql`SELECT 1`)
    })
    const error = await Effect.runPromise(failed.pipe(Effect.scoped, Effect.provide(Reactivity.layer)))
    expect(error.reason._tag).toBe(reason)
    expect(toStoreError(error).reason).toMatchObject({ _tag: told, sentence: expect.stringMatching(sentence), words: "words" })
    expect(toStoreError(error).message).not.toContain("words")
    expect(released).toEqual([broken])
  })

  it("gives values as node-postgres takes them, and one connection to a whole transaction", async () => {
    const { pool, released, asked } = poolThat(() => [{ one: 1 }])
    const run = Effect.gen(function* () {
      const sql = yield* hostPoolClient(pool)
      yield* inTransaction(sql)(sql`SELECT ${9_007_199_254_740_993n}, ${[1n, null]}, ${new Uint8Array([255])}, ${"ก"}`)
    })
    await Effect.runPromise(run.pipe(Effect.scoped, Effect.provide(Reactivity.layer)))
    expect(asked.map(({ text }) => text.split(" ")[0])).toEqual(["BEGIN", "SELECT", "COMMIT"])
    expect(asked[1]?.values).toEqual(["9007199254740993", ["1", null], Buffer.from([255]), "ก"])
    expect(released).toEqual([false])
    const parse = asked[1]?.types.getTypeParser
    expect([parse?.(20)("9007199254740993"), parse?.(23)("7"), parse?.(17)("\\x00ff"), parse?.(16)("t"), parse?.(25)("7")]).toEqual([
      9_007_199_254_740_993n,
      7,
      new Uint8Array([0, 255]),
      true,
      "7",
    ])
  })
})
