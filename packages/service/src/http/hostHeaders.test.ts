import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { expect, test } from "vitest"
import type { StoreFunctions } from "../store/index.ts"
import { makeNodeHandler } from "./makeNodeHandler.ts"

/** As compression and sessions of a host do it: headers are taken from behind the status, wherever a message is no text. */
const wrapHead = (response: ServerResponse): void => {
  const writeHead = response.writeHead.bind(response) as (status: number) => ServerResponse
  Object.assign(response, {
    writeHead: (status: number, second?: unknown, third?: unknown) => {
      const headers = (typeof second === "string" ? third : second) ?? {}
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value as string)
      return writeHead(status)
    },
  })
}

test("a host that wraps writeHead keeps every header of an answer", async () => {
  const handler = await makeNodeHandler({
    store: {} as StoreFunctions,
    tenants: new Map(),
    identify: async () => null,
    log: () => undefined,
  })
  const server = createServer((request, response) => {
    wrapHead(response)
    handler.handle(request, response)
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  const { headers } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/health`)
  expect(headers.get("content-type")).toMatch(/^application\/json/)
  expect(headers.get("cache-control")).toBe("no-store")
  expect(headers.get("x-request-id")).not.toBeNull()
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  await handler.close()
})
