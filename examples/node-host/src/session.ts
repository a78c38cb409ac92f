import { parseCookie, stringifySetCookie } from "cookie"
import { sign, unsign } from "cookie-signature"
import type { User } from "./Users.ts"

/** A sign-in as a signed cookie: who, until when, and of which password, so that a new password ends it. */
const cookieName = "hpc-billing-session"
const sessionSeconds = 8 * 3_600

const stampOf = ({ password }: User): string => password.key.slice(0, 12)

const attributes = (isSecure: boolean) => ({ httpOnly: true, sameSite: "strict", secure: isSecure, path: "/" }) as const

export const sessionCookie = (user: User, secret: string, nowSeconds: number, isSecure: boolean): string =>
  stringifySetCookie({
    name: cookieName,
    value: sign(`${user.name}.${nowSeconds + sessionSeconds}.${stampOf(user)}`, secret),
    maxAge: sessionSeconds,
    ...attributes(isSecure),
  })

export const endedSessionCookie = (isSecure: boolean): string =>
  stringifySetCookie({ name: cookieName, value: "", maxAge: 0, ...attributes(isSecure) })

/** The user of a request's cookie; null when it has none, it was altered, it is over, or the password is another now. */
export const userOfCookie = (cookies: string | undefined, secret: string, users: readonly User[], nowSeconds: number): User | null => {
  const value = parseCookie(cookies ?? "")[cookieName]
  const session = value === undefined ? false : unsign(value, secret)
  const match = session === false ? null : /^(.+)\.(\d+)\.([^.]+)$/.exec(session)
  if (match === null || Number(match[2]) <= nowSeconds) return null
  const user = users.find(({ name }) => name === match[1])
  return user !== undefined && stampOf(user) === match[3] ? user : null
}
