import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../../api/Api.ts"
import { Unavailable } from "../../api/problems.ts"
import { say } from "../../api/sentences.ts"
import { BillingStore } from "../../store/index.ts"
import { HostRequest } from "../HostRequest.ts"
import { ServiceContext } from "../ServiceContext.ts"
import { said } from "../said.ts"

export const systemHandlers = HttpApiBuilder.group(
  Api,
  "system",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      health: () => Effect.succeed({ status: "ok" as const }),
      ready: () =>
        Effect.gen(function* () {
          const store = yield* BillingStore
          const { tenants } = yield* ServiceContext
          const { requestId } = yield* HostRequest
          for (const tenant of tenants.keys()) {
            yield* Effect.catch(store.ingestHead(tenant), () =>
              Effect.fail(new Unavailable({ requestId, reason: "store-unavailable", ...said(say("store-unavailable")) })),
            )
          }
          return { status: "ok" as const }
        }),
    })
  }),
)
