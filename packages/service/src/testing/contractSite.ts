import { fileURLToPath } from "node:url"
import type { RateBook } from "@hpc-billing/core"
import { readSacctFile } from "@hpc-billing/slurm-adapter"
import { Effect } from "effect"
import type { Identity } from "../api/Identity.ts"
import type { Role } from "../api/permissions.ts"
import { ingestSource } from "../run/ingestSource.ts"
import { publishBooks } from "../run/publishBooks.ts"
import type { PayerBook } from "../site/PayerBook.ts"
import type { Site } from "../site/Site.ts"

/** The tenant, people and books over which the host contract runs: real Slurm records, invented organisations. */
export const contractTenant = "contract"

export const contractSite: Site = {
  tenant: contractTenant,
  zone: "UTC",
  clusters: ["ci"],
  issuer: {
    nameThai: "ศูนย์ตัวอย่าง",
    nameEnglish: "Sample Centre",
    addressThai: "กรุงเทพฯ",
    addressEnglish: "Bangkok",
    taxId: "0994000158378",
    branch: "00000",
  },
  receiptSeries: "R",
  taxPoint: "at-payment",
}

const card = (id: string, tier: string, cpu: string, gpu: string): RateBook["cards"][number] => ({
  id,
  version: 1,
  tier,
  effectiveFrom: "2025-01-01",
  effectiveUntil: null,
  basis: "allocated",
  meters: [
    { sku: "cpu", resource: "cpu", unit: "core-h", price: cpu },
    { sku: "gpu", resource: "gres/gpu", unit: "GPU-h", price: gpu },
    { sku: "gpu-a100", resource: "gres/gpu:a100", unit: "GPU-h", price: gpu },
    { sku: "gpu-v100", resource: "gres/gpu:v100", unit: "GPU-h", price: gpu },
    { sku: "mem", resource: "mem", unit: "GiB-h", price: "0.5" },
  ],
})

export const contractRateBook: RateBook = {
  format: 1,
  currency: { code: "THB", exponent: 2 },
  zone: "UTC",
  cards: [card("members", "MU", "1", "5"), card("companies", "Private", "5", "100")],
  tiers: [
    { name: "MU", rules: [] },
    { name: "Private", rules: [] },
  ],
  overrides: [
    {
      id: "dave",
      account: "physics",
      user: "dave",
      effectiveFrom: "2025-01-01",
      effectiveUntil: null,
      author: "a",
      reason: "b",
      factor: "0.5",
    },
  ],
}

const payer = (id: string, tier: string, taxTreatment: PayerBook["payers"][number]["taxTreatment"]): PayerBook["payers"][number] => ({
  id,
  nameThai: `ผู้ชำระ ${id}`,
  nameEnglish: `Payer ${id}`,
  addressThai: "กรุงเทพฯ",
  addressEnglish: "Bangkok",
  taxId: "",
  branch: "",
  tier,
  taxTreatment,
})

export const contractPayerBook: PayerBook = {
  format: 1,
  payers: [
    payer("science", "MU", { kind: "out-of-scope", code: "INTERNAL", basis: "internal transfer" }),
    payer("composites", "Private", { kind: "taxable", code: "VAT7", ratePercent: "7" }),
  ],
  // the Thai account and "bio lab" lead to no payer
  mappings: [
    ["physics", "science"],
    ["chem", "science"],
    ["engineering", "composites"],
    ["o`brien", "composites"],
  ].map(([account = "", payerId = ""]) => ({
    cluster: "ci",
    account,
    user: null,
    payerId,
    effectiveFrom: "2025-01-01",
    effectiveUntil: null,
  })),
}

/** One person for each role; the project owner answers for every account of the payer `composites`. */
export const contractPeople: Readonly<Record<Role, Identity>> = {
  researcher: person("bob", "researcher", ["bob"], []),
  "project-owner": person("owner", "project-owner", ["carol"], ["engineering", "o`brien"]),
  finance: person("fin", "finance", [], []),
  admin: person("adm", "admin", [], []),
  auditor: person("aud", "auditor", [], []),
}

function person(name: string, role: Role, users: readonly string[], accounts: readonly string[]): Identity {
  return { name, displayName: name, roles: [role], users, accounts, tenants: [contractTenant] }
}

export const contractMonth = "2026-10"

const fixture = "packages/slurm-adapter/fixtures/22.05-debian/settled/sacct/all.epoch.noconvert.us.txt"

/** Publishes the books and reads the records; what the contract does with them starts from here. */
export const seedContract = Effect.gen(function* () {
  const actor = { name: "contract", requestId: "contract-seed" }
  yield* publishBooks(contractSite, contractRateBook, contractPayerBook, actor)
  const file = fileURLToPath(new URL(`../../../../${fixture}`, import.meta.url))
  return yield* ingestSource(readSacctFile(file, { source: fixture }), {
    tenant: contractTenant,
    clusters: contractSite.clusters,
    source: fixture,
    actor,
  })
})
