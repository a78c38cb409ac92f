import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Access, Identity, Problems } from "../Identity.ts"
import { Unavailable } from "../problems.ts"
import { routes } from "../routes.ts"
import { DataUntil } from "../values.ts"

export const Me = Schema.Struct({
  ...Identity.fields,
  /** Names of `permissions` that any of the roles gives. */
  permissions: Schema.Array(Schema.String),
}).annotate({ identifier: "Me" })
export type Me = typeof Me.Type

export const TenantView = Schema.Struct({
  tenant: Schema.String,
  nameThai: Schema.String,
  nameEnglish: Schema.String,
  zone: Schema.String,
  currency: Schema.String,
  exponent: Schema.Int,
  clusters: Schema.Array(Schema.String),
  /** The month of now in the billing zone, and the months that have data, newest first. */
  currentMonth: Schema.String,
  months: Schema.Array(Schema.String),
  dataUntil: DataUntil,
}).annotate({ identifier: "Tenant" })
export type TenantView = typeof TenantView.Type

export class SessionGroup extends HttpApiGroup.make("session")
  .add(
    HttpApiEndpoint.get("me", routes.session.me.path, { success: Me }),
    HttpApiEndpoint.get("tenants", routes.session.tenants.path, {
      success: Schema.Struct({ tenants: Schema.Array(TenantView) }),
      error: Unavailable,
    }),
  )
  .middleware(Access)
  .middleware(Problems) {}
