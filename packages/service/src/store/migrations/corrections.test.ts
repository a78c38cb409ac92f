import { Effect, Exit, Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import { expect, it } from "vitest"
import { sampleLine } from "../../testing/samples.ts"
import { openPglite } from "../pglite/openPglite.ts"
import { migrate } from "../sql/migrate.ts"
import { encodeLine } from "../sql/receiptBody.ts"
import { migrations } from "./migrations.ts"

it("tells of lines that were written before which month they correct, and of no other text that looks like it", async () => {
  const scope = Effect.runSync(Scope.make())
  const corrects = { month: "2026-09", lineId: 'a "corrects":{"month":"2020-01"} }\u0000', receiptNumber: "R-1" }
  const { month, ...rest } = corrects
  const lines = [
    sampleLine(0, { corrects }),
    sampleLine(1),
    sampleLine(2, { jobName: '"corrects":{"month":"2020-02"}' }),
    sampleLine(3, { corrects: { ...rest, month }, kind: "zero", jobName: "\u0000" }),
  ]
  const upgraded = Effect.gen(function* () {
    const { sql } = yield* openPglite({ kind: "memory" })
    yield* migrate(sql, migrations.slice(0, 1))
    for (const [position, line] of lines.entries()) {
      yield* sql`INSERT INTO receipt_line (tenant, receipt_id, position, month, usage_id, cluster, account, user_name, job_id, body)
        VALUES ('reef', 'r', ${BigInt(position)}, '2026-10', ${line.usageId}, 'ci', '', '', '', ${encodeLine(line)})`
    }
    yield* migrate(sql)
    return yield* sql<{ corrects: string | null }>`SELECT corrects_month AS corrects FROM receipt_line ORDER BY position`
  })
  const rows = await Effect.runPromise(upgraded.pipe(Scope.provide(scope), Effect.provide(Reactivity.layer)))
  await Effect.runPromise(Scope.close(scope, Exit.void))
  expect(rows.map((row) => row.corrects)).toEqual(["2026-09", null, null, "2026-09"])
})
