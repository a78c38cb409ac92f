/** Refs (groups, users, subjects of service tokens) that hold each role. */
interface RoleRefs {
  /** Sees the jobs of their own Slurm users. */
  researcher?: string[]
  /** Sees their accounts with receipts, besides their own jobs. */
  "project-owner"?: string[]
  /** Moves money: receipts, payments, journal, close, exports. */
  finance?: string[]
  /** Sets prices and payers, reads records in. */
  admin?: string[]
  /** Reads all, changes nothing. */
  auditor?: string[]
}

export interface Config {
  hpcBilling?: {
    /** Folder with the keys of each tenant, as `hpc-billing keys create` makes it; every folder in it is a tenant. */
    keysFolder: string
    /** Folder of the embedded database, where the host itself has no PostgreSQL; for one process on one machine. */
    dataFolder?: string
    /** Whether `user:default/alice` is the Slurm user `alice` where no annotation `hpc-billing.io/slurm-user` says otherwise. */
    entityNamesAreSlurmUsers?: boolean
    /**
     * Bearer token with which a scraper reads /api/hpc-billing/metrics.
     * @visibility secret
     */
    metricsToken?: string
    /** Who holds which role in every tenant. */
    roles?: RoleRefs
    /** What holds in one tenant besides. */
    tenants?: {
      [tenant: string]: {
        roles?: RoleRefs
        /** Slurm accounts by the ref that answers for them, besides the annotation `hpc-billing.io/slurm-account` of groups. */
        accounts?: { [ref: string]: string[] }
        /** Slurm users by user ref, besides the annotation `hpc-billing.io/slurm-user` of users. */
        users?: { [ref: string]: string[] }
      }
    }
  }
}
