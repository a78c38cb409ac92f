import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { mockServices } from "@backstage/backend-test-utils"
import { afterAll, beforeAll, expect, test } from "vitest"
import { makeContractFolder } from "../test/contractBackend.ts"
import { readSettings } from "./settings.ts"

let folder: string
let empty: string
beforeAll(async () => {
  folder = await makeContractFolder()
  empty = await mkdtemp(join(tmpdir(), "hpc-billing-empty-"))
})
afterAll(() => Promise.all([folder, empty].map((each) => rm(each, { recursive: true }))))

const schedule = { frequency: { minutes: 10 }, timeout: { minutes: 5 } }
const ofTenant =
  (own: object): (() => object) =>
  () => ({ keysFolder: `${folder}/keys`, tenants: [{ name: "contract", ...own }] })

const misfits: readonly (readonly [string, () => object | undefined, RegExp])[] = [
  ["nothing", () => undefined, /^hpcBilling\.keysFolder is not set: name the folder/],
  ["a folder without keys", () => ({ keysFolder: empty }), /holds no keys of any tenant: make keys with "hpc-billing keys create"/],
  [
    "a tenant without keys",
    () => ({ keysFolder: `${folder}/keys`, tenants: [{ name: "else" }] }),
    /tenants: else: .* holds no keys of this tenant: it has contract\.$/,
  ],
  [
    "an unknown role",
    () => ({ keysFolder: `${folder}/keys`, roles: { boss: [] } }),
    /"boss" is no role: write one of researcher, project-owner/,
  ],
  ["a role of a bare name", ofTenant({ roles: { admin: ["ann"] } }), /"ann" cannot hold the role admin: write a full reference/],
  [
    "a day that is none",
    ofTenant({ ingestion: [{ cluster: "ci", from: "soon", schedule }] }),
    /ingestion of contract, cluster ci: "soon" is no date: write it as/,
  ],
  [
    "two sources",
    ofTenant({
      ingestion: [
        { cluster: "ci", from: "2026-10-01", schedule, sacct: { command: ["sudo"] }, slurmrestd: { url: "unix:/run/s", user: "root" } },
      ],
    }),
    /cluster ci: names both sacct and slurmrestd: leave one/,
  ],
]

test.each(misfits)("%s: one sentence", async (_, hpcBilling, sentence) => {
  const config = hpcBilling()
  const data = JSON.parse(JSON.stringify(config === undefined ? {} : { hpcBilling: config }))
  await expect(readSettings(mockServices.rootConfig({ data }))).rejects.toThrow(sentence)
})

test("slurmrestd on a socket, with a file that holds its token", async () => {
  const slurmrestd = { url: "unix:/run/slurmrestd.socket", user: "root", tokenFile: "/etc/token" }
  const hpcBilling = ofTenant({ ingestion: [{ cluster: "ci", from: "2026-10-01", schedule, slurmrestd }] })()
  const { tenants } = await readSettings(mockServices.rootConfig({ data: { hpcBilling } }))
  expect(tenants.get("contract")?.ingestion).toMatchObject([
    {
      cluster: "ci",
      fromSeconds: Date.parse("2026-09-30T10:00:00Z") / 1_000,
      source: { kind: "slurmrestd", options: { address: { socketPath: "/run/slurmrestd.socket" }, user: "root", tokenFile: "/etc/token" } },
    },
  ])
})
