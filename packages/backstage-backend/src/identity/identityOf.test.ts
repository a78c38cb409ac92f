import { mockServices } from "@backstage/backend-test-utils"
import type { Entity } from "@backstage/catalog-model"
import { expect, test } from "vitest"
import { makeContractFolder } from "../../test/contractBackend.ts"
import { readSettings, type Settings } from "../settings.ts"
import { catalogNames } from "./CatalogNames.ts"
import { identityOf } from "./identityOf.ts"

const entity = (kind: string, annotations: Record<string, string>): Entity => ({
  apiVersion: "backstage.io/v1alpha1",
  kind,
  metadata: { name: "n", annotations },
  spec: { profile: { displayName: "Shown" } },
})

test("a user says whose jobs, a group which accounts; what any team may register says nothing", () => {
  const both = { "hpc-billing.io/slurm-account": "a, t/b,", "hpc-billing.io/slurm-user": " u " }
  expect(catalogNames([entity("User", both), entity("Group", both)])).toEqual({
    displayName: "Shown",
    users: ["u"],
    accounts: ["a", "t/b"],
  })
  expect(catalogNames([entity("Component", both), entity("System", both)])).toEqual({ displayName: null, users: [], accounts: [] })
})

const settingsOf = async (entityNamesAreSlurmUsers = false): Promise<Settings> => {
  const keysFolder = `${await makeContractFolder()}/keys`
  const config = {
    keysFolder,
    entityNamesAreSlurmUsers,
    roles: { auditor: ["group:default/audit"], finance: ["external:erp"] },
    tenants: [
      {
        name: "contract",
        roles: { "project-owner": ["Group:default/Leads"] },
        accounts: [{ ref: "group:default/leads", accounts: ["physics"] }],
        users: [{ ref: "user:default/ann", users: ["annie"] }],
      },
    ],
  }
  const settings = await readSettings(mockServices.rootConfig({ data: { hpcBilling: config } }))
  const other = { roleRefs: new Map([["auditor", ["group:default/audit"]]] as const), accounts: new Map(), users: new Map(), ingestion: [] }
  return { ...settings, tenants: new Map([...settings.tenants, ["other", other]]) }
}

const names = { displayName: null, users: [], accounts: [] }
const ann = { name: "user:default/ann", refs: ["user:default/ann", "group:default/leads"], names }

test("roles, users and accounts are those of the tenant that is asked for", async () => {
  const settings = await settingsOf()
  const annotated = { ...ann, names: { displayName: "Ann", users: ["contract/ann.w", "other/aw"], accounts: ["chem", "other/bio", "o/b"] } }
  const expected = { name: "user:default/ann", displayName: "Ann", tenants: ["contract"] }
  const here = { ...expected, roles: ["project-owner"], users: ["ann.w", "annie"], accounts: ["chem", "o/b", "physics"] }
  expect(identityOf(annotated, "contract", settings)).toEqual(here)
  expect(identityOf(annotated, null, settings)).toEqual(here)
  expect(identityOf(annotated, "other", settings)).toEqual({ ...expected, roles: [], users: [], accounts: [] })
  expect(identityOf(annotated, "nowhere", settings)).toEqual({ ...expected, roles: [], users: [], accounts: [] })
})

test("who holds no role has no tenant; a role of the whole host holds in every tenant", async () => {
  const settings = await settingsOf()
  expect(identityOf({ name: "user:default/bob", refs: ["user:default/bob"], names }, null, settings)).toMatchObject({
    roles: [],
    tenants: [],
  })
  const auditor = identityOf({ name: "user:default/eve", refs: ["group:default/audit"], names }, "other", settings)
  expect(auditor).toMatchObject({ roles: ["auditor"], tenants: ["contract", "other"] })
  const erp = identityOf({ name: "external:erp", refs: ["external:erp"], names }, "contract", settings)
  expect(erp).toMatchObject({ roles: ["finance"], users: [] })
})

test("an entity's name is a Slurm user only where the host says so, and no annotation says otherwise", async () => {
  expect(identityOf(ann, "contract", await settingsOf()).users).toEqual(["annie"])
  expect(identityOf(ann, "contract", await settingsOf(true)).users).toEqual(["ann", "annie"])
  const annotated = { ...ann, names: { ...names, users: ["aw"] } }
  expect(identityOf(annotated, "contract", await settingsOf(true)).users).toEqual(["aw", "annie"])
})
