import { Data } from "effect"

/** A file of the site folder, or a key, that cannot be used. Each problem is one sentence that begins with its place. */
export class SiteError extends Data.TaggedError("SiteError")<{
  readonly reason: "missing" | "unreadable" | "syntax" | "invalid" | "no-key"
  readonly problems: readonly string[]
}> {
  override get message(): string {
    return this.problems.join("\n")
  }
}
