import type { Idempotency } from "../store/index.ts"

/** Who does something, as the audit chain keeps it. The host says who it is; the service never guesses. */
export interface Actor {
  /** User name or entity ref; `cli:NAME` from the command line. */
  readonly name: string
  readonly requestId: string
  /** Given when the act may come again: its commit is then made once, and its answer kept. */
  readonly idempotency?: Idempotency
}
