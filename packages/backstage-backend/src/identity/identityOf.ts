import { type Identity, type Role, roles } from "@hpc-billing/service/api"
import type { Settings } from "../settings.ts"
import type { CatalogNames } from "./CatalogNames.ts"

/** Who asks, as Backstage knows them. */
export interface Principal {
  /** Entity ref of a user, subject of a service token. */
  readonly name: string
  /** The refs that the person owns things through, in lower case; the name itself among them. */
  readonly refs: readonly string[]
  readonly names: CatalogNames
}

const namesFor = (tenant: string, names: readonly string[], tenants: ReadonlySet<string>): readonly string[] =>
  names.flatMap((name) => {
    const slash = name.indexOf("/")
    const prefix = name.slice(0, Math.max(0, slash))
    if (!tenants.has(prefix)) return [name]
    return prefix === tenant ? [name.slice(slash + 1)] : []
  })

interface Standing {
  readonly roles: readonly Role[]
  readonly users: readonly string[]
  readonly accounts: readonly string[]
}

const standingIn = (tenant: string, { name, refs, names }: Principal, settings: Settings): Standing => {
  const own = settings.tenants.get(tenant)
  if (own === undefined) return { roles: [], users: [], accounts: [] }
  const all = new Set(settings.tenants.keys())
  const entityName = settings.entityNamesAreSlurmUsers && name.startsWith("user:") ? [name.slice(name.indexOf("/") + 1)] : []
  const annotated = namesFor(tenant, names.users, all)
  return {
    roles: roles.filter((role) => own.roleRefs.get(role)?.some((ref) => refs.includes(ref))),
    users: [...(annotated.length > 0 ? annotated : entityName), ...(own.users.get(name.toLowerCase()) ?? [])],
    accounts: [...namesFor(tenant, names.accounts, all), ...refs.flatMap((ref) => own.accounts.get(ref) ?? [])],
  }
}

const joined = <A>(lists: readonly (readonly A[])[]): readonly A[] => [...new Set(lists.flat())]

/**
 * The identity of a request: in the tenant that its path names only what the person is there, elsewhere the sum of all tenants.
 * Tenants in which a person holds no role are not theirs.
 */
export const identityOf = (principal: Principal, tenant: string | null, settings: Settings): Identity => {
  const standings = [...settings.tenants.keys()].map((each) => ({ tenant: each, ...standingIn(each, principal, settings) }))
  const held = standings.filter((standing) => standing.roles.length > 0)
  const meant = tenant === null ? held : held.filter((standing) => standing.tenant === tenant)
  return {
    name: principal.name,
    displayName: principal.names.displayName ?? principal.name,
    roles: joined(meant.map((standing) => standing.roles)),
    users: joined(meant.map((standing) => standing.users)),
    accounts: joined(meant.map((standing) => standing.accounts)),
    tenants: held.map((standing) => standing.tenant),
  }
}
