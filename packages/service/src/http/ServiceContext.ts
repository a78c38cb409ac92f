import { Context } from "effect"
import type { TenantKeys } from "../keys/TenantKeys.ts"

/** What every handler works with besides the store: the tenants that this service serves, with their keys. */
export class ServiceContext extends Context.Service<ServiceContext, { readonly tenants: ReadonlyMap<string, TenantKeys> }>()(
  "@hpc-billing/service/ServiceContext",
) {}
