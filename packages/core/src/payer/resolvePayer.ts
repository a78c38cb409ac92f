import type { Payer } from "../receipt/Payer.ts"
import { accountKey, type Payers, type PreparedMapping } from "./preparePayers.ts"

export type PayerResolution =
  | { readonly kind: "shares"; readonly shares: readonly PayerShare[] }
  | { readonly kind: "unmapped"; readonly cluster: string; readonly account: string; readonly user: string; readonly message: string }

export interface PayerShare {
  readonly payer: Payer
  /** Millionths of a percent; the shares sum to 100 000 000. */
  readonly shareWeight: bigint
}

const inForce = (mapping: PreparedMapping, atSeconds: number): boolean =>
  mapping.fromSeconds <= atSeconds && atSeconds < mapping.untilSeconds

/** Who pays for a user of an account at an instant: the user's own mapping before that of the whole account. */
export const resolvePayer = (payers: Payers, cluster: string, account: string, user: string, atSeconds: number): PayerResolution => {
  const rows = (payers.byAccount.get(accountKey(cluster, account)) ?? []).filter((mapping) => inForce(mapping, atSeconds))
  const own = rows.filter((mapping) => mapping.user === user)
  const shares = own.length > 0 ? own : rows.filter((mapping) => mapping.user === null)
  if (shares.length > 0) return { kind: "shares", shares: [...shares].sort((left, right) => (left.payer.id < right.payer.id ? -1 : 1)) }
  if (payers.later !== undefined) return resolvePayer(payers.later, cluster, account, user, atSeconds)
  return {
    kind: "unmapped",
    cluster,
    account,
    user,
    message: `account ${account} on cluster ${cluster} has no payer (user ${user}): add a mapping from the account to a payer.`,
  }
}

/** The instants at which the payer of a user of an account may change. */
export const payerChangeSeconds = (payers: Payers, cluster: string, account: string, user: string): readonly number[] => [
  ...(payers.byAccount.get(accountKey(cluster, account)) ?? [])
    .filter((mapping) => mapping.user === null || mapping.user === user)
    .flatMap((mapping) => [mapping.fromSeconds, mapping.untilSeconds]),
  ...(payers.later === undefined ? [] : payerChangeSeconds(payers.later, cluster, account, user)),
]
