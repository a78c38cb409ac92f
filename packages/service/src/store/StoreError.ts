import { Data } from "effect"

/**
 * What can go wrong between a use case and its store. `Unavailable`, `Busy` and `Contention` may pass when tried again; the others
 * need a person. `message` is one sentence or two: where, what, and the next step.
 */
/** `words` are the database's own: for the operator's log and terminal, never for a user. */
export type StoreErrorReason =
  /** No server, refused login, broken connection, full disk, folder not writable. */
  | { readonly _tag: "Unavailable"; readonly sentence: string; readonly words?: string; readonly cause?: unknown }
  /** The folder of the embedded database is open in another process. */
  | { readonly _tag: "Locked"; readonly sentence: string; readonly processId: number | null }
  /** The schema was written by a newer release than this one. */
  | { readonly _tag: "NewerSchema"; readonly sentence: string; readonly found: number; readonly supported: number }
  /** The database itself does not fit: older than PostgreSQL 15, not UTF-8. */
  | { readonly _tag: "Unsupported"; readonly sentence: string }
  /** The key was used with another body. */
  | { readonly _tag: "IdempotencyConflict"; readonly sentence: string; readonly key: string }
  /** Something immutable stands there already with other content, or changed since it was read. */
  | { readonly _tag: "Conflict"; readonly sentence: string; readonly subject: string; readonly words?: string }
  /** An entry names a month that is closed (or that no one opened). */
  | { readonly _tag: "PeriodClosed"; readonly sentence: string; readonly month: string }
  /** A page limit out of range, or a cursor that this list did not give. */
  | { readonly _tag: "InvalidPage"; readonly sentence: string }
  /** Another act held the books for longer than one waits. */
  | { readonly _tag: "Busy"; readonly sentence: string }
  /** Other writers won the head too often in a row. */
  | { readonly _tag: "Contention"; readonly sentence: string; readonly words?: string }
  /** What is stored contradicts itself: the audit log must be verified before anything else is written. */
  | { readonly _tag: "Corrupt"; readonly sentence: string; readonly subject: string }

export class StoreError extends Data.TaggedError("StoreError")<{ readonly reason: StoreErrorReason }> {
  override get message(): string {
    return this.reason.sentence
  }

  /** What the database itself said; null where it said nothing. */
  get words(): string | null {
    return ("words" in this.reason ? this.reason.words : undefined) ?? null
  }

  /** The sentence and the database's words, for the log and for the terminal of who runs the database. */
  get operatorMessage(): string {
    return this.words === null ? this.message : `${this.message} (The database said: ${this.words})`
  }
}
