import { Effect, SchemaIssue } from "effect"
import { HttpServerRespondable } from "effect/http"
import { HttpApiMiddleware } from "effect/http-api"
import { Problems } from "../api/Identity.ts"
import { InvalidRequest, Unexpected } from "../api/problems.ts"
import { say } from "../api/sentences.ts"
import { HostRequest } from "./HostRequest.ts"
import { said } from "./said.ts"

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** A request that does not fit its description is a 400 with every place; an answer that cannot be written is a logged 500. */
export const problemsLayer = HttpApiMiddleware.layerSchemaErrorTransform(Problems, (error) =>
  Effect.gen(function* () {
    const { requestId } = yield* HostRequest
    if (error.kind === "Body" || error.kind === "ResponseHeaders") {
      yield* Effect.logError("an answer does not fit its description", error.cause)
      return yield* HttpServerRespondable.toResponse(new Unexpected({ requestId, reason: "unexpected", ...said(say("unexpected")) }))
    }
    const slot = error.kind.toLowerCase()
    const errors = format(error.cause.issue).issues.map(({ path = [], message }) => ({
      path: [slot, ...path.map((segment) => segmentOf(typeof segment === "object" ? segment.key : segment))],
      message,
    }))
    const [first] = errors
    return yield* new InvalidRequest({
      requestId,
      reason: "invalid-request",
      errors,
      ...said(
        first === undefined
          ? say("invalid-request")
          : say("invalid-request-detail", { place: first.path.join("."), detail: first.message }),
      ),
    })
  }),
)

const segmentOf = (key: PropertyKey): string | number => (typeof key === "number" ? key : String(key))
