import * as PgClient from "@effect/sql-pg/PgClient"
import { Effect, Redacted } from "effect"
import { Reactivity } from "effect/reactivity"
import { describe, expect, it } from "vitest"
import { postgresBinaries, testingPostgres } from "../../testing/postgres.ts"
import { inTransaction } from "./inTransaction.ts"

const [binaries] = postgresBinaries()

describe.skipIf(binaries === undefined)("inTransaction (skipped where Debian's PostgreSQL is not installed)", () => {
  it("fails, and does not die, when the connection breaks inside", async () => {
    const broken = Effect.gen(function* () {
      const server = yield* testingPostgres(binaries as string)
      const sql = yield* PgClient.make({ url: Redacted.make(server.url) })
      const error = yield* sql`SELECT pg_terminate_backend(pg_backend_pid())`.pipe(
        Effect.andThen(sql`SELECT 1`),
        inTransaction(sql),
        Effect.flip,
      )
      expect(error._tag).toBe("SqlError")
      expect(yield* inTransaction(sql)(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }])
      expect(yield* Effect.flip(inTransaction(sql)(Effect.fail("own")))).toBe("own")
    })
    await Effect.runPromise(broken.pipe(Effect.scoped, Effect.provide(Reactivity.layer)))
  })
})
