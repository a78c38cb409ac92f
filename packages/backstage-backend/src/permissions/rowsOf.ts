import type { PermissionCriteria } from "@backstage/plugin-permission-common"
import type { Rows } from "@hpc-billing/service/api"

const none: Rows = { users: [], accounts: [] }

const union = (left: Rows, right: Rows): Rows => ({
  users: [...left.users, ...right.users],
  accounts: [...left.accounts, ...right.accounts],
})

const intersection = (left: Rows, right: Rows): Rows => ({
  users: left.users.filter((user) => right.users.includes(user)),
  accounts: left.accounts.filter((account) => right.accounts.includes(account)),
})

/**
 * The rows that a condition surely allows, never more: `anyOf` sums, `allOf` keeps the users and the accounts that all name,
 * and `not` allows nothing, for "all but these" cannot be listed.
 */
export const rowsOf = (criteria: PermissionCriteria<Rows>): Rows => {
  if ("anyOf" in criteria) return criteria.anyOf.map(rowsOf).reduce(union, none)
  if ("allOf" in criteria) return criteria.allOf.map(rowsOf).reduce(intersection)
  if ("not" in criteria) return none
  return criteria
}
