import type { BackstageCredentials, PermissionsRegistryService, PermissionsService } from "@backstage/backend-plugin-api"
import { AuthorizeResult, isResourcePermission } from "@backstage/plugin-permission-common"
import { createConditionTransformer } from "@backstage/plugin-permission-node"
import type { PermissionKey, Rows } from "@hpc-billing/service/api"
import { hpcBillingPermissions } from "./hpcBillingPermissions.ts"
import { rowsOf } from "./rowsOf.ts"
import { accountResourceRef } from "./rules.ts"

const all = Object.entries(hpcBillingPermissions) as readonly (readonly [PermissionKey, (typeof hpcBillingPermissions)[PermissionKey]])[]
const ofRows = all.flatMap(([key, permission]) => (isResourcePermission(permission) ? [[key, permission] as const] : []))
const basic = all.flatMap(([key, permission]) => (isResourcePermission(permission) ? [] : [[key, permission] as const]))

const nothing: Rows = { users: [], accounts: [] }

/** Asks the host's policy what it leaves of each permission; what it allows in full is not named. */
export const policyLimits = (permissions: PermissionsService, registry: PermissionsRegistryService) => {
  const toQuery = createConditionTransformer(registry.getPermissionRuleset(accountResourceRef))
  return async (credentials: BackstageCredentials): Promise<ReadonlyMap<PermissionKey, Rows>> => {
    const [conditional, definite] = await Promise.all([
      permissions.authorizeConditional(
        ofRows.map(([, permission]) => ({ permission })),
        { credentials },
      ),
      permissions.authorize(
        basic.map(([, permission]) => ({ permission })),
        { credentials },
      ),
    ])
    const limits = new Map<PermissionKey, Rows>()
    for (const [index, [key]] of ofRows.entries()) {
      const decision = conditional[index]
      if (decision?.result === AuthorizeResult.CONDITIONAL) limits.set(key, rowsOf(toQuery(decision.conditions)))
      else if (decision?.result !== AuthorizeResult.ALLOW) limits.set(key, nothing)
    }
    for (const [index, [key]] of basic.entries()) if (definite[index]?.result !== AuthorizeResult.ALLOW) limits.set(key, nothing)
    return limits
  }
}
