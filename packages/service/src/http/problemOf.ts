import { Effect } from "effect"
import { Caller } from "../api/Identity.ts"
import { Conflict, NotFound, Refused, Unavailable } from "../api/problems.ts"
import { say } from "../api/sentences.ts"
import { PdfError } from "../pdf/render/PdfError.ts"
import { RunError } from "../run/RunError.ts"
import { StoreError } from "../store/index.ts"
import { said } from "./said.ts"

type Operating = StoreError | RunError | PdfError
type Answered = NotFound | Refused | Unavailable | Conflict

/** The problem that a refusal of the store or of a use case is to the outside. What names the inside of the machine stays in the log. */
const problemOf = (error: Operating, requestId: string): Answered => {
  if (error instanceof StoreError) return ofStore(error, requestId)
  if (error instanceof PdfError) {
    return error.reason === "timed-out" || error.reason === "worker-failed"
      ? new Unavailable({ requestId, reason: error.reason, ...said(say("pdf-unavailable"), error.message) })
      : new Refused({ requestId, reason: error.reason, ...said(say("pdf-failed-detail", { detail: error.message })) })
  }
  if (error.reason === "busy") return new Unavailable({ requestId, reason: "busy", ...said(error.sentence) })
  if (error.reason === "not-found") return new NotFound({ requestId, reason: "not-found", ...said(error.sentence) })
  const { reason, sentence, findings } = error
  return new Refused({ requestId, reason, ...said(sentence), ...(findings.length === 0 ? {} : { findings }) })
}

const ofStore = ({ reason }: StoreError, requestId: string): Answered => {
  switch (reason._tag) {
    case "Unavailable":
    case "Locked":
    case "NewerSchema":
    case "Unsupported":
      return new Unavailable({
        requestId,
        reason: "store-unavailable",
        ...said(say("store-unavailable")),
      })
    case "Busy":
      return new Unavailable({ requestId, reason: "busy", ...said(say("books-busy")) })
    case "Contention":
      return new Unavailable({ requestId, reason: "contention", ...said(say("store-contention")) })
    case "Corrupt":
      return new Unavailable({
        requestId,
        reason: "store-corrupt",
        ...said(say("store-corrupt")),
      })
    case "IdempotencyConflict":
      return new Conflict({ requestId, reason: "idempotency-conflict", ...said(say("idempotency-conflict"), reason.sentence) })
    case "Conflict":
      return new Conflict({ requestId, reason: "conflict", ...said(say("store-conflict-detail", { detail: reason.sentence })) })
    case "PeriodClosed":
      return new Refused({
        requestId,
        reason: "month-closed",
        ...said(say("store-month-closed", { month: reason.month }), reason.sentence),
      })
    case "InvalidPage":
      return new Refused({ requestId, reason: "invalid-page", ...said(say("invalid-page"), reason.sentence) })
  }
}

const isOperating = (error: unknown): error is Operating =>
  error instanceof StoreError || error instanceof RunError || error instanceof PdfError

/** Runs what a writing route does, its refusals as problems; what the operator must know is logged. */
export const writing = <A, E, R>(
  work: Effect.Effect<A, E, R>,
): Effect.Effect<A, Exclude<E, Operating> | (Extract<E, Operating> extends never ? never : Answered), R | Caller> =>
  Effect.catch(work, (error) =>
    Effect.gen(function* () {
      if (!isOperating(error)) return yield* Effect.fail(error as Exclude<E, Operating>)
      const { requestId } = yield* Caller
      const problem = problemOf(error, requestId)
      const message = error instanceof StoreError ? error.operatorMessage : error.message
      if (problem.status === 503 || message !== error.message) yield* Effect.logError(message)
      return yield* Effect.fail(problem)
    }),
  ) as never

type ReadAnswered = Exclude<Answered, Conflict>

/** As `writing`, for routes that write nothing: nothing can contradict what is stored. */
export const reading = <A, E, R>(
  work: Effect.Effect<A, E, R>,
): Effect.Effect<A, Exclude<E, Operating | Conflict> | (Extract<E, Operating> extends never ? never : ReadAnswered), R | Caller> =>
  Effect.catch(writing(work), (error) =>
    Effect.gen(function* () {
      if (!(error instanceof Conflict)) return yield* Effect.fail(error)
      const { requestId } = yield* Caller
      return yield* Effect.fail(
        new Refused({
          requestId,
          reason: error.reason,
          code: error.code,
          params: error.params,
          ...(error.detail === undefined ? {} : { detail: error.detail }),
        }),
      )
    }),
  ) as never
