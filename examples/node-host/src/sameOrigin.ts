import type { IncomingMessage } from "node:http"

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"])

/**
 * Whether a request that changes something comes from our own pages. Browsers say so themselves (`Sec-Fetch-Site`, or `Origin` in
 * older ones); a program that sends neither carries no cookie of somebody else.
 */
export const isSameOrigin = ({ method = "GET", headers }: IncomingMessage): boolean => {
  if (safeMethods.has(method)) return true
  const site = headers["sec-fetch-site"]
  if (site !== undefined) return site === "same-origin" || site === "none"
  const { origin, host } = headers
  if (origin === undefined) return true
  try {
    return new URL(origin).host === host
  } catch {
    return false
  }
}
