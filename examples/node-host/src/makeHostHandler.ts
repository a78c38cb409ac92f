import { randomUUID } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import {
  type AccessAction,
  BillingStore,
  makeNodeHandler,
  type NodeHandler,
  type NodeHandlerOptions,
  recordAccess,
} from "@hpc-billing/service"
import { type Sentence, say } from "@hpc-billing/service/api"
import { Effect } from "effect"
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible"
import { homePage, pageHeaders, signInPage } from "./pages.ts"
import { isPassword, nobodysPassword } from "./password.ts"
import { makeSignInThrottle } from "./SignInThrottle.ts"
import { isSameOrigin } from "./sameOrigin.ts"
import { endedSessionCookie, sessionCookie, userOfCookie } from "./session.ts"
import type { User, Users } from "./Users.ts"

export interface HostOptions extends Pick<NodeHandlerOptions, "store" | "tenants" | "log" | "metricsToken"> {
  readonly users: Users
  /** Served over https: cookies are sent there alone. */
  readonly isSecure: boolean
  /** Answers for each address a minute. */
  readonly requestsPerMinuteMaximum?: number
}

const formBytesMaximum = 4_096
const requestsPerMinuteDefault = 6_000

/** The service behind a sign-in of its own: a session cookie for each person of the users file. */
export const makeHostHandler = async (options: HostOptions): Promise<NodeHandler> => {
  const { users, isSecure, store, tenants, log } = options
  const throttle = makeSignInThrottle()
  const requests = new RateLimiterMemory({ points: options.requestsPerMinuteMaximum ?? requestsPerMinuteDefault, duration: 60 })
  const userOf = (request: IncomingMessage): User | null =>
    userOfCookie(request.headers.cookie, users.sessionSecret, users.users, Math.floor(Date.now() / 1_000))
  const service = await makeNodeHandler({
    ...options,
    identify: async (request) => {
      const user = userOf(request)
      if (user === null) return null
      const { password: _, ...identity } = user
      return identity
    },
  })

  const remember = async (action: AccessAction, user: User, requestId: string): Promise<void> => {
    const own = [...tenants.keys()].filter((tenant) => user.tenants === null || user.tenants.includes(tenant))
    const written = Effect.forEach(own, (tenant) => recordAccess(tenant, action, user.name, { name: user.name, requestId }))
    await Effect.runPromise(Effect.provideService(written, BillingStore, store)).catch((cause: Error) =>
      log({
        at: new Date().toISOString(),
        kind: "event",
        level: "Error",
        message: `${requestId} ${action} was not recorded: ${cause.message}`,
      }),
    )
  }

  const signIn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = randomUUID()
    const address = request.socket.remoteAddress ?? ""
    const form = await readForm(request)
    const [name, password] = [form?.get("name") ?? "", form?.get("password") ?? ""]
    const waitSeconds = await throttle.waitSeconds(name, address)
    if (waitSeconds > 0) {
      const refusal = `Signing in failed too often. Try again in ${Math.ceil(waitSeconds / 60)} minutes.`
      return send(response, 429, signInPage(refusal), { "retry-after": String(waitSeconds) })
    }
    const user = users.users.find((each) => each.name === name)
    const isRight = await isPassword(password, user?.password ?? nobodysPassword)
    if (user === undefined || !isRight) {
      const isLocked = await throttle.failed(name, address)
      if (user !== undefined && isLocked) await remember("access.locked", user, requestId)
      return send(response, 401, signInPage("Name or password is wrong."))
    }
    await throttle.succeeded(name, address)
    await remember("access.sign-in", user, requestId)
    const cookie = sessionCookie(user, users.sessionSecret, Math.floor(Date.now() / 1_000), isSecure)
    send(response, 303, "", { location: "./", "set-cookie": cookie })
  }

  const signOut = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const user = userOf(request)
    if (user !== null) await remember("access.sign-out", user, randomUUID())
    send(response, 303, "", { location: "./sign-in", "set-cookie": endedSessionCookie(isSecure) })
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const spent = await requests.consume(request.socket.remoteAddress ?? "").catch((state: RateLimiterRes) => state)
    if (spent.remainingPoints === 0 && spent.consumedPoints > requests.points) {
      const seconds = Math.ceil(spent.msBeforeNext / 1_000)
      return sendProblem(response, 429, say("too-many-requests", { seconds: String(seconds) }), seconds)
    }
    if (!isSameOrigin(request)) return sendProblem(response, 403, say("foreign-origin"))
    const path = (request.url ?? "/").split("?")[0]
    if (request.method === "GET" && path === "/") {
      const user = userOf(request)
      return user === null ? send(response, 303, "", { location: "./sign-in" }) : send(response, 200, homePage(user))
    }
    if (path === "/sign-in") return request.method === "POST" ? signIn(request, response) : send(response, 200, signInPage(null))
    if (path === "/sign-out" && request.method === "POST") return signOut(request, response)
    service.handle(request, response)
  }

  return {
    handle: (request, response) => {
      answer(request, response).catch((cause: Error) => {
        log({ at: new Date().toISOString(), kind: "event", level: "Error", message: cause.stack ?? cause.message })
        if (!response.headersSent) sendProblem(response, 500, say("host-failed"))
      })
    },
    close: service.close,
  }
}

const send = (response: ServerResponse, status: number, body: string, headers: Readonly<Record<string, string>> = {}): void => {
  response.writeHead(status, { ...pageHeaders, ...headers })
  response.end(body)
}

const titles: Readonly<Record<number, string>> = {
  403: "Your roles do not include this",
  429: "Too many requests",
  500: "The service failed",
}
const types: Readonly<Record<number, string>> = { 403: "forbidden", 429: "too-many-requests", 500: "unexpected" }

const sendProblem = (
  response: ServerResponse,
  status: 403 | 429 | 500,
  { code, params, text: detail }: Sentence,
  retryAfterSeconds?: number,
): void => {
  response.writeHead(status, {
    "content-type": "application/problem+json",
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
  })
  const requestId = randomUUID()
  const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds }
  response.end(
    JSON.stringify({
      type: `/problems/${types[status]}`,
      title: titles[status],
      status,
      reason: code,
      code,
      params,
      detail,
      requestId,
      ...retry,
    }),
  )
}

/** The fields of a form; null when it is longer than any of ours. */
const readForm = async (request: IncomingMessage): Promise<URLSearchParams | null> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length
    if (bytes > formBytesMaximum) return null
    chunks.push(chunk as Buffer)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"))
}
