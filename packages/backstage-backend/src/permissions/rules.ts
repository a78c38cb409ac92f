import { createConditionExports, createPermissionResourceRef, createPermissionRule } from "@backstage/plugin-permission-node"
import { accountResourceType, type Rows } from "@hpc-billing/service/api"
import { z } from "zod"

/** A Slurm account of a tenant; policies name it `tenant/account`. */
export interface AccountResource {
  readonly tenant: string
  readonly account: string
}

export const accountResourceRef = createPermissionResourceRef<AccountResource, Rows>().with({
  pluginId: "hpc-billing",
  resourceType: accountResourceType,
})

const isInAccount = createPermissionRule({
  name: "IS_IN_ACCOUNT",
  description: "Usage of any of these Slurm accounts",
  resourceRef: accountResourceRef,
  paramsSchema: z.object({ accounts: z.array(z.string()).describe("Names of Slurm accounts") }),
  apply: ({ account }, { accounts }) => accounts.includes(account),
  toQuery: ({ accounts }) => ({ users: [], accounts }),
})

const isOfUser = createPermissionRule({
  name: "IS_OF_USER",
  description: "Usage of any of these Slurm users, in whichever account",
  resourceRef: accountResourceRef,
  paramsSchema: z.object({ users: z.array(z.string()).describe("Names of Slurm users") }),
  // an account as a whole is nobody's usage
  apply: () => false,
  toQuery: ({ users }) => ({ users, accounts: [] }),
})

export const accountRules = { isInAccount, isOfUser }

export const { conditions: hpcBillingConditions, createConditionalDecision: createHpcBillingConditionalDecision } = createConditionExports({
  resourceRef: accountResourceRef,
  rules: accountRules,
})
