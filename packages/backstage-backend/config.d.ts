import type { SchedulerServiceTaskScheduleDefinitionConfig } from "@backstage/backend-plugin-api"

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
    tenants?: Array<{
      name: string
      roles?: RoleRefs
      /** Slurm accounts that a ref answers for, besides the annotation `hpc-billing.io/slurm-account` of groups. */
      accounts?: Array<{ ref: string; accounts: string[] }>
      /** Slurm users of a user ref, besides the annotation `hpc-billing.io/slurm-user` of users. */
      users?: Array<{ ref: string; users: string[] }>
      /**
       * Clusters whose records are pulled by the clock. Pulling again changes nothing and moves no money, so it does no harm that
       * Backstage lets every signed-in user trigger a task.
       */
      ingestion?: Array<{
        cluster: string
        /** First day to read, such as 2026-10-01, in whatever zone the site bills. */
        from: string
        schedule: SchedulerServiceTaskScheduleDefinitionConfig
        /** sacct on this machine, or behind a command such as `[sudo, -u, slurm]` or `[ssh, login1]` (which needs quoteForShell). */
        sacct?: { command?: string[]; quoteForShell?: boolean }
        slurmrestd?: {
          /** `http://host:6820` or `unix:/run/slurmrestd.socket`. */
          url: string
          user: string
          /** File with the JWT, read again before each request. */
          tokenFile?: string
        }
      }>
    }>
  }
}
