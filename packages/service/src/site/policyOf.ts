import { type Account, type AccountRoles, defaultPolicy, type PostingPolicy } from "@hpc-billing/ledger"

/** The parts of a site that its accountant decides. */
export interface SitePolicy {
  /** When VAT falls due: at payment (Thai services) or at issue. */
  readonly taxPoint: "at-payment" | "at-issue"
  /** The accounts that may be posted to, in place of the sample chart; open unless said otherwise. */
  readonly chartOfAccounts?: readonly (Omit<Account, "open"> & { readonly open?: boolean })[]
  /** Which account plays which part; a part that is not named is played by the sample's account. */
  readonly accountRoles?: Partial<AccountRoles>
}

export const policyOf = ({ taxPoint, chartOfAccounts, accountRoles }: SitePolicy): PostingPolicy => ({
  chart:
    chartOfAccounts === undefined
      ? defaultPolicy.chart
      : { accounts: chartOfAccounts.map((account) => ({ ...account, open: account.open ?? true })) },
  roles: { ...defaultPolicy.roles, ...accountRoles },
  vatPoint: taxPoint,
})
