import type { LimitedIdentity, Rows } from "../../api/Identity.ts"
import type { PermissionKey, Role } from "../../api/permissions.ts"
import { contractTenant } from "../contractSite.ts"

export const plantedTenant = contractTenant

const person = (
  roles: readonly Role[],
  users: readonly string[],
  accounts: readonly string[],
  more: Partial<LimitedIdentity> = {},
): Omit<LimitedIdentity, "name"> => ({ displayName: "Somebody", roles, users, accounts, tenants: [plantedTenant], ...more })

const none: Rows = { users: [], accounts: [] }
const guildRows: Rows = { users: [], accounts: ["weave", "dye"] }
/** What a host's own policy leaves of an auditor: the rows of two accounts, and nothing that concerns no rows but the prices. */
const guildAlone = new Map<PermissionKey, Rows>([
  ["usageRead", guildRows],
  ["receiptRead", guildRows],
  ["payerRead", guildRows],
  ["journalRead", none],
  ["periodRead", none],
  ["exportRead", none],
  ["ingestRead", none],
  ["auditRead", none],
  ["dashboardRead", none],
])

const wardAlone = new Map<PermissionKey, Rows>(
  (["usageRead", "receiptRead", "payerRead"] as const).map((key) => [key, { users: [], accounts: ["ward"] }]),
)

/**
 * Who asks. The payer `guild` pays for the accounts weave and dye, `faculty` for physics and chem, `hospital` for ward; each account
 * has one user of its own: cat weaves, gil dyes, ann is in physics, ben in chem, dan in ward.
 */
export const people = {
  ann: person(["researcher"], ["ann"], []),
  /** Answers for an account, but holds no role that says so. */
  ben: person(["researcher"], ["ben"], ["chem"]),
  cat: person(["researcher"], ["cat"], []),
  /** Of all accounts of its payer. */
  weaver: person(["project-owner"], [], ["weave", "dye"]),
  dean: person(["project-owner"], ["dean"], ["physics", "chem"]),
  /** Of one of two accounts of its payer. */
  dyer: person(["project-owner"], [], ["dye"]),
  /** With usage of one's own elsewhere. */
  both: person(["researcher", "project-owner"], ["dan"], ["dye"]),
  fin: person(["finance"], [], []),
  adm: person(["admin"], [], []),
  aud: person(["auditor"], [], []),
  limited: person(["auditor"], [], [], { limits: guildAlone }),
  /** Whom the host's policy leaves one account of two. */
  narrowed: person(["project-owner"], [], ["physics", "ward"], { limits: wardAlone }),
  roleless: person([], ["ann", "cat"], ["weave", "physics"]),
  /** Of another tenant. */
  away: person(["finance", "admin", "auditor"], ["ann"], ["weave"], { tenants: ["elsewhere"] }),
  stranger: null,
} satisfies Readonly<Record<string, Omit<LimitedIdentity, "name"> | null>>

export type Person = keyof typeof people
export const everyPerson = Object.keys(people) as readonly Person[]
