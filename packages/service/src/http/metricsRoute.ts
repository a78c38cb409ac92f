import { timingSafeEqual } from "node:crypto"
import { Effect } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { Forbidden } from "../api/problems.ts"
import { say } from "../api/sentences.ts"
import { BillingStore } from "../store/index.ts"
import { reachOf } from "./access.ts"
import { HostRequest } from "./HostRequest.ts"
import { ServiceContext } from "./ServiceContext.ts"
import type { ServiceMetrics } from "./ServiceMetrics.ts"
import { said } from "./said.ts"

const isToken = (given: string | undefined, token: string | null): boolean => {
  if (given === undefined || token === null) return false
  const [left, right] = [Buffer.from(given), Buffer.from(`Bearer ${token}`)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** `/metrics` in Prometheus' text format: for who brings the scraper's token, or may read the dashboard. */
export const metricsRoute = (metrics: ServiceMetrics, token: string | null) =>
  HttpRouter.add(
    "GET",
    "/metrics",
    Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      const store = yield* BillingStore
      const { tenants } = yield* ServiceContext
      if (!isToken(request.headers.authorization, token)) {
        const { requestId, identify } = yield* HostRequest
        const identity = yield* identify
        const isOfAllTenants = [...tenants.keys()].every((tenant) => identity.tenants?.includes(tenant) ?? true)
        if (!isOfAllTenants || reachOf(identity, "dashboardRead").kind !== "all") {
          return yield* new Forbidden({ requestId, reason: "dashboardRead", ...said(say("forbidden-metrics")) })
        }
      }
      for (const tenant of tenants.keys()) {
        const head = yield* store.head(tenant)
        const { rows } = yield* store.listIngestRuns(tenant, { cursor: null, limit: 1 })
        metrics.auditRecords.set({ tenant }, Number(head.chain.sequence))
        metrics.commits.set({ tenant }, Number(head.commitSequence))
        metrics.dataUntilSeconds.set({ tenant }, rows[0]?.finishedAtSeconds ?? 0)
      }
      const text = yield* Effect.promise(() => metrics.registry.metrics())
      return HttpServerResponse.text(text, { contentType: metrics.registry.contentType })
    }),
  )
