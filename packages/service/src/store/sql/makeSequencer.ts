import type { CanonicalValue } from "@hpc-billing/core"
import {
  type Appended,
  type ChainHead,
  checkpointMicrosecondsMaximum,
  isCheckpointDue,
  witnessLineOfCheckpoint,
  witnessLineOfHead,
} from "@hpc-billing/ledger"
import { Cause, Clock, Deferred, Duration, Effect, Exit, Result, type Scope, Semaphore } from "effect"
import type { SqlClient } from "effect/sql"
import type { AuditChain } from "../AuditChain.ts"
import {
  type CommitPlan,
  type Committed,
  commandsPerGroupMaximum,
  type Idempotency,
  type LedgerHead,
  type StoreFunctions,
} from "../BillingStore.ts"
import type { ChainWitness } from "../fileWitness.ts"
import { StoreError } from "../StoreError.ts"
import { addPlan, type CommitBatch, emptyBatch, type Stored } from "./CommitBatch.ts"
import { copyOf, type HeadState, ledgerHead, loadHead } from "./HeadState.ts"
import { type BooksTurn, lockedActs } from "./lockedActs.ts"
import { lookUpStored, replay, storedAnswers } from "./storedCommands.ts"
import { toStoreError } from "./toStoreError.ts"
import { writeBatch } from "./writeBatch.ts"

/** Lost to other writers this often in a row, a group gives up. */
const attemptsMaximum = 1_000

interface PlanCommand {
  readonly kind: "plan"
  readonly idempotency: Idempotency | null
  readonly plan: (head: LedgerHead) => Result.Result<CommitPlan<CanonicalValue>, unknown>
  readonly askedAtMicroseconds: bigint
  readonly done: Deferred.Deferred<Committed<CanonicalValue>, unknown>
}

interface ChainCommand {
  readonly kind: "chain"
  readonly make: (head: ChainHead, atMicroseconds: bigint) => Appended
  readonly askedAtMicroseconds: bigint
  readonly done: Deferred.Deferred<ChainHead, unknown>
}

type Command = PlanCommand | ChainCommand

/** The queue and the carried head of one tenant. */
interface Line {
  waiting: Command[]
  running: boolean
  head: HeadState | null
  /** A checkpoint is waited for. */
  sealing: boolean
  /** One writer at a time: a group of appends or an act. */
  readonly turn: Semaphore.Semaphore
}

/** What each command of a group will be told once the group is stored. */
type Outcomes = Map<Command, Exit.Exit<unknown, unknown>>

const maximum = (left: bigint, right: bigint): bigint => (left > right ? left : right)

/**
 * One writer per tenant in this process: what queued while the last commit ran goes in one transaction that compares and sets
 * the head row. Writers in other processes are met at that row: who loses loads the head again and repeats. A command that
 * the group stumbles over is found by halving and refused alone.
 */
export const makeSequencer = (
  sql: SqlClient.SqlClient,
  chain: AuditChain,
  scope: Scope.Scope,
  witness?: ChainWitness,
): Pick<StoreFunctions, "commit" | "decide" | "commandAnswer" | "appendToChain" | "head"> => {
  const lines = new Map<string, Line>()

  const lineOf = (tenant: string): Line => {
    const line = lines.get(tenant) ?? { waiting: [], running: false, head: null, sealing: false, turn: Semaphore.makeUnsafe(1) }
    lines.set(tenant, line)
    return line
  }

  const settle = (command: Command, exit: Exit.Exit<unknown, unknown>): void => {
    Deferred.doneUnsafe(command.done as Deferred.Deferred<unknown, unknown>, exit)
  }

  const enqueue = (tenant: string, command: Command): Effect.Effect<void> =>
    Effect.suspend(() => {
      const line = lineOf(tenant)
      line.waiting.push(command)
      if (line.running) return Effect.void
      line.running = true
      return Effect.asVoid(Effect.forkIn(drain(tenant, line), scope))
    })

  const drain = (tenant: string, line: Line): Effect.Effect<void> =>
    Effect.gen(function* () {
      yield* Effect.yieldNow
      while (line.waiting.length > 0) {
        const group = line.waiting.splice(0, commandsPerGroupMaximum)
        yield* runGroup(tenant, line, group).pipe(
          line.turn.withPermits(1),
          Effect.onExit((exit) =>
            Effect.sync(() => {
              if (Exit.isSuccess(exit)) return
              line.head = null
              for (const command of group) settle(command, Exit.failCause(exit.cause))
            }),
          ),
          Effect.exit,
        )
        yield* sealLater(tenant, line)
        yield* Effect.yieldNow
      }
    }).pipe(
      Effect.onExit(() =>
        Effect.sync(() => {
          line.running = false
          for (const command of line.waiting.splice(0)) settle(command, Exit.fail(closed))
        }),
      ),
    )

  /** Records never wait longer than a minute for a checkpoint while the store is open: nothing else may come to bring one. */
  const sealLater = (tenant: string, line: Line): Effect.Effect<void> =>
    Effect.suspend(() => {
      if (line.sealing || line.head === null || !isDirty(line.head.chain)) return Effect.void
      line.sealing = true
      return Effect.sleep(Duration.micros(checkpointMicrosecondsMaximum)).pipe(
        Effect.andThen(
          appendToChain(tenant, (head, at) => (isCheckpointDue(head, at) ? chain.checkpoint(tenant, head, at) : { records: [], head })),
        ),
        Effect.onExit(() => Effect.sync(() => (line.sealing = false))),
        Effect.andThen(Effect.suspend(() => sealLater(tenant, line))),
        Effect.catch((error) =>
          Effect.logWarning(`The audit chain of ${tenant} is not sealed yet, the next commit seals it. ${error.message}`),
        ),
        Effect.forkIn(scope),
        Effect.asVoid,
      )
    })

  /** Commands that share a key with one before them wait for its answer to be stored. */
  const runGroup = Effect.fnUntraced(function* (tenant: string, line: Line, group: readonly Command[]): Effect.fn.Return<void, StoreError> {
    const keys = new Set<string>()
    const first: Command[] = []
    const later: Command[] = []
    for (const command of group) {
      const key = command.kind === "plan" ? command.idempotency?.key : undefined
      if (key !== undefined && keys.has(key)) later.push(command)
      else first.push(command)
      if (key !== undefined) keys.add(key)
    }
    yield* runHalving(tenant, line, first)
    if (later.length > 0) yield* runGroup(tenant, line, later)
  })

  const runHalving = Effect.fnUntraced(function* (
    tenant: string,
    line: Line,
    group: readonly Command[],
  ): Effect.fn.Return<void, StoreError> {
    const outcome = yield* Effect.result(runOnce(tenant, line, group))
    if (Result.isSuccess(outcome)) return
    const error = outcome.failure
    if (error.reason._tag === "Unavailable" || error.reason._tag === "Corrupt" || error.reason._tag === "Contention") return yield* error
    const [only] = group
    if (group.length === 1 && only !== undefined) return settle(only, Exit.fail(error))
    const half = Math.ceil(group.length / 2)
    yield* runHalving(tenant, line, group.slice(0, half))
    yield* runHalving(tenant, line, group.slice(half))
  })

  const runOnce = Effect.fnUntraced(function* (tenant: string, line: Line, group: readonly Command[]): Effect.fn.Return<void, StoreError> {
    for (let attempt = 0; attempt < attemptsMaximum; attempt++) {
      const isCarried = line.head !== null
      line.head ??= yield* loadHead(sql, chain, tenant).pipe(Effect.mapError(toStoreError))
      const from = line.head
      const to = copyOf(from)
      const outcomes: Outcomes = new Map()
      const batch = yield* planGroup(tenant, to, group, outcomes)
      if (batch.audit.length > 0) {
        const won = yield* writeBatch(sql, tenant, from, to, batch).pipe(
          Effect.mapError(toStoreError),
          Effect.catch((error) => (error.reason._tag === "Contention" ? Effect.succeed(false) : Effect.fail(error))),
          Effect.tapCause(() => Effect.sync(() => (line.head = null))),
        )
        if (!won) {
          line.head = null
          continue
        }
        line.head = to
        yield* witnessed(tenant, batch, to.chain)
      }
      // nothing was written that would have met another writer: what is refused must be refused by the books as they are
      else if (isCarried && [...outcomes.values()].some(Exit.isFailure) && !(yield* isStored(tenant, from))) {
        line.head = null
        continue
      }
      for (const [command, exit] of outcomes) settle(command, exit)
      return
    }
    return yield* new StoreError({
      reason: {
        _tag: "Contention",
        sentence: `Other writers of ${tenant} were faster ${attemptsMaximum} times in a row: try again, or let fewer processes write.`,
      },
    })
  })

  /** No other process has written since the head was carried from. */
  const isStored = (tenant: string, head: HeadState): Effect.Effect<boolean, StoreError> =>
    sql<{ commit: bigint }>`SELECT commit_sequence AS commit FROM ledger_head WHERE tenant = ${tenant}`.pipe(
      Effect.map(([row]) => (row?.commit ?? 0n) === head.commitSequence),
      Effect.mapError(toStoreError),
    )

  /** The commit stands whatever becomes of its witness; a witness that fails is told of in the log. */
  const witnessed = (tenant: string, batch: CommitBatch, head: ChainHead): Effect.Effect<void> => {
    if (witness === undefined) return Effect.void
    const notes = batch.audit.filter((record) => record.kind === "checkpoint").map(witnessLineOfCheckpoint)
    return witness.record(tenant, notes.join("") + witnessLineOfHead(head)).pipe(Effect.catch((error) => Effect.logError(error.message)))
  }

  /** Runs the plans in order on the state as each leaves it to the next. */
  const planGroup = Effect.fnUntraced(function* (
    tenant: string,
    state: HeadState,
    group: readonly Command[],
    outcomes: Outcomes,
  ): Effect.fn.Return<CommitBatch, StoreError> {
    const keys = group.flatMap((command) => (command.kind === "plan" && command.idempotency !== null ? [command.idempotency.key] : []))
    const answers = yield* storedAnswers(sql, tenant, keys).pipe(Effect.mapError(toStoreError))
    const stored: Stored = { entries: new Map(), receipts: new Map(), files: new Map() }
    const batch = emptyBatch()
    for (const command of group) {
      const atMicroseconds = maximum(command.askedAtMicroseconds, state.atMicroseconds)
      if (command.kind === "chain") {
        const made = tryMake(() => command.make(state.chain, atMicroseconds))
        if (Exit.isFailure(made)) {
          outcomes.set(command, made)
          continue
        }
        batch.audit.push(...made.value.records)
        state.chain = made.value.head
        state.commitSequence += 1n
        state.atMicroseconds = atMicroseconds
        outcomes.set(command, Exit.succeed(made.value.head))
        continue
      }
      const answer = command.idempotency === null ? undefined : answers.get(command.idempotency.key)
      if (command.idempotency !== null && answer !== undefined) {
        outcomes.set(command, yield* Effect.exit(replay(command.idempotency, answer)))
        continue
      }
      const planned = tryMake(() => command.plan(ledgerHead(tenant, state, atMicroseconds)))
      if (Exit.isFailure(planned)) {
        outcomes.set(command, planned)
        continue
      }
      if (Result.isFailure(planned.value)) {
        outcomes.set(command, Exit.fail(planned.value.failure))
        continue
      }
      const plan = planned.value.success
      yield* lookUpStored(sql, tenant, stored, plan).pipe(Effect.mapError(toStoreError))
      try {
        const { commitSequence, entriesPosted } = addPlan(
          batch,
          state,
          stored,
          chain,
          tenant,
          { idempotency: command.idempotency, atMicroseconds },
          plan,
        )
        outcomes.set(command, Exit.succeed({ answer: plan.answer, replayed: false, commitSequence, entriesPosted }))
      } catch (error) {
        if (group.length > 1) return yield* stumbled
        outcomes.set(command, error instanceof StoreError ? Exit.fail(error) : Exit.die(error))
        return emptyBatch()
      }
    }
    return batch
  })

  const appendToChain: StoreFunctions["appendToChain"] = (tenant, make) =>
    Effect.gen(function* () {
      const askedAtMicroseconds = (yield* Clock.currentTimeNanos) / 1000n
      const done = Deferred.makeUnsafe<ChainHead, StoreError>()
      yield* enqueue(tenant, { kind: "chain", make, askedAtMicroseconds, done: done as unknown as ChainCommand["done"] })
      return yield* Deferred.await(done)
    })

  const turnOf = (tenant: string): BooksTurn => {
    const line = lineOf(tenant)
    return {
      inTurn: line.turn.withPermits(1),
      carriedHead: () => line.head,
      committed: (batch, head) =>
        Effect.suspend(() => {
          line.head = head
          return Effect.andThen(witnessed(tenant, batch, head.chain), sealLater(tenant, line))
        }),
    }
  }

  return {
    appendToChain,

    ...lockedActs(sql, chain, turnOf),

    commandAnswer: (tenant, idempotency) =>
      Effect.gen(function* () {
        const row = (yield* storedAnswers(sql, tenant, [idempotency.key])).get(idempotency.key)
        return row === undefined ? null : { answer: (yield* replay(idempotency, row)).answer }
      }).pipe(Effect.mapError(toStoreError)),

    head: (tenant) =>
      Effect.gen(function* () {
        const at = (yield* Clock.currentTimeNanos) / 1000n
        const state = yield* loadHead(sql, chain, tenant)
        return ledgerHead(tenant, state, maximum(at, state.atMicroseconds))
      }).pipe(Effect.mapError(toStoreError)),

    commit: <A extends CanonicalValue, E>(
      tenant: string,
      idempotency: Idempotency | null,
      plan: (head: LedgerHead) => Result.Result<CommitPlan<A>, E>,
    ) =>
      Effect.gen(function* () {
        const askedAtMicroseconds = (yield* Clock.currentTimeNanos) / 1000n
        const done = Deferred.makeUnsafe<Committed<A>, StoreError | E>()
        yield* enqueue(tenant, {
          kind: "plan",
          idempotency,
          plan,
          askedAtMicroseconds,
          done: done as unknown as PlanCommand["done"],
        })
        return yield* Deferred.await(done)
      }),
  }
}

const isDirty = (head: ChainHead): boolean => head.sequence > head.checkpointSequence

const tryMake = <A>(make: () => A): Exit.Exit<A> => {
  try {
    return Exit.succeed(make())
  } catch (error) {
    return Exit.failCause(Cause.die(error))
  }
}

const closed = new StoreError({
  reason: { _tag: "Unavailable", sentence: "The store was closed before the command ran: open it and try again." },
})

/** Tells the halving that one of the group cannot go in; which one shows when it is alone. */
const stumbled = new StoreError({ reason: { _tag: "Conflict", sentence: "A command of the group was refused.", subject: "group" } })
