import type { Entity } from "@backstage/catalog-model"

/**
 * On an entity: the Slurm account whose cost it shows, `phys-flood`, or `tenant/phys-flood` where there are several tenants. A
 * group may name several, separated by commas: its members answer for all of them, its page shows the first.
 */
export const slurmAccountAnnotation = "hpc-billing.io/slurm-account"

export interface SlurmAccount {
  readonly tenant: string | null
  readonly account: string
}

/** null when the entity names no account. */
export const slurmAccountOf = (entity: Entity): SlurmAccount | null => {
  const text = entity.metadata.annotations?.[slurmAccountAnnotation]?.split(",")[0]?.trim() ?? ""
  if (text === "") return null
  const slash = text.indexOf("/")
  return slash < 0 ? { tenant: null, account: text } : { tenant: text.slice(0, slash), account: text.slice(slash + 1) }
}
