import { randomUUID } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Cause, Effect, Exit, Layer, Logger, Scope } from "effect"
import { HttpIncomingMessage, HttpRouter, HttpServerError, HttpServerRequest, HttpServerRespondable, HttpServerResponse } from "effect/http"
import type { LimitedIdentity } from "../api/Identity.ts"
import { NotFound, Unexpected } from "../api/problems.ts"
import { say } from "../api/sentences.ts"
import type { TenantKeys } from "../keys/TenantKeys.ts"
import { BillingStore, type StoreFunctions } from "../store/index.ts"
import { HostRequest, type Identify, notSignedIn } from "./HostRequest.ts"
import { bodyBytesMaximum, limitedRequest } from "./limitedRequest.ts"
import { routeLabel } from "./routeLabel.ts"
import { ServiceContext } from "./ServiceContext.ts"
import { makeServiceMetrics } from "./ServiceMetrics.ts"
import { said } from "./said.ts"
import { serviceLayer } from "./serviceLayer.ts"

export interface NodeHandlerOptions {
  readonly store: StoreFunctions
  /** The tenants to serve, with the keys that seal their exports and name their chains. */
  readonly tenants: ReadonlyMap<string, TenantKeys>
  readonly identify: Identify
  /** One record for each request, and one for each failure that the operator must know. */
  readonly log: (record: LogRecord) => void
  /** Lets a scraper read `/metrics` without a sign-in, as a bearer token. */
  readonly metricsToken?: string
}

export type LogRecord = Readonly<Record<string, string | number>>

export interface NodeHandler {
  /** Answers a request. It stands before any body parser; `request.url` is without the path that it is mounted under. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  readonly close: () => Promise<void>
}

const requestIdText = /^[A-Za-z0-9_-]{8,64}$/

const requestIdOf = (request: IncomingMessage): string => {
  const given = request.headers["x-request-id"]
  return typeof given === "string" && requestIdText.test(given) ? given : randomUUID()
}

const bodyProblems: Readonly<Record<number, "body-too-large" | "unsupported-media-type">> = {
  413: "body-too-large",
  415: "unsupported-media-type",
}

/** The router's own refusals are plain text: they become problems like every other. */
const asProblem = (response: HttpServerResponse.HttpServerResponse, requestId: string): HttpServerResponse.HttpServerResponse => {
  const { status, headers } = response
  if (status < 400 || headers["content-type"] === "application/problem+json") return response
  const reason = bodyProblems[status] ?? "invalid-request"
  const problem = {
    type: "/problems/invalid-request",
    title: "The request does not fit its description",
    status,
    reason,
    ...said(say(reason)),
    requestId,
  }
  return HttpServerResponse.jsonUnsafe(problem, { status, contentType: "application/problem+json" })
}

/** What every answer carries: its id, and that nothing else may frame, sniff or keep it. */
const headersOf = (requestId: string): Record<string, string> => ({
  "x-request-id": requestId,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
})

type WriteHead = (status: number, ...rest: readonly unknown[]) => ServerResponse

/** A host's compression looks for headers right behind the status: with an absent message between, it would lose them all. */
const withHeadersBesideStatus = (response: ServerResponse): ServerResponse => {
  const writeHead = response.writeHead.bind(response) as WriteHead
  const write: WriteHead = (status, ...rest) => writeHead(status, ...rest.filter((one) => one !== undefined))
  return Object.assign(response, { writeHead: write })
}

/** The service as a handler for Node's HTTP server or any framework over it. It listens on no port and knows no host. */
export const makeNodeHandler = async (options: NodeHandlerOptions): Promise<NodeHandler> => {
  const { store, tenants, identify, log } = options
  const metrics = makeServiceMetrics()
  const scope = Scope.makeUnsafe()
  const logger = Logger.make(({ logLevel, message, date }) => {
    const text = (Array.isArray(message) ? message : [message]).map((part) =>
      part instanceof Error ? (part.stack ?? part.message) : String(part),
    )
    log({ at: date.toISOString(), kind: "event", level: logLevel, message: text.join(" ") })
  })

  const answer = Effect.fnUntraced(function* (
    app: Effect.Effect<HttpServerResponse.HttpServerResponse, unknown, HttpServerRequest.HttpServerRequest | Scope.Scope>,
  ) {
    const request = yield* HttpServerRequest.HttpServerRequest
    const raw = NodeHttpServerRequest.toIncomingMessage(request) as IncomingMessage
    const requestId = requestIdOf(raw)
    const route = routeLabel(raw.method ?? "", raw.url ?? "")
    const startedAt = performance.now()
    let actor = ""
    const asked = yield* Effect.cached(
      Effect.tryPromise(() => identify(raw)).pipe(
        Effect.catch((cause) => Effect.as(Effect.logError(`${requestId} the host could not identify:`, cause), null)),
        Effect.flatMap((identity: LimitedIdentity | null) => {
          if (identity === null) return Effect.fail(notSignedIn(requestId))
          actor = identity.name
          return Effect.succeed(identity)
        }),
      ),
    )
    const problem = (error: NotFound | Unexpected) => HttpServerRespondable.toResponse(error)
    const answered = yield* app.pipe(
      Effect.provideService(HostRequest, { requestId, identify: asked }),
      Effect.provideService(HttpServerRequest.HttpServerRequest, limitedRequest(request, requestId)),
      Effect.provideService(HttpIncomingMessage.MaxBodySize, bodyBytesMaximum(route)),
      Effect.catchCause((cause) => {
        const error = Cause.squash(cause)
        if (HttpServerError.isHttpServerError(error) && error.reason._tag === "RouteNotFound") {
          return problem(new NotFound({ requestId, reason: "unknown-route", ...said(say("unknown-route")) }))
        }
        if (Cause.hasInterruptsOnly(cause)) return Effect.failCause(cause)
        if (HttpServerRespondable.isRespondable(error)) return HttpServerRespondable.toResponse(error)
        return Effect.andThen(
          Effect.logError(`${requestId} failed:`, Cause.pretty(cause)),
          problem(new Unexpected({ requestId, reason: "unexpected", ...said(say("unexpected")) })),
        )
      }),
    )
    const response = asProblem(answered, requestId)
    const seconds = (performance.now() - startedAt) / 1_000
    metrics.requests.inc({ method: raw.method ?? "", route, status: String(response.status) })
    metrics.requestSeconds.observe({ method: raw.method ?? "", route }, seconds)
    log({
      at: new Date().toISOString(),
      kind: "request",
      requestId,
      actor,
      method: raw.method ?? "",
      route,
      status: response.status,
      milliseconds: Math.round(seconds * 1_000),
    })
    return HttpServerResponse.setHeaders(response, { ...headersOf(requestId), ...response.headers })
  })

  const build = Effect.gen(function* () {
    const services = Layer.mergeAll(Layer.succeed(BillingStore, store), Layer.succeed(ServiceContext, { tenants }))
    const app = yield* HttpRouter.toHttpEffect(serviceLayer(metrics, options.metricsToken ?? null).pipe(Layer.provide(services)))
    const provided = answer(
      app.pipe(Effect.provideService(BillingStore, store), Effect.provideService(ServiceContext, { tenants })) as Effect.Effect<
        HttpServerResponse.HttpServerResponse,
        unknown,
        HttpServerRequest.HttpServerRequest | Scope.Scope
      >,
    )
    return yield* NodeHttpServer.makeHandler(provided, { scope })
  }).pipe(Effect.provide([NodeHttpServer.layerHttpServices, Logger.layer([logger])]), Scope.provide(scope))

  const handle = await Effect.runPromise(build)
  return {
    handle: (request, response) => handle(request, withHeadersBesideStatus(response)),
    close: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  }
}
