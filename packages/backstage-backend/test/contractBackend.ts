import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { coreServices, createBackendModule, createServiceFactory } from "@backstage/backend-plugin-api"
import { mockCredentials, mockServices, startTestBackend } from "@backstage/backend-test-utils"
import { catalogServiceMock } from "@backstage/plugin-catalog-node/testUtils"
import { BillingStore, createTenantKeys } from "@hpc-billing/service"
import { roles } from "@hpc-billing/service/api"
import { type ContractHost, contractPeople, contractTenant, seedContract } from "@hpc-billing/service/testing"
import { Effect } from "effect"
import { openHostStore } from "../src/database/openHostStore.ts"
import hpcBilling from "../src/index.ts"
import { readSettings } from "../src/settings.ts"

type Feature = NonNullable<Parameters<typeof startTestBackend>[0]["features"]>[number]

const refOf = (name: string): string => `user:default/${name}`
const owners = "group:default/composites-leads"

const apiVersion = "backstage.io/v1alpha1"
const entities = [
  ...roles.map((role) => ({
    apiVersion,
    kind: "User",
    metadata: { name: contractPeople[role].name, annotations: { "hpc-billing.io/slurm-user": contractPeople[role].users.join(", ") } },
    spec: {},
  })),
  {
    apiVersion,
    kind: "Group",
    metadata: {
      name: "composites-leads",
      annotations: {
        "hpc-billing.io/slurm-account": contractPeople["project-owner"].accounts.map((name) => `${contractTenant}/${name}`).join(", "),
      },
    },
    spec: { type: "team", children: [] },
  },
]

/** As an auth backend says it: the project owner's group besides each person's own ref. */
const userInfo = createServiceFactory({
  service: coreServices.userInfo,
  deps: {},
  factory: () => ({
    getUserInfo: async (credentials) => {
      const { userEntityRef } = credentials.principal as { readonly userEntityRef: string }
      const groups = userEntityRef === refOf(contractPeople["project-owner"].name) ? [owners] : []
      return { userEntityRef, ownershipEntityRefs: [userEntityRef, ...groups] }
    },
  }),
})

/** Fills the books before the plugin opens them; modules start first. */
const seed = createBackendModule({
  pluginId: "hpc-billing",
  moduleId: "seed",
  register(module) {
    module.registerInit({
      deps: { config: coreServices.rootConfig, database: coreServices.database, logger: coreServices.logger },
      async init({ config, database, logger }) {
        const { store, close } = await openHostStore(database, await readSettings(config), logger)
        await Effect.runPromise(Effect.provideService(seedContract, BillingStore, store))
        await close()
      },
    })
  },
})

export interface ContractBackend extends ContractHost {
  readonly close: () => Promise<void>
}

export interface ContractBackendOptions {
  /** As under `backend.database`. */
  readonly database: object
  readonly features?: readonly Feature[]
  readonly isSeeded?: boolean
  /** Keys and embedded database; made anew when absent. */
  readonly folder?: string
  readonly hpcBilling?: object
}

export const makeContractFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "hpc-billing-backstage-"))
  await Effect.runPromise(createTenantKeys(join(folder, "keys"), contractTenant, (count) => new Uint8Array(randomBytes(count))))
  return folder
}

/** A Backstage backend with the plugin over the contract's books, where everybody signs in by mock credentials. */
export const contractBackend = async (options: ContractBackendOptions): Promise<ContractBackend> => {
  const folder = options.folder ?? (await makeContractFolder())
  const config = {
    backend: { database: options.database },
    hpcBilling: {
      keysFolder: join(folder, "keys"),
      dataFolder: join(folder, "data"),
      metricsToken: "of the scraper",
      roles: Object.fromEntries(roles.map((role) => [role, [role === "project-owner" ? owners : refOf(contractPeople[role].name)]])),
      ...options.hpcBilling,
    },
  }
  const backend = await startTestBackend({
    features: [
      mockServices.rootConfig.factory({ data: config }),
      mockServices.httpAuth.factory({ defaultCredentials: mockCredentials.none() }),
      mockServices.database.factory(),
      catalogServiceMock.factory({ entities }),
      userInfo,
      ...(options.isSeeded === false ? [] : [seed]),
      ...(options.features ?? []),
      hpcBilling,
    ],
  })
  return {
    baseUrl: `http://127.0.0.1:${backend.server.port()}/api/hpc-billing`,
    authenticate: async (role) => ({ authorization: mockCredentials.user.header(refOf(contractPeople[role].name)) }),
    close: async () => {
      await backend.stop()
      if (options.folder === undefined) await rm(folder, { recursive: true })
    },
  }
}
