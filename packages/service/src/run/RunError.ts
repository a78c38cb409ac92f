import { Data } from "effect"

/** A use case that was refused: `message` says where, what, and the next step. `retry` tells whether trying again can help. */
export class RunError extends Data.TaggedError("RunError")<{ readonly reason: RunErrorReason; readonly message: string }> {}

export type RunErrorReason =
  /** No rate book, payer book or site has been published for the tenant. */
  | "not-published"
  /** What is to be published does not fit what is in force. */
  | "publish-refused"
  | "wrong-month"
  | "month-closed"
  | "month-not-ended"
  /** Closing or exporting before the steps that come first. */
  | "not-ready"
  | "does-not-tie"
  | "receipt-refused"
  | "not-found"
  | "source-unreadable"
  | "folder-unwritable"
  | "verification-failed"
  /** The keys are not those of the audit chain. */
  | "wrong-keys"

export const refuse = (reason: RunErrorReason, message: string): RunError => new RunError({ reason, message })
