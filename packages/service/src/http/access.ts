import { Effect, Layer } from "effect"
import { HttpRouter } from "effect/http"
import { Access, Caller, type Identity } from "../api/Identity.ts"
import { type PermissionKey, type Scope, scopeOf } from "../api/permissions.ts"
import { Forbidden, NotFound } from "../api/problems.ts"
import { type Route, routes } from "../api/routes.ts"
import { HostRequest } from "./HostRequest.ts"
import { ServiceContext } from "./ServiceContext.ts"

/** The rows that a caller reaches with a permission. */
export type Reach =
  | { readonly kind: "all" }
  | { readonly kind: "own"; readonly users: readonly string[]; readonly accounts: readonly string[] }
  | { readonly kind: "none" }

const everything: Reach = { kind: "all" }
const nothing: Reach = { kind: "none" }

const reachOfScope: Readonly<Record<Scope, (identity: Identity) => Reach>> = {
  all: () => everything,
  "own-accounts": ({ users, accounts }) => ({ kind: "own", users, accounts }),
  "own-usage": ({ users }) => ({ kind: "own", users, accounts: [] }),
}

export const reachOf = (identity: Identity, permission: PermissionKey): Reach => {
  const scope = scopeOf(identity.roles, permission)
  return scope === null ? nothing : reachOfScope[scope](identity)
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
          return yield* new NotFound({ requestId, reason: "unknown-tenant", detail: "There is no such tenant, or it is not yours." })
        }
        const permission = route?.permission ?? null
        if (permission === null || (permission !== "signed-in" && scopeOf(identity.roles, permission) === null)) {
          return yield* new Forbidden({
            requestId,
            reason: permission ?? "unknown-route",
            detail: "None of your roles includes this. Ask an administrator for the role that does.",
          })
        }
        return yield* Effect.provideService(httpEffect, Caller, { identity, requestId })
      }),
    )
  }),
)
