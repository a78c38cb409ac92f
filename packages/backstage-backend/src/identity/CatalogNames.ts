import type { Entity } from "@backstage/catalog-model"

/**
 * What the catalog says of a person's own entities: a `User` carries the names under which its jobs run, a `Group` the accounts
 * that its members answer for. Other kinds grant nothing, since any team may register them.
 */
export interface CatalogNames {
  readonly displayName: string | null
  /** Names by themselves are meant for every tenant, `tenant/name` for one. */
  readonly users: readonly string[]
  readonly accounts: readonly string[]
}

const accountAnnotation = "hpc-billing.io/slurm-account"
const userAnnotation = "hpc-billing.io/slurm-user"

const namesIn = ({ metadata }: Entity, annotation: string): readonly string[] =>
  (metadata.annotations?.[annotation] ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")

const isOfKind = (kind: string) => (entity: Entity) => entity.kind.toLowerCase() === kind

const displayNameOf = ({ spec, metadata }: Entity): string | null => {
  const profile = spec?.profile as { readonly displayName?: unknown } | undefined
  return typeof profile?.displayName === "string" ? profile.displayName : (metadata.title ?? null)
}

export const catalogNames = (entities: readonly Entity[]): CatalogNames => {
  const [users, groups] = [entities.filter(isOfKind("user")), entities.filter(isOfKind("group"))]
  return {
    displayName: users.map(displayNameOf).find((name) => name !== null) ?? null,
    users: users.flatMap((entity) => namesIn(entity, userAnnotation)),
    accounts: groups.flatMap((entity) => namesIn(entity, accountAnnotation)),
  }
}
