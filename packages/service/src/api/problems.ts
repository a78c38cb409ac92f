import { Schema } from "effect"
import { HttpApiError } from "effect/http-api"
import { Finding, sentenceFields } from "./sentences.ts"

/**
 * Every refusal of the service, as an RFC 9457 problem: `type` tells the kind, `reason` the case within it, `detail` what
 * happened and the next step in a sentence, `code` and `params` the same sentence for a reader of another language, `requestId` where to look in the log and in the audit chain.
 */
const fields = { requestId: Schema.String, reason: Schema.String, ...sentenceFields }

export class InvalidRequest extends HttpApiError.Problem<InvalidRequest>()(
  "InvalidRequest",
  { type: "/problems/invalid-request", status: 400, title: "The request does not fit its description" },
  {
    ...fields,
    errors: Schema.Array(Schema.Struct({ path: Schema.Array(Schema.Union([Schema.String, Schema.Int])), message: Schema.String })),
  },
) {}

export class NotSignedIn extends HttpApiError.Problem<NotSignedIn>()(
  "NotSignedIn",
  { type: "/problems/not-signed-in", status: 401, title: "Sign in first" },
  fields,
) {}

export class Forbidden extends HttpApiError.Problem<Forbidden>()(
  "Forbidden",
  { type: "/problems/forbidden", status: 403, title: "Your roles do not include this" },
  fields,
) {}

/** Also for what exists but is not the caller's. */
export class NotFound extends HttpApiError.Problem<NotFound>()(
  "NotFound",
  { type: "/problems/not-found", status: 404, title: "There is no such thing, or it is not yours" },
  fields,
) {}

export class Conflict extends HttpApiError.Problem<Conflict>()(
  "Conflict",
  { type: "/problems/conflict", status: 409, title: "It contradicts what is stored" },
  fields,
) {}

/** The request is well formed, and a rule of billing refuses it. */
export class Refused extends HttpApiError.Problem<Refused>()(
  "Refused",
  { type: "/problems/refused", status: 422, title: "A rule refuses it" },
  { ...fields, findings: Schema.optionalKey(Schema.Array(Finding)) },
) {}

export class TooManyRequests extends HttpApiError.Problem<TooManyRequests>()(
  "TooManyRequests",
  { type: "/problems/too-many-requests", status: 429, title: "Too many requests" },
  { ...fields, retryAfterSeconds: Schema.Int },
) {}

export class Unexpected extends HttpApiError.Problem<Unexpected>()(
  "Unexpected",
  { type: "/problems/unexpected", status: 500, title: "The service failed" },
  fields,
) {}

export class Unavailable extends HttpApiError.Problem<Unavailable>()(
  "Unavailable",
  { type: "/problems/unavailable", status: 503, title: "The service cannot answer now" },
  fields,
) {}
