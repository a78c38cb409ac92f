import { Effect } from "effect"
import { say } from "../api/sentences.ts"
import { refuse } from "../run/RunError.ts"
import { BillingStore } from "../store/index.ts"

/** The version of a document that is in force. */
export const publishedOf = Effect.fnUntraced(function* (tenant: string, kind: string) {
  const store = yield* BillingStore
  const stored = yield* store.document(tenant, kind, null)
  if (stored === null) return yield* refuse("not-published", say("document-not-published", { tenant, kind }))
  return { kind, version: stored.version, sha256: stored.sha256 }
})
