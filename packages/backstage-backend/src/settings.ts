import { readdir } from "node:fs/promises"
import { resolve } from "node:path"
import {
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  type SchedulerServiceTaskScheduleDefinition,
} from "@backstage/backend-plugin-api"
import type { Config } from "@backstage/config"
import type { SlurmSource } from "@hpc-billing/service"
import { type Role, roles } from "@hpc-billing/service/api"
import { StartProblem } from "./StartProblem.ts"

/** The refs (groups, users, subjects of service tokens) that hold each role. */
type RoleRefs = ReadonlyMap<Role, readonly string[]>

interface TenantSettings {
  readonly roleRefs: RoleRefs
  /** Slurm accounts that a ref answers for, besides those that its catalog entity is annotated with. */
  readonly accounts: ReadonlyMap<string, readonly string[]>
  /** Names under which a person's jobs run, besides those of the catalog's annotation. */
  readonly users: ReadonlyMap<string, readonly string[]>
  readonly ingestion: readonly IngestionSettings[]
}

/** Records of a cluster that are pulled by the clock. */
export interface IngestionSettings {
  readonly cluster: string
  /** Where the first pull begins. */
  readonly fromSeconds: number
  readonly schedule: SchedulerServiceTaskScheduleDefinition
  readonly source: SlurmSource
}

/** The plugin's part of the host's configuration, checked. */
export interface Settings {
  readonly keysFolder: string
  /** Of the embedded database, for a host without PostgreSQL. */
  readonly dataFolder: string | null
  readonly entityNamesAreSlurmUsers: boolean
  readonly metricsToken: string | null
  readonly tenants: ReadonlyMap<string, TenantSettings>
}

const entityRef = /^[a-z]+:[^\s/]+(\/[^\s/]+)?$/

const readRoles = (config: Config | undefined): RoleRefs => {
  const unknown = config?.keys().find((key) => !roles.includes(key as Role))
  if (unknown !== undefined) throw new StartProblem(`hpcBilling: "${unknown}" is no role: write one of ${roles.join(", ")}.`)
  const read = roles.map((role) => [role, (config?.getOptionalStringArray(role) ?? []).map((ref) => ref.toLowerCase())] as const)
  for (const [role, refs] of read) {
    const odd = refs.find((ref) => !entityRef.test(ref))
    if (odd !== undefined) {
      throw new StartProblem(`hpcBilling: "${odd}" cannot hold the role ${role}: write a full reference such as group:default/finance.`)
    }
  }
  return new Map(read)
}

// lists, since Backstage's configuration takes no key with a colon or a slash
const readNames = (list: readonly Config[] | undefined, name: string): ReadonlyMap<string, readonly string[]> =>
  new Map((list ?? []).map((each) => [each.getString("ref").toLowerCase(), each.getStringArray(name)]))

const readSource = (config: Config, place: string): SlurmSource => {
  const [sacct, rest] = [config.getOptionalConfig("sacct"), config.getOptionalConfig("slurmrestd")]
  if (rest === undefined) {
    const command = sacct?.getOptionalStringArray("command") ?? []
    return { kind: "sacct", wrapper: { command, quoteForShell: sacct?.getOptionalBoolean("quoteForShell") ?? false }, filter: {} }
  }
  if (sacct !== undefined) throw new StartProblem(`${place}: names both sacct and slurmrestd: leave one.`)
  const [url, tokenFile] = [rest.getString("url"), rest.getOptionalString("tokenFile")]
  const address = url.startsWith("unix:") ? { socketPath: url.slice("unix:".length) } : { url }
  return {
    kind: "slurmrestd",
    options: { address, user: rest.getString("user"), ...(tokenFile === undefined ? {} : { tokenFile: resolve(tokenFile) }) },
  }
}

const readIngestion = (list: readonly Config[] | undefined, tenant: string): readonly IngestionSettings[] =>
  (list ?? []).map((own) => {
    const cluster = own.getString("cluster")
    const place = `hpcBilling.tenants: ingestion of ${tenant}, cluster ${cluster}`
    const from = own.getString("from")
    // the billing zone is in the books: a day begins nowhere earlier than at UTC+14
    const fromMilliseconds = Date.parse(`${from}T00:00:00+14:00`)
    if (Number.isNaN(fromMilliseconds)) throw new StartProblem(`${place}: "${from}" is no date: write it as 2026-10-01.`)
    return {
      cluster,
      fromSeconds: fromMilliseconds / 1_000,
      schedule: readSchedulerServiceTaskScheduleDefinitionFromConfig(own.getConfig("schedule")),
      source: readSource(own, place),
    }
  })

const bothOf = (left: RoleRefs, right: RoleRefs): RoleRefs =>
  new Map(roles.map((role) => [role, [...(left.get(role) ?? []), ...(right.get(role) ?? [])]]))

const tenantsWithKeys = async (keysFolder: string): Promise<readonly string[]> => {
  const entries = await readdir(keysFolder, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

/** Reads the settings; every folder in `keysFolder` is a tenant. */
export const readSettings = async (root: Config): Promise<Settings> => {
  const config = root.getOptionalConfig("hpcBilling")
  const keysText = config?.getOptionalString("keysFolder")
  if (keysText === undefined) {
    throw new StartProblem('hpcBilling.keysFolder is not set: name the folder that "hpc-billing keys create" made.')
  }
  const keysFolder = resolve(keysText)
  const tenants = await tenantsWithKeys(keysFolder)
  if (tenants.length === 0) {
    throw new StartProblem(
      `${keysFolder} (hpcBilling.keysFolder) holds no keys of any tenant: make keys with "hpc-billing keys create", or name the right folder.`,
    )
  }
  const ofTenants = new Map((config?.getOptionalConfigArray("tenants") ?? []).map((own) => [own.getString("name"), own]))
  const strange = [...ofTenants.keys()].find((tenant) => !tenants.includes(tenant))
  if (strange !== undefined) {
    throw new StartProblem(`hpcBilling.tenants: ${strange}: ${keysFolder} holds no keys of this tenant: it has ${tenants.join(", ")}.`)
  }
  const everywhere = readRoles(config?.getOptionalConfig("roles"))
  const read = (tenant: string): TenantSettings => {
    const own = ofTenants.get(tenant)
    return {
      roleRefs: bothOf(everywhere, readRoles(own?.getOptionalConfig("roles"))),
      accounts: readNames(own?.getOptionalConfigArray("accounts"), "accounts"),
      users: readNames(own?.getOptionalConfigArray("users"), "users"),
      ingestion: readIngestion(own?.getOptionalConfigArray("ingestion"), tenant),
    }
  }
  const dataText = config?.getOptionalString("dataFolder")
  return {
    keysFolder,
    dataFolder: dataText === undefined ? null : resolve(dataText),
    entityNamesAreSlurmUsers: config?.getOptionalBoolean("entityNamesAreSlurmUsers") ?? false,
    metricsToken: config?.getOptionalString("metricsToken") ?? null,
    tenants: new Map(tenants.map((tenant) => [tenant, read(tenant)])),
  }
}
