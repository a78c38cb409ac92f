import { deepStrictEqual, ok, strictEqual } from "node:assert/strict"
import { randomUUID } from "node:crypto"
import { ApiProblem } from "../api/ApiProblem.ts"
import { type Client, makeClient } from "../api/makeClient.ts"
import type { Role } from "../api/permissions.ts"
import { sentences } from "../api/sentences.ts"
import { contractTenant as tenant } from "./contractSite.ts"

/** A host that serves the contract's tenant, and a way to be each of its people. */
export interface ContractHost {
  /** Where the service is mounted, without a slash at the end. */
  readonly baseUrl: string
  /** Signs in the person of the role: headers that carry the sign-in. */
  readonly authenticate: (role: Role) => Promise<Readonly<Record<string, string>>>
}

const people = new WeakMap<ContractHost, Map<Role, Promise<Readonly<Record<string, string>>>>>()

export const headersOf = (host: ContractHost, role: Role): Promise<Readonly<Record<string, string>>> => {
  const known = people.get(host) ?? new Map<Role, Promise<Readonly<Record<string, string>>>>()
  people.set(host, known)
  const headers = known.get(role) ?? host.authenticate(role)
  known.set(role, headers)
  return headers
}

/** The client of a person of the role. */
export const clientOf = (host: ContractHost, role: Role): Client => makeClient(host.baseUrl, fetch, () => headersOf(host, role))

/** A new idempotency key. */
export const key = (): string => randomUUID()
export const params = { tenant }

/** Checks a refusal: its status and reason, and that a portal can say it in its own language. */
export const refusedWith =
  (status: number, reason?: string) =>
  (error: unknown): boolean => {
    ok(error instanceof ApiProblem, String(error))
    strictEqual(error.status, status, error.message)
    if (reason !== undefined) strictEqual(error.reason, reason, error.message)
    ok(error.requestId !== "", "a problem names its request")
    ok(error.code !== "", "a problem has a code that a portal can translate")
    const named = [...sentences[error.code].matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
    deepStrictEqual(Object.keys(error.params).sort(), [...new Set(named)].sort(), error.code)
    return true
  }

/** The rows of a downloaded file, its header first. */
export const csvOf = (bytes: Uint8Array): readonly string[] => {
  strictEqual(bytes[0], 0xef, "a byte order mark leads")
  return new TextDecoder().decode(bytes).trimEnd().split("\r\n")
}
