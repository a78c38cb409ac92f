import { Data } from "effect"

/** Why a worker thread gave no answer; `detail` is for people. */
export class ThreadFailure extends Data.TaggedError("ThreadFailure")<{
  readonly reason: "timed-out" | "out-of-memory" | "ended"
  readonly detail: string
}> {}
