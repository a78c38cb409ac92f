import { type BasicPermission, createPermission, type Permission, type ResourcePermission } from "@backstage/plugin-permission-common"
import { type PermissionKey, permissions } from "@hpc-billing/service/api"

type Data = (typeof permissions)[PermissionKey]

const made = ([key, { name, attributes, resourceType }]: [string, Data]): [string, Permission] => [
  key,
  resourceType === null ? createPermission({ name, attributes }) : createPermission({ name, attributes, resourceType }),
]

/** The permissions of the service as Backstage's policies know them, by the same keys. */
export const hpcBillingPermissions = Object.fromEntries(Object.entries(permissions).map(made)) as {
  readonly [K in PermissionKey]: (typeof permissions)[K]["resourceType"] extends infer R extends string
    ? ResourcePermission<R>
    : BasicPermission
}
