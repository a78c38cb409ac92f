import { addMonths, monthOf } from "@hpc-billing/core"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../../api/Api.ts"
import type { TenantView } from "../../api/groups/session.ts"
import { Caller } from "../../api/Identity.ts"
import { type PermissionKey, permissions } from "../../api/permissions.ts"
import { Unavailable } from "../../api/problems.ts"
import { RunError } from "../../run/RunError.ts"
import { BillingStore } from "../../store/index.ts"
import { reachOf } from "../access.ts"
import { reading } from "../problemOf.ts"
import { ServiceContext } from "../ServiceContext.ts"
import { nowSeconds, standingOf } from "../tenantView.ts"

const monthsBefore = 12

/** A tenant that has published its books; null before that. */
const tenantView = (tenant: string) =>
  Effect.gen(function* () {
    const store = yield* BillingStore
    const { books, zone, currency, dataUntil } = yield* standingOf(tenant)
    const { issuer, clusters } = books.site
    const currentMonth = monthOf(yield* nowSeconds, zone)
    const latest = (yield* store.listRecords(tenant, {}, { cursor: null, limit: 1 })).rows[0]
    const months = new Set((yield* store.periods(tenant)).map(({ month }) => month))
    for (let back = 0; back <= monthsBefore; back += 1) months.add(addMonths(currentMonth, -back))
    if (latest !== undefined) months.add(monthOf(latest.startSeconds ?? latest.submitSeconds, zone))
    return {
      tenant,
      nameThai: issuer.nameThai,
      nameEnglish: issuer.nameEnglish,
      zone,
      currency: currency.code,
      exponent: currency.exponent,
      clusters,
      currentMonth,
      months: [...months].sort().reverse(),
      dataUntil,
    } satisfies TenantView
  }).pipe(
    Effect.catchIf(
      (error) => error instanceof RunError,
      () => Effect.succeed(null),
    ),
  )

export const sessionHandlers = HttpApiBuilder.group(
  Api,
  "session",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      me: () =>
        Effect.map(Caller, ({ identity }) => ({
          ...identity,
          permissions: Object.entries(permissions)
            .filter(([key]) => reachOf(identity, key as PermissionKey).kind !== "none")
            .map(([, { name }]) => name),
        })),
      tenants: () =>
        reading(
          Effect.gen(function* () {
            const service = yield* ServiceContext
            const { identity } = yield* Caller
            const own = [...service.tenants.keys()].filter((tenant) => identity.tenants === null || identity.tenants.includes(tenant))
            const views = yield* Effect.forEach(own, tenantView)
            return { tenants: views.filter((view) => view !== null) }
          }),
        ).pipe(
          Effect.catch((problem) =>
            problem instanceof Unavailable
              ? Effect.fail(problem)
              : Effect.fail(
                  new Unavailable({ requestId: problem.requestId, reason: problem.reason, code: problem.code, params: problem.params }),
                ),
          ),
        ),
    })
  }),
)
