import type { CanonicalValue } from "@hpc-billing/core"
import { Clock, Effect, Option } from "effect"
import { type SqlClient, SqlError } from "effect/sql"
import type { AuditChain } from "../AuditChain.ts"
import { type CommitPlan, type Decided, type LockedAct, lockWaitSecondsMaximum, type StoreFunctions } from "../BillingStore.ts"
import { StoreError } from "../StoreError.ts"
import { addPlan, type CommitBatch, emptyBatch, type Stored } from "./CommitBatch.ts"
import { copyOf, type HeadState, ledgerHead, loadHead } from "./HeadState.ts"
import { inTransaction } from "./inTransaction.ts"
import { lookUpStored, replay, storedAnswers } from "./storedCommands.ts"
import { toStoreError } from "./toStoreError.ts"
import { writeBatch } from "./writeBatch.ts"

/** The tenant's place in this process: one writer at a time, and the head as the last commit left it. */
export interface BooksTurn {
  readonly inTurn: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Known to be out of date when the head row says another commit. */
  readonly carriedHead: () => HeadState | null
  readonly committed: (batch: CommitBatch, head: HeadState) => Effect.Effect<void>
}

/** Carries the view of a dry run out of the transaction that it rolls back. */
class DryRun<V> {
  readonly decided: Decided<V>
  constructor(decided: Decided<V>) {
    this.decided = decided
  }
}

/**
 * Acts one after another, each in one transaction that locks the tenant's head row before it reads anything: what it decides on
 * cannot change before it is written, rows that are not there included. Writers in other processes wait at the row.
 */
export const lockedActs = (
  sql: SqlClient.SqlClient,
  chain: AuditChain,
  turnOf: (tenant: string) => BooksTurn,
): Pick<StoreFunctions, "decide"> => {
  const lockHead = Effect.fnUntraced(function* (tenant: string, carried: HeadState | null) {
    yield* sql.unsafe(`SET LOCAL lock_timeout = ${lockWaitSecondsMaximum * 1_000}`)
    const lock = sql<{ commits: bigint; link: Uint8Array }>`SELECT commit_sequence AS commits, chain_link AS link
      FROM ledger_head WHERE tenant = ${tenant} FOR UPDATE`
    let [row] = yield* lock
    if (row === undefined) {
      yield* loadHead(sql, chain, tenant)
      ;[row] = yield* lock
    }
    const isCarried = carried !== null && row?.commits === carried.commitSequence && Buffer.compare(row.link, carried.chain.link) === 0
    return isCarried ? carried : yield* loadHead(sql, chain, tenant)
  })

  const write = Effect.fnUntraced(function* <A extends CanonicalValue>(
    tenant: string,
    from: HeadState,
    plan: CommitPlan<A>,
    command: { readonly idempotency: LockedAct<A, never, never, never>["idempotency"]; readonly atMicroseconds: bigint },
  ) {
    const to = copyOf(from)
    const batch = emptyBatch()
    const stored: Stored = { entries: new Map(), receipts: new Map(), files: new Map() }
    yield* lookUpStored(sql, tenant, stored, plan)
    yield* Effect.try({
      try: () => addPlan(batch, to, stored, chain, tenant, command, plan),
      // what is no refusal of the store is a mistake of the plan
      catch: (error) => {
        if (error instanceof StoreError) return error
        throw error
      },
    })
    if (!(yield* writeBatch(sql, tenant, from, to, batch))) return yield* Effect.die(new Error(`the locked head of ${tenant} has moved`))
    return { batch, to }
  })

  const decide = Effect.fnUntraced(function* <A extends CanonicalValue, V, E, R>(
    tenant: string,
    { idempotency, dryRun, act, view }: LockedAct<A, V, E, R>,
  ) {
    if (Option.isSome(yield* Effect.serviceOption(sql.transactionService))) {
      return yield* Effect.die(new Error(`an act on the books of ${tenant} began inside a transaction: it would wait for itself`))
    }
    const askedAtMicroseconds = (yield* Clock.currentTimeNanos) / 1_000n
    const turn = turnOf(tenant)
    const locked = Effect.gen(function* () {
      const from = yield* lockHead(tenant, turn.carriedHead())
      const known = idempotency === null ? undefined : (yield* storedAnswers(sql, tenant, [idempotency.key])).get(idempotency.key)
      if (idempotency !== null && known !== undefined) {
        const { answer } = yield* replay(idempotency, known)
        return { decided: { view: yield* view(answer as A), replayed: true }, written: null }
      }
      const atMicroseconds = askedAtMicroseconds > from.atMicroseconds ? askedAtMicroseconds : from.atMicroseconds
      const plan = yield* act(ledgerHead(tenant, from, atMicroseconds))
      const isEmpty = plan.events.length === 0 && plan.chainRows === undefined
      const written = isEmpty ? null : yield* write(tenant, from, plan, { idempotency, atMicroseconds })
      const decided: Decided<V> = { view: yield* view(plan.answer), replayed: false }
      return dryRun ? yield* Effect.fail(new DryRun(decided)) : { decided, written }
    })
    let hasBegun = false
    const waiting = turn.inTurn(
      Effect.suspend(() => {
        hasBegun = true
        return locked.pipe(
          inTransaction(sql),
          Effect.tap(({ written }) => (written === null ? Effect.void : turn.committed(written.batch, written.to))),
          Effect.map(({ decided }) => decided),
          Effect.catchIf(
            (error): error is DryRun<V> => error instanceof DryRun,
            ({ decided }) => Effect.succeed(decided),
          ),
        )
      }),
    )
    const tooLong = Effect.sleep(`${lockWaitSecondsMaximum} seconds`).pipe(
      Effect.andThen(Effect.suspend(() => (hasBegun ? Effect.never : Effect.fail(busy(tenant))))),
    )
    return yield* Effect.raceFirst(waiting, tooLong).pipe(
      Effect.catchIf(SqlError.isSqlError, (error) =>
        Effect.fail(error.reason._tag === "LockTimeoutError" ? busy(tenant) : toStoreError(error)),
      ),
    )
  })

  return { decide } as Pick<StoreFunctions, "decide">
}

const busy = (tenant: string): StoreError =>
  new StoreError({
    reason: {
      _tag: "Busy",
      sentence: `The books of ${tenant} are busy: another act has held them for ${lockWaitSecondsMaximum} seconds. Nothing was changed; try again.`,
    },
  })
