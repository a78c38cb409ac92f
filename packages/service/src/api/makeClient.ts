import type { HttpApi, HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import type { Api } from "./Api.ts"
import { ApiProblem } from "./ApiProblem.ts"
import { routes } from "./routes.ts"

/**
 * The service as plain promises, `client.receipts.list({ params: { tenant }, query: { month } })`, typed by the contract and
 * without its code: what the service answers is JSON as the contract describes it. Refusals are thrown as `ApiProblem`.
 */
export type Client = {
  readonly [Group in Groups["identifier"]]: {
    readonly [Endpoint in Endpoints<Group>["identifier"]]: Call<Endpoints<Group>, Endpoint>
  }
}

/** A file as the service sent it. */
export interface Download {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly mediaType: string
  readonly fileName: string
}

/** The part of `fetch` that the client needs; a host's own fetch fits. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Read anew for each request, so that a token may change. */
export type ClientHeaders =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>)

type Groups = typeof Api extends HttpApi.HttpApi<string, infer All> ? All : never
type Endpoints<Name extends string> =
  Extract<Groups, { readonly identifier: Name }> extends HttpApiGroup.HttpApiGroup<string, infer All>
    ? Extract<All, HttpApiEndpoint.Top>
    : never

type Part<Name extends string, Value> = [Value] extends [never]
  ? unknown
  : Partial<Record<never, never>> extends Value
    ? { readonly [K in Name]?: Value }
    : { readonly [K in Name]: Value }
type HeaderPart<Value> = [Value] extends [never]
  ? unknown
  : "idempotency-key" extends keyof Value
    ? { /** One for each act, kept when it is tried again. */ readonly idempotencyKey: string }
    : unknown
type Request<E extends HttpApiEndpoint.Top> = Part<"params", E["~Params"]["Type"]> &
  Part<"query", E["~Query"]["Type"]> &
  Part<"payload", E["~Payload"]["Type"]> &
  HeaderPart<E["~Headers"]["Type"]> & { readonly signal?: AbortSignal }
type Body<Value> =
  Value extends HttpApiSchema.withHeaders<infer Inner, unknown>
    ? Inner
    : Value extends Uint8Array
      ? Download
      : Value extends void
        ? never
        : Value
type Call<All extends HttpApiEndpoint.Top, Name extends string> = All extends { readonly identifier: Name }
  ? Record<never, never> extends Request<All>
    ? (request?: Request<All>) => Promise<Body<All["~Success"]["Type"]>>
    : (request: Request<All>) => Promise<Body<All["~Success"]["Type"]>>
  : never

interface AnyRequest {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly payload?: unknown
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

/** `baseUrl` is where the service is mounted, without a slash at the end: `/api/hpc-billing`. */
export const makeClient = (baseUrl: string, fetch: Fetch = globalThis.fetch, headers: ClientHeaders = {}): Client => {
  const call = async (method: string, path: string, request: AnyRequest = {}): Promise<unknown> => {
    const sent = new Headers(typeof headers === "function" ? await headers() : headers)
    if (request.payload !== undefined) sent.set("content-type", "application/json")
    if (request.idempotencyKey !== undefined) sent.set("idempotency-key", request.idempotencyKey)
    const response = await fetch(urlOf(baseUrl, path, request), {
      method,
      headers: sent,
      credentials: "same-origin",
      ...(request.payload === undefined ? {} : { body: JSON.stringify(request.payload) }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    }).catch((cause: unknown) => {
      if (cause instanceof Error && cause.name === "AbortError") throw cause
      throw new ApiProblem({ status: 0, title: "No answer", detail: "The service did not answer. Check the connection and try again." })
    })
    return answerOf(response)
  }
  const groups = Object.entries(routes).map(([group, endpoints]) => [
    group,
    Object.fromEntries(
      Object.entries(endpoints).map(([name, { method, path }]) => [name, (request?: AnyRequest) => call(method, path, request)]),
    ),
  ])
  return Object.fromEntries(groups) as Client
}

/** The address of a GET route, for links. */
const urlOf = (baseUrl: string, path: string, request: AnyRequest): string => {
  const filled = path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(String(request.params?.[name])))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(request.query ?? {})) if (value !== undefined) query.set(name, String(value))
  const search = query.toString()
  return `${baseUrl}${filled}${search === "" ? "" : `?${search}`}`
}

const answerOf = async (response: Response): Promise<unknown> => {
  const mediaType = (response.headers.get("content-type") ?? "").split(";")[0] ?? ""
  const isJson = mediaType === "application/json" || mediaType === "application/problem+json"
  if (!response.ok) {
    const problem: unknown = isJson ? await response.json().catch(() => null) : null
    throw new ApiProblem({ ...(typeof problem === "object" && problem !== null ? problem : {}), status: response.status })
  }
  const named = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")
  // a file may be JSON too: what is sent to be kept is handed over as bytes
  if (isJson && named === null) return response.json()
  return { bytes: new Uint8Array(await response.arrayBuffer()), mediaType, fileName: named?.[1] ?? "download" } satisfies Download
}
