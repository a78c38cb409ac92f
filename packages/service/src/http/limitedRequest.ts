import { ByteSize, Effect } from "effect"
import type { HttpServerRequest } from "effect/http"
import { InvalidRequest } from "../api/problems.ts"
import { checkJsonBody } from "./checkJsonBody.ts"
import { said } from "./said.ts"

const documentBytesMaximum = ByteSize.mebibytes(12)

/** Routes whose body is a whole document; every other body is a short form. */
const documentRoutes: Readonly<Record<string, ByteSize.ByteSize>> = {
  "ingest.sacct": ByteSize.mebibytes(24),
  "payers.publish": documentBytesMaximum,
  "rates.check": documentBytesMaximum,
  "rates.plan": documentBytesMaximum,
  "rates.publish": documentBytesMaximum,
}

const formBytesMaximum = ByteSize.mebibytes(1)

/** How large the body of a request to the route may be. */
export const bodyBytesMaximum = (route: string): ByteSize.ByteSize => documentRoutes[route] ?? formBytesMaximum

/** The request, whose body is compared with the limits of bodies before anything parses it. */
export const limitedRequest = (request: HttpServerRequest.HttpServerRequest, requestId: string): HttpServerRequest.HttpServerRequest =>
  Object.create(request, {
    text: {
      get: () =>
        Effect.tap(request.text, (text) => {
          const excess = checkJsonBody(text)
          if (excess === null) return Effect.void
          const errors = [{ path: ["payload"], message: excess.text }]
          return Effect.die(new InvalidRequest({ requestId, reason: "invalid-request", errors, ...said(excess) }))
        }),
    },
  })
