import { Effect, Layer } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { HttpApiBuilder, HttpApiSwagger } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { openApiDocument } from "../api/openApi.ts"
import { accessLayer } from "./access.ts"
import { figuresCacheLayer } from "./figures/FiguresCache.ts"
import { exportsHandlers, journalHandlers, periodsHandlers } from "./handlers/books.ts"
import { auditHandlers, dashboardHandlers, ingestHandlers } from "./handlers/oversight.ts"
import { payersHandlers } from "./handlers/payers.ts"
import { prepaidHandlers } from "./handlers/prepaid.ts"
import { formulasHandlers, ratesHandlers } from "./handlers/rates.ts"
import { creditNotesHandlers, receiptsHandlers } from "./handlers/receipts.ts"
import { reportsHandlers } from "./handlers/reports.ts"
import { sessionHandlers } from "./handlers/session.ts"
import { systemHandlers } from "./handlers/system.ts"
import { usageHandlers } from "./handlers/usage.ts"
import { metricsRoute } from "./metricsRoute.ts"
import { problemsLayer } from "./problemsLayer.ts"
import type { ServiceMetrics } from "./ServiceMetrics.ts"

const handlers = Layer.mergeAll(
  systemHandlers,
  sessionHandlers,
  usageHandlers,
  payersHandlers,
  receiptsHandlers,
  creditNotesHandlers,
  prepaidHandlers,
  journalHandlers,
  periodsHandlers,
  reportsHandlers,
  exportsHandlers,
  ratesHandlers,
  formulasHandlers,
  auditHandlers,
  dashboardHandlers,
  ingestHandlers,
)

const document = JSON.stringify(openApiDocument())

/** Every route of the service over a store and its tenants: the contract, its document and Swagger UI, the metrics. */
export const serviceLayer = (metrics: ServiceMetrics, metricsToken: string | null) =>
  Layer.mergeAll(
    HttpApiBuilder.layer(Api),
    HttpRouter.add("GET", "/openapi.json", Effect.succeed(HttpServerResponse.text(document, { contentType: "application/json" }))),
    HttpApiSwagger.layer(Api, { path: "/docs" }),
    metricsRoute(metrics, metricsToken),
  ).pipe(Layer.provide(handlers), Layer.provide(figuresCacheLayer), Layer.provide(accessLayer), Layer.provide(problemsLayer))
