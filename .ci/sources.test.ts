import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { doorProblems } from "./door.ts"
import { importProblems } from "./imports.ts"
import { purityProblems, todayProblems } from "./purity.ts"
import { parseSourceFile } from "./SourceFile.ts"
import { stabilityProblems } from "./stability.ts"
import { trackedFiles, workspace } from "./trackedFiles.ts"

const problemsOf = (path: string, text: string): readonly string[] => {
  const file = parseSourceFile(path, text)
  return file === null ? [] : [doorProblems, importProblems, purityProblems, todayProblems, stabilityProblems].flatMap((rule) => rule(file))
}

const refused: readonly (readonly [path: string, text: string, problem: RegExp])[] = [
  ["packages/service/src/run/a.ts", "const x = store.commit(tenant, null, plan)", /a\.ts:1: .*commit of the store outside the door/],
  ["packages/service/src/http/a.ts", "const { appendToChain } = yield_(BillingStore)", /appendToChain of the store outside the door/],
  ["packages/service/src/cli/a.ts", "const act = (yieldStore()).decide", /decide of the store outside the door/],
  ["packages/core/src/a.ts", `import { readSacct } from "@hpc-billing/slurm-adapter"`, /core may not import @hpc-billing\/slurm-adapter/],
  ["packages/ledger/src/a.ts", `export * from "@hpc-billing/slurm-adapter"`, /ledger may not import/],
  ["packages/slurm-adapter/src/a.ts", `import type { Entry } from "@hpc-billing/ledger"`, /slurm-adapter may not import/],
  ["packages/service/src/a.ts", `const x = await import("@hpc-billing/backstage-backend")`, /service may not import/],
  ["packages/backstage-backend/src/a.ts", `import { rate } from "@hpc-billing/core"`, /backstage-backend may not import/],
  ["packages/backstage-plugin/src/a.ts", `import { openStore } from "@hpc-billing/service"`, /backstage-plugin may not import/],
  ["packages/service/src/api/a.ts", `import { readFileSync } from "node:fs"`, /browsers load imports "node:fs"/],
  ["packages/service/src/api/a.ts", `import { x } from "../store/index.ts"`, /browsers load imports "\.\.\/store\/index\.ts"/],
  ["packages/service/src/api/a.ts", `import { x } from "@hpc-billing/ledger"`, /browsers load imports "@hpc-billing\/ledger"/],
  ["packages/core/src/a.ts", `import { x } from "../../ledger/src/index.ts"`, /leaves packages\/core/],
  ["packages/ledger/src/a.ts", `import { x } from "../../service/src/crypto/nodeCryptography.ts"`, /leaves packages\/ledger/],
  ["packages/core/src/a.ts", `import { x } from "./b"`, /relative imports end in \.ts/],
  ["packages/core/src/a.ts", `import { x } from "./b.test.ts"`, /source imports the test/],
  ["packages/core/src/a.ts", `import { x } from "../test/b.ts"`, /source imports the test/],
  ["packages/service/src/a.ts", `import { NodeCrypto } from "@effect/platform-node"`, /"@effect\/platform-node" loads all modules/],
  ["packages/service/bench/a.ts", `import type { PgTypes } from "@effect/sql-pg"`, /"@effect\/sql-pg" loads all modules/],
  ["packages/core/src/index.ts", `export { x } from "effect"`, /its own children only/],
  ["packages/core/src/a.ts", "export default 1", /by name only/],
  ["packages/core/src/a.ts", `import { readFileSync } from "node:fs"`, /core is pure and imports node:fs/],
  ["packages/core/src/a.ts", `import { Clock } from "effect"`, /core is pure and uses Effect's Clock/],
  ["packages/core/src/a.ts", "const now = Date.now()", /Date\.now in core/],
  ["packages/slurm-adapter/src/a.ts", "const now = new Date()", /new Date\(\) in slurm-adapter reads the clock/],
  ["packages/ledger/src/a.ts", "const pick = Math.random() < 0.5", /Math\.random in ledger/],
  ["packages/core/src/a.ts", "const home = process.env.HOME", /the host's process/],
  ["packages/core/src/a.ts", `const show = () => console.log("x")`, /the host's console/],
  ["packages/service/src/run/a.test.ts", "const month = new Date().getMonth()", /a test reads the clock/],
  ["packages/backstage-plugin/src/a.test.tsx", "const today = Date.now()", /a test reads the clock/],
  ["packages/service/src/testing/a.ts", "const now = () => Date.now()", /a test reads the clock/],
  ["examples/node-host/src/main.test.ts", "\nconst later = Date.now() + 1", /main\.test\.ts:2: a test reads the clock/],
  ["packages/core/src/a.ts", `import { Arbitrary } from "effect"`, /effect\.Arbitrary, which Effect marks unstable/],
  [
    "packages/core/src/a.ts",
    `import { Schema } from "effect"\nconst x = Schema.Ipv4Address`,
    /a\.ts:2: .*effect\/Schema\.Ipv4Address.* unstable/,
  ],
  [
    "packages/ledger/src/a.ts",
    `import * as Sql from "effect/sql"\nconst x = Sql.SqlClient`,
    /a\.ts:2: .*effect\/sql\.SqlClient.* unstable/,
  ],
  ["packages/ledger/src/a.ts", `import type { SqlClient } from "effect/sql/SqlClient"`, /SqlClient, which Effect marks unstable/],
]

const accepted: readonly (readonly [path: string, text: string])[] = [
  ["packages/service/src/commit/a.ts", "const x = store.decide(tenant, act)"],
  ["packages/service/src/run/a.ts", `import { decide } from "../commit/decide.ts"\nconst x = decide({ tenant })`],
  ["packages/service/src/run/a.test.ts", "const x = store.commit(tenant, null, plan)"],
  ["packages/service/src/a.ts", `import { rate } from "@hpc-billing/core"\nimport { readFileSync } from "node:fs"\nconst now = Date.now()`],
  [
    "packages/service/src/api/a.ts",
    `import { HttpApi } from "effect/http-api"\nimport { x } from "./b.ts"\nimport { y } from "@hpc-billing/core"`,
  ],
  ["packages/service/src/a.ts", `import * as NodeCrypto from "@effect/platform-node/NodeCrypto"`],
  ["packages/ledger/src/a.ts", `import { canonicalJson } from "@hpc-billing/core"`],
  [
    "packages/core/src/a.ts",
    `import { Schema } from "effect"\nconst S = Schema.Struct({ process: Schema.String })\nconst p = (x: { process: 1 }) => x.process`,
  ],
  ["packages/core/src/a.ts", "const last = new Date(Date.UTC(2026, 10, 0)).getUTCDate() // not Date.now()"],
  ["packages/core/src/a.test.ts", `import { readFileSync } from "node:fs"\nconst day = new Date(Date.parse("2026-10-31"))`],
  ["packages/core/bench/a.ts", "const startedAt = Date.now()"],
  ["packages/ledger/test/a.ts", `import { nodeCryptography } from "../../service/src/crypto/nodeCryptography.ts"`],
  ["packages/service/bench/a.ts", `import { generateSacct } from "../../../examples/month-end/src/generate/index.ts"`],
  ["packages/backstage-plugin/src/index.ts", `export { plugin as default } from "./plugin.ts"`],
  ["examples/backstage-app/vite.config.ts", "export default {}"],
  ["packages/backstage-plugin/src/a.tsx", `import { api } from "@hpc-billing/service/api"`],
  ["examples/month-end/src/main.ts", `import { run } from "@hpc-billing/service"`],
]

describe("sources", () => {
  it.each(refused)("%s: %s is refused", (path, text, problem) => {
    expect(problemsOf(path, text).join("\n")).toMatch(problem)
  })

  it.each(accepted)("%s: %s is accepted", (path, text) => {
    expect(problemsOf(path, text)).toEqual([])
  })

  it("the project keeps the rules", () => {
    const files = trackedFiles().filter((path) => /^(packages|examples)\/.*\.tsx?$/.test(path))
    expect(files.length).toBeGreaterThan(100)
    expect(files.flatMap((path) => problemsOf(path, readFileSync(`${workspace}/${path}`, "utf8")))).toEqual([])
  })
})
