import { canonicalJson } from "@hpc-billing/core"
import { type Account, type AccountRoles, type AccountType, type Chart, defaultRoles } from "./Chart.ts"

const types: ReadonlySet<string> = new Set<AccountType>(["asset", "contra-asset", "liability", "equity", "revenue", "expense"])
const roleNames = Object.keys(defaultRoles) as readonly (keyof AccountRoles)[]

/** The chart of accounts as a file of an export, with the roles that are not those of the sample chart. */
export const chartToJson = (chart: Chart, roles: AccountRoles = defaultRoles): string => {
  const own = Object.fromEntries(roleNames.filter((role) => roles[role] !== defaultRoles[role]).map((role) => [role, roles[role]]))
  const accounts = chart.accounts.map(({ id, name, nameThai, type, open }) => ({ id, name, nameThai, open, type }))
  return `${canonicalJson({ accounts, ...(Object.keys(own).length === 0 ? {} : { roles: own }) })}\n`
}

/** Null when the text is not a chart as `chartToJson` writes it. */
export const chartFromJson = (text: string): { readonly chart: Chart; readonly roles: AccountRoles } | null => {
  try {
    const { accounts, roles: own = {} }: { accounts: Account[]; roles?: Partial<AccountRoles> } = JSON.parse(text)
    const complete =
      accounts.every(
        ({ id, name, nameThai, type, open }) =>
          types.has(type) && typeof open === "boolean" && [id, name, nameThai].every((text) => typeof text === "string"),
      ) && Object.values(own).every((id) => typeof id === "string")
    const [chart, roles] = [{ accounts }, { ...defaultRoles, ...own }]
    return complete && chartToJson(chart, roles) === text ? { chart, roles } : null
  } catch {
    return null
  }
}
