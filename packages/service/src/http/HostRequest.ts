import type { IncomingMessage } from "node:http"
import { Context, Effect } from "effect"
import type { LimitedIdentity } from "../api/Identity.ts"
import { NotSignedIn } from "../api/problems.ts"
import { say } from "../api/sentences.ts"
import { said } from "./said.ts"

/**
 * What the host says of the request in hand: who asks, and under which id it is logged. A reference, so that each request can
 * bring its own and nothing given to the whole service overrides it; without a host nobody is signed in.
 */
export interface HostRequestShape {
  readonly requestId: string
  /** The host's answer, asked once a request and only by routes that need it. */
  readonly identify: Effect.Effect<LimitedIdentity, NotSignedIn>
}

export const notSignedIn = (requestId: string, sentence = say("not-signed-in")): NotSignedIn =>
  new NotSignedIn({ requestId, reason: "not-signed-in", ...said(sentence) })

export const HostRequest: Context.Reference<HostRequestShape> = Context.Reference<HostRequestShape>("@hpc-billing/service/HostRequest", {
  defaultValue: () => ({ requestId: "none", identify: Effect.fail(notSignedIn("none", say("no-sign-in"))) }),
})

/** Asks the host who makes a request; null: nobody, or nobody it knows. It gets the raw request, before any body parser. */
export type Identify = (request: IncomingMessage) => Promise<LimitedIdentity | null>
