import { Effect, Layer } from "effect"
import { HttpRouter } from "effect/http"
import { Access, Caller, type Identity, type LimitedIdentity, type Rows } from "../api/Identity.ts"
import { type PermissionKey, permissions, type Scope, scopeOf } from "../api/permissions.ts"
import { Forbidden, NotFound } from "../api/problems.ts"
import { type Route, routes } from "../api/routes.ts"
import { say } from "../api/sentences.ts"
import { HostRequest } from "./HostRequest.ts"
import { ServiceContext } from "./ServiceContext.ts"
import { said } from "./said.ts"

/** The rows that a caller reaches with a permission. */
export type Reach = { readonly kind: "all" } | ({ readonly kind: "own" } & Rows) | { readonly kind: "none" }

const everything: Reach = { kind: "all" }
const nothing: Reach = { kind: "none" }

const reachOfScope: Readonly<Record<Scope, (identity: Identity) => Reach>> = {
  all: () => everything,
  "own-accounts": ({ users, accounts }) => ({ kind: "own", users, accounts }),
  "own-usage": ({ users }) => ({ kind: "own", users, accounts: [] }),
}

/** What is in both, and never more: rows of a user in an account of the other list are left out. */
const narrowed = (reach: Reach, { users, accounts }: Rows): Reach => {
  if (users.length === 0 && accounts.length === 0) return nothing
  if (reach.kind !== "own") return reach.kind === "all" ? { kind: "own", users, accounts } : nothing
  return {
    kind: "own",
    users: reach.users.filter((user) => users.includes(user)),
    accounts: reach.accounts.filter((account) => accounts.includes(account)),
  }
}

export const reachOf = (identity: LimitedIdentity, permission: PermissionKey): Reach => {
  const scope = scopeOf(identity.roles, permission)
  const reach = scope === null ? nothing : reachOfScope[scope](identity)
  const limit = identity.limits?.get(permission)
  if (limit === undefined) return reach
  // what concerns no rows is whole or nothing
  return permissions[permission].resourceType === null ? nothing : narrowed(reach, limit)
}

/** Whether usage of the user in the account is within reach. */
export const reaches = (reach: Reach, usage: { readonly user: string; readonly account: string }): boolean =>
  reach.kind === "all" || (reach.kind === "own" && (reach.users.includes(usage.user) || reach.accounts.includes(usage.account)))

const routeOf = (group: string, endpoint: string): Route | undefined =>
  (routes as Readonly<Record<string, Readonly<Record<string, Route>>>>)[group]?.[endpoint]

/** The gate before every handler: sign-in, tenant, permission of the route. A route that the table does not know is refused. */
export const accessLayer = Layer.effect(Access)(
  Effect.gen(function* () {
    const service = yield* ServiceContext
    return Access.of(
      Effect.fnUntraced(function* (httpEffect, { endpoint, group }) {
        const { requestId, identify } = yield* HostRequest
        const identity = yield* identify
        const route = routeOf(group.identifier, endpoint.identifier)
        const { tenant } = yield* HttpRouter.params
        if (tenant !== undefined && !(service.tenants.has(tenant) && (identity.tenants === null || identity.tenants.includes(tenant)))) {
          return yield* new NotFound({ requestId, reason: "unknown-tenant", ...said(say("unknown-tenant")) })
        }
        const permission = route?.permission ?? null
        if (permission === null || (permission !== "signed-in" && reachOf(identity, permission).kind === "none")) {
          return yield* new Forbidden({
            requestId,
            reason: permission ?? "unknown-route",
            ...said(say("forbidden")),
          })
        }
        return yield* Effect.provideService(httpEffect, Caller, { identity, requestId })
      }),
    )
  }),
)
