import { Data } from "effect"
import { type Finding, type Sentence, say } from "../api/sentences.ts"

/** A use case that was refused: `message` says where, what, and the next step. `retry` tells whether trying again can help. */
export class RunError extends Data.TaggedError("RunError")<{
  readonly reason: RunErrorReason
  readonly message: string
  /** The message as a code with parameters. */
  readonly sentence: Sentence
  /** What the rule found, one by one; `message` has them too. */
  readonly findings: readonly Finding[]
}> {}

export type RunErrorReason =
  /** No rate book, payer book or site has been published for the tenant. */
  | "not-published"
  /** What is to be published does not fit what is in force. */
  | "publish-refused"
  /** A text that costs more to read than any book. */
  | "text-too-large"
  | "wrong-month"
  | "month-closed"
  | "month-not-ended"
  /** Closing or exporting before the steps that come first. */
  | "not-ready"
  /** Another act holds the books: nothing was changed, trying again helps. */
  | "busy"
  | "does-not-tie"
  | "receipt-refused"
  | "not-found"
  | "source-unreadable"
  | "folder-unwritable"
  | "verification-failed"
  /** The keys are not those of the audit chain. */
  | "wrong-keys"

/** A text that has no code of its own is said by the code of its reason. */
export const refuse = (reason: RunErrorReason, said: Sentence | string, findings: readonly Finding[] = []): RunError => {
  const sentence = typeof said === "string" ? say(`${reason}-detail`, { detail: said }) : said
  return new RunError({ reason, message: [sentence, ...findings].map(({ text }) => text).join("\n"), sentence, findings })
}
