import { request as httpRequest } from "node:http"
import { request as httpsRequest } from "node:https"
import { SlurmReadError, type SlurmReadReason } from "../SlurmReadError.ts"

/** Where slurmrestd listens: `http://host:port`, `https://host`, or a unix socket. */
export type RestAddress = { readonly url: string } | { readonly socketPath: string }

export interface HttpGetOptions {
  readonly address: RestAddress
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutSeconds: number
  readonly megabytesMaximum: number
}

/** One GET without a retry. Throws `SlurmReadError`; the body of any status is returned. */
export const httpGet = (options: HttpGetOptions): Promise<{ readonly status: number; readonly body: string }> => {
  const { address, path, headers, timeoutSeconds, megabytesMaximum } = options
  const source = sourceOf(address, path)
  return new Promise((resolve, reject) => {
    const fail = (reason: SlurmReadReason): void => reject(new SlurmReadError({ source, reason }))
    const common = { method: "GET", headers: { accept: "application/json", ...headers } }
    const outgoing =
      "socketPath" in address
        ? httpRequest({ ...common, socketPath: address.socketPath, path })
        : (address.url.startsWith("https:") ? httpsRequest : httpRequest)(new URL(path, address.url), common)
    const timer = setTimeout(() => {
      fail({ _tag: "TimedOut", seconds: timeoutSeconds })
      outgoing.destroy()
    }, timeoutSeconds * 1_000)
    outgoing.once("close", () => clearTimeout(timer))
    outgoing.once("error", (error) => fail({ _tag: "Unreachable", detail: "code" in error ? String(error.code) : error.message }))
    outgoing.once("response", (incoming) => {
      const chunks: Buffer[] = []
      let bytes = 0
      incoming.on("data", (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes <= megabytesMaximum * 1e6) chunks.push(chunk)
        else {
          fail({ _tag: "TooLarge", megabytes: megabytesMaximum })
          outgoing.destroy()
        }
      })
      incoming.once("aborted", () => fail({ _tag: "Unreachable", detail: "the connection ended within the answer" }))
      incoming.once("end", () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }))
    })
    outgoing.end()
  })
}

export const sourceOf = (address: RestAddress, path: string): string =>
  "socketPath" in address ? `unix:${address.socketPath}:${path}` : new URL(path, address.url).href
