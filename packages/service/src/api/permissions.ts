/**
 * Who may do what, as plain data: roles, permissions and the rows that a role reaches with each. Hosts build their own
 * permission objects from `permissions`; the service itself enforces `grants` on every request.
 */
export const roles = ["researcher", "project-owner", "finance", "admin", "auditor"] as const
export type Role = (typeof roles)[number]

/** Permissions that concern rows of an account carry this resource type, so that a host can decide by condition. */
export const accountResourceType = "hpc-billing-account"

interface PermissionData {
  readonly name: `hpc-billing.${string}`
  readonly attributes: { readonly action: "create" | "read" | "update" | "delete" }
  readonly resourceType: typeof accountResourceType | null
}

export const permissions = {
  usageRead: { name: "hpc-billing.usage.read", attributes: { action: "read" }, resourceType: accountResourceType },
  receiptRead: { name: "hpc-billing.receipt.read", attributes: { action: "read" }, resourceType: accountResourceType },
  payerRead: { name: "hpc-billing.payer.read", attributes: { action: "read" }, resourceType: accountResourceType },
  rateRead: { name: "hpc-billing.rate.read", attributes: { action: "read" }, resourceType: null },
  receiptWrite: { name: "hpc-billing.receipt.write", attributes: { action: "update" }, resourceType: null },
  journalRead: { name: "hpc-billing.journal.read", attributes: { action: "read" }, resourceType: null },
  journalPost: { name: "hpc-billing.journal.post", attributes: { action: "create" }, resourceType: null },
  periodRead: { name: "hpc-billing.period.read", attributes: { action: "read" }, resourceType: null },
  periodClose: { name: "hpc-billing.period.close", attributes: { action: "update" }, resourceType: null },
  periodReopen: { name: "hpc-billing.period.reopen", attributes: { action: "update" }, resourceType: null },
  exportRead: { name: "hpc-billing.export.read", attributes: { action: "read" }, resourceType: null },
  exportCreate: { name: "hpc-billing.export.create", attributes: { action: "create" }, resourceType: null },
  ratePlan: { name: "hpc-billing.rate.plan", attributes: { action: "read" }, resourceType: null },
  ratePublish: { name: "hpc-billing.rate.publish", attributes: { action: "create" }, resourceType: null },
  payerPublish: { name: "hpc-billing.payer.publish", attributes: { action: "create" }, resourceType: null },
  ingestRead: { name: "hpc-billing.ingest.read", attributes: { action: "read" }, resourceType: null },
  ingestRun: { name: "hpc-billing.ingest.run", attributes: { action: "create" }, resourceType: null },
  auditRead: { name: "hpc-billing.audit.read", attributes: { action: "read" }, resourceType: null },
  dashboardRead: { name: "hpc-billing.dashboard.read", attributes: { action: "read" }, resourceType: null },
} as const satisfies Record<string, PermissionData>

export type PermissionKey = keyof typeof permissions

/** The rows a grant reaches: all of the tenant, those of one's own accounts and user names, or those of one's user names alone. */
export type Scope = "all" | "own-accounts" | "own-usage"

type Grants = Readonly<Record<Role, Readonly<Partial<Record<PermissionKey, Scope>>>>>

const readsAll = {
  usageRead: "all",
  receiptRead: "all",
  payerRead: "all",
  rateRead: "all",
  journalRead: "all",
  periodRead: "all",
  exportRead: "all",
  ingestRead: "all",
  dashboardRead: "all",
} as const

/** Money and prices are in different hands: finance moves money and sets no price, admin sets prices and moves no money. */
export const grants: Grants = {
  researcher: { usageRead: "own-usage", rateRead: "all" },
  "project-owner": { usageRead: "own-accounts", receiptRead: "own-accounts", payerRead: "own-accounts", rateRead: "all" },
  finance: { ...readsAll, receiptWrite: "all", journalPost: "all", periodClose: "all", periodReopen: "all", exportCreate: "all" },
  admin: { ...readsAll, ratePlan: "all", ratePublish: "all", payerPublish: "all", ingestRun: "all", auditRead: "all" },
  auditor: { ...readsAll, auditRead: "all" },
}

const width: Record<Scope, number> = { "own-usage": 1, "own-accounts": 2, all: 3 }

/** The widest scope that any of the roles gives; null when none gives the permission. */
export const scopeOf = (held: readonly Role[], permission: PermissionKey): Scope | null => {
  let widest: Scope | null = null
  for (const role of held) {
    const scope = grants[role][permission]
    if (scope !== undefined && (widest === null || width[scope] > width[widest])) widest = scope
  }
  return widest
}
