import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Problems } from "../Identity.ts"
import { Unavailable } from "../problems.ts"
import { routes } from "../routes.ts"

const Health = Schema.Struct({ status: Schema.Literal("ok") }).annotate({ identifier: "Health" })

/** For watchdogs: says nothing of the data. Metrics stand beside it at `/metrics`, in Prometheus' own format. */
export class SystemGroup extends HttpApiGroup.make("system")
  .add(
    HttpApiEndpoint.get("health", routes.system.health.path, { success: Health }),
    HttpApiEndpoint.get("ready", routes.system.ready.path, { success: Health, error: Unavailable }),
  )
  .middleware(Problems) {}
