import { checkDocumentLimits, type RateProblem } from "@hpc-billing/core"
import { Effect } from "effect"
import { say } from "../../api/sentences.ts"
import { type RunError, refuse } from "../../run/RunError.ts"
import { makeThread } from "../../threads/makeThread.ts"
import type { Books, Draft, DraftQuestion, Oversize } from "./Draft.ts"

/** So much of a text is compared with the limits on the serving thread: most texts that pass one do so at once. */
const charactersComparedAtOnce = 50_000
const draftTimeLimitSeconds = 15

const ask = makeThread<DraftQuestion, Draft<Books[keyof Books]> | Oversize>({
  file: new URL(import.meta.url.endsWith(".ts") ? "./draftWorker.ts" : "./draftWorker.js", import.meta.url),
  timeLimitSeconds: draftTimeLimitSeconds,
  heapMebibytesMaximum: 512,
})

const tooLarge = ({ code, values, message }: RateProblem): RunError => refuse("text-too-large", { code, params: values, text: message })

/**
 * The book that a text is a draft of, or everything that is wrong with it. A text that is larger than any book, or costs more than
 * the limits of the thread that reads it, is refused: no text holds up the service.
 */
export const readDraft = Effect.fn("readDraft")(function* <Kind extends keyof Books>(kind: Kind, text: string) {
  const oversize = checkDocumentLimits(text.slice(0, charactersComparedAtOnce))
  if (oversize !== null) return yield* tooLarge(oversize)
  const read = yield* ask({ kind, text }).pipe(
    Effect.catch((failure) =>
      failure.reason === "ended"
        ? Effect.die(failure)
        : Effect.fail(refuse("text-too-large", say("draft-too-costly", { seconds: String(draftTimeLimitSeconds) }))),
    ),
  )
  if ("oversize" in read) return yield* tooLarge(read.oversize)
  return read as Draft<Books[Kind]>
})
