import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Clock, Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import { BillingStore, openStore, type StoreFunctions } from "../store/index.ts"
import { testingChain } from "../testing/testingChain.ts"
import { testingClock } from "../testing/testingClock.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { pullSlurm } from "./pullSlurm.ts"

const exported = fileURLToPath(
  new URL("../../../slurm-adapter/fixtures/22.05-debian/settled/sacct/all.epoch.noconvert.us.txt", import.meta.url),
)

/** Answers as sacct does, from what a real one printed: the columns, then the rows that touch the window or have the ids. */
const program = `#!${process.execPath}
import { existsSync, readFileSync } from "node:fs"
const option = (name) => process.argv.find((word) => word.startsWith("--" + name + "="))?.slice(name.length + 3)
const [header, ...lines] = readFileSync(${JSON.stringify(exported)}, "utf8").trimEnd().split("\\n")
const names = header.split("\\x1f")
if (process.argv.includes("--helpformat")) console.log(names.join(" "))
else {
  console.log(header)
  const at = (row, name) => Number(row[names.indexOf(name)])
  const [from, to] = ["starttime", "endtime"].map((name) => (option(name) === undefined ? null : Date.parse(option(name) + "Z") / 1000))
  const ids = option("jobs")?.split(",")
  const users = option("users")?.split(",")
  let rest = ""
  for (const line of existsSync(process.argv[1] + ".silent") ? [] : lines) {
    rest = rest === "" ? line : rest + "\\n" + line
    const row = rest.split("\\x1f")
    if (row.length < names.length) continue
    const [end, eligible] = [at(row, "End"), at(row, "Eligible")]
    const touches = from === null || (eligible < to && !(end < from))
    const id = row[names.indexOf("JobIDRaw")].split(".")[0]
    if (touches && (ids === undefined || ids.includes(id)) && (users === undefined || users.includes(row[names.indexOf("User")]))) console.log(rest)
    rest = ""
  }
}
`

const scope = Effect.runSync(Scope.make())
const at = (iso: string): number => Date.parse(iso) / 1_000
let folder: string
let store: StoreFunctions
let nowSeconds = at("2026-11-01T12:00:00Z")

const clock = testingClock(() => nowSeconds)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hpc-billing-pull-"))
  writeFileSync(join(folder, "sacct"), program)
  chmodSync(join(folder, "sacct"), 0o755)
  store = await Effect.runPromise(Scope.provide(openStore({ location: await testingStorage(), chain: testingChain }), scope))
})

afterAll(async () => {
  await Effect.runPromise(Scope.close(scope, Exit.void))
  rmSync(folder, { recursive: true, force: true })
})

const pull = (filter: { readonly users?: readonly string[] } = {}) =>
  Effect.runPromise(
    pullSlurm({
      tenant: "pulled",
      cluster: "ci",
      source: { kind: "sacct", wrapper: { command: ["env", `PATH=${folder}:${process.env.PATH}`], quoteForShell: false }, filter },
      fromSeconds: at("2026-10-30T12:00:00Z"),
      actor: { name: "test", requestId: `pull-${nowSeconds}` },
    }).pipe(Effect.provideService(BillingStore, store), Effect.provideService(Clock.Clock, clock)),
  )

it("reads what is new, again with overlap, and moves its cursor only past what was surely read", async () => {
  const onlyOne = await pull({ users: ["dave"] })
  expect(onlyOne).toMatchObject({ kept: "filtered", readUntilSeconds: at("2026-10-30T12:00:00Z") })

  const first = await pull()
  expect(first).toMatchObject({ kept: null, rejected: 0, readUntilSeconds: nowSeconds - 60 })
  expect(first.accepted).toBeGreaterThan(50)

  nowSeconds += 3_600
  const again = await pull()
  expect(again).toMatchObject({ kept: null, accepted: 0, replaced: 0, windows: 1, readUntilSeconds: nowSeconds - 60 })

  nowSeconds += 3_600
  writeFileSync(join(folder, "sacct.silent"), "")
  expect(await pull()).toMatchObject({ kept: "canary-missing", read: 0, readUntilSeconds: nowSeconds - 3_660 })

  rmSync(join(folder, "sacct.silent"))
  expect(await pull()).toMatchObject({ kept: null, accepted: 0, readUntilSeconds: nowSeconds - 60 })
}, 120_000)
