import type { AuthService, BackstageCredentials, HttpAuthService, UserInfoService } from "@backstage/backend-plugin-api"
import type { CatalogService } from "@backstage/plugin-catalog-node"
import type { Identify } from "@hpc-billing/service"
import type { PermissionKey, Rows } from "@hpc-billing/service/api"
import type { Settings } from "../settings.ts"
import { type CatalogNames, catalogNames } from "./CatalogNames.ts"
import { identityOf, type Principal } from "./identityOf.ts"

export interface IdentityServices {
  readonly auth: AuthService
  readonly httpAuth: HttpAuthService
  readonly userInfo: UserInfoService
  readonly catalog: CatalogService
  /** What the host's policy leaves of each permission. */
  readonly limits: (credentials: BackstageCredentials) => Promise<ReadonlyMap<PermissionKey, Rows>>
}

/** How long the catalog's answer on a person serves: the pages of a portal ask several times a second. */
const catalogAnswerSeconds = 30
const answersMaximum = 1_000

const nothing: CatalogNames = { displayName: null, users: [], accounts: [] }

const tenantPath = /^\/v1\/tenants\/([^/?]+)/

const tenantOf = (url: string): string | null => {
  const [, segment] = tenantPath.exec(url) ?? []
  try {
    return segment === undefined ? null : decodeURIComponent(segment)
  } catch {
    return segment ?? null
  }
}

/** Identity by the host's own credentials: no credentials, or those of neither a user nor a service, are nobody. */
export const makeIdentify = ({ auth, httpAuth, userInfo, catalog, limits }: IdentityServices, settings: Settings): Identify => {
  const answers = new Map<string, { readonly untilMilliseconds: number; readonly names: Promise<CatalogNames> }>()

  const askCatalog = async (refs: readonly string[]): Promise<CatalogNames> => {
    const entityRefs = refs.filter((ref) => /^(user|group):/.test(ref))
    const { items } = await catalog.getEntitiesByRefs({ entityRefs }, { credentials: await auth.getOwnServiceCredentials() })
    return catalogNames(items.filter((entity) => entity !== undefined))
  }

  const namesOf = (refs: readonly string[]): Promise<CatalogNames> => {
    const key = refs.join("\n")
    const known = answers.get(key)
    if (known !== undefined && known.untilMilliseconds > performance.now()) return known.names
    if (answers.size >= answersMaximum) answers.clear()
    const names = askCatalog(refs)
    answers.set(key, { untilMilliseconds: performance.now() + catalogAnswerSeconds * 1_000, names })
    names.catch(() => answers.delete(key))
    return names
  }

  const principalOf = async (credentials: BackstageCredentials): Promise<Principal | null> => {
    if (auth.isPrincipal(credentials, "service")) {
      const { subject } = credentials.principal
      return { name: subject, refs: [subject.toLowerCase()], names: nothing }
    }
    if (!auth.isPrincipal(credentials, "user")) return null
    const { userEntityRef, ownershipEntityRefs } = await userInfo.getUserInfo(credentials)
    const refs = [...new Set([userEntityRef, ...ownershipEntityRefs].map((ref) => ref.toLowerCase()))]
    return { name: userEntityRef, refs, names: await namesOf(refs) }
  }

  return async (request) => {
    // the handler stands in Express, whose request is Node's own with more on it
    const asked = request as Parameters<HttpAuthService["credentials"]>[0]
    const credentials = await httpAuth.credentials(asked, { allow: ["user", "service"] }).catch((error: Error) => {
      if (error.name === "AuthenticationError" || error.name === "NotAllowedError") return null
      throw error
    })
    if (credentials === null) return null
    const [principal, allowed] = await Promise.all([principalOf(credentials), limits(credentials)])
    return principal === null ? null : { ...identityOf(principal, tenantOf(request.url ?? ""), settings), limits: allowed }
  }
}
