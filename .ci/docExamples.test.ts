import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { Effect, Schema } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { readSettings } from "../packages/backstage-backend/src/settings.ts"
import { Refused } from "../packages/service/src/api/problems.ts"
import { type SentenceCode, say } from "../packages/service/src/api/sentences.ts"
import { readPayerBook, readSite } from "../packages/service/src/site/index.ts"
import { migrations } from "../packages/service/src/store/migrations/migrations.ts"
import { blocksOf, type DocBlock, docBlocks, docPages } from "./docBlocks.ts"
import { commandsOf, makeOwnFolder, type OwnFolder, requireIn, runBundled, runForeign, runTypeScript, writeSiteFile } from "./docRunners.ts"
import { readmeBlocks } from "./readme.ts"
import { workspace } from "./trackedFiles.ts"

/** Every block that is not run here: its page, how it begins, and why. */
const notRun: readonly (readonly [page: string, begins: string, why: string])[] = [
  ["ARCHITECTURE.md", "read -> decode", "no command: the order of the steps"],
  ["CONTRIBUTING.md", "npx -y pnpm@12.21.0 install", "the pipeline does what they do"],
  ["README.md", "Job 500008", "the pipeline compares it with what the explain command prints; readme.test.ts of month-end with the books"],
  ["README.md", "npx -y pnpm@12.21.0 start", "the pipeline runs both, the first in a fresh clone"],
  ["README.md", "npx -y pnpm@12.21.0 hpc-billing explain", "the pipeline runs it in a fresh clone"],
  ["README.md", "alias hpc-billing=", "the pipeline runs it in a fresh clone"],
  ["docs/audit-chain.md", "header  =", "no command: the bytes, which the vectors of verify-offline and its tests hold"],
  ["docs/formula-language.md", "cpu_hours + gpu_hours", "docs.test.ts of core compares it with the check of the formula"],
  ["docs/formula-language.md", "cpu_hour * 2", "docs.test.ts of core compares it with the check of the formula"],
  ["docs/internals/mutation.md", "pnpm proof", "takes minutes to hours: `pnpm proof` records its results"],
  [
    "examples/node-host/README.md",
    "npx -y pnpm@12.21.0 start --once",
    "the pipeline runs the first; the second serves until it is stopped, as main.test.ts does",
  ],
  ["packages/backstage-backend/README.md", "yarn --cwd packages/backend", "packing installs the tarball in a yarn project by it"],
  ["packages/backstage-plugin/README.md", "yarn --cwd packages/app", "packing installs the tarball in a yarn project by it"],
]

type Run = (block: DocBlock) => Promise<void>

let own: OwnFolder
let month: Promise<void> | null = null

/** The README's month, once: other pages go on from its books and its export. */
const ownMonth = (): Promise<void> => (month ??= own.type(readmeBlocks().ownMonth.text))

beforeAll(async () => {
  own = await makeOwnFolder()
  process.chdir(own.folder)
})

afterAll(async () => {
  process.chdir(workspace)
  await own.close()
})

const verifyOffline = `${workspace}/examples/verify-offline`

/** Commands are typed in the folder in which the README's month was, but for these. */
const commands: Readonly<Record<string, Run>> = {
  "README.md": ownMonth,
  "docs/exports.md": async ({ text }) => {
    await ownMonth()
    const { exportHmacKey } = JSON.parse(readFileSync("keys/ci/auditor.json", "utf8")) as { exportHmacKey: string }
    for (const command of commandsOf(text.replaceAll("KEY", exportHmacKey))) await runForeign(command, `${own.folder}/out/ci-2026-10-1`)
  },
  "docs/audit-chain.md": async ({ text }) => {
    const golden = JSON.parse(readFileSync(`${verifyOffline}/audit-chain.golden.json`, "utf8"))
    const folder = `${own.folder}/offline`
    mkdirSync(folder)
    symlinkSync(`${workspace}/examples`, `${folder}/examples`)
    for (const name of ["audit-log.jsonl", "witness.jsonl"]) cpSync(`${verifyOffline}/${name}`, `${folder}/${name}`)
    const [command] = commandsOf(text.replace("FINGERPRINT", golden.publicKeyFingerprint).replace("MAC_KEY", golden.keys[0].macKey))
    expect((await runForeign(command as string, folder)) ?? "ok: not run").toMatch(/^ok: /)
  },
  "examples/verify-offline/README.md": async ({ text }) => {
    for (const command of commandsOf(text)) expect((await runForeign(command, verifyOffline)) ?? "ok: not run").toMatch(/^ok: /)
  },
}

/** Documents, by the file that they are. */
const documents: Readonly<Record<string, Run>> = {
  "rates.yaml": async ({ text }) => {
    writeSiteFile(own.folder, "rates.yaml", text)
    await own.type("hpc-billing rates check rates.yaml")
  },
  "rates.yaml: cards[0]": async ({ page, text }) => {
    const book = blocksOf(page).find(({ title }) => title === "rates.yaml")?.text ?? ""
    const [lines, names] = [text.split("\n"), new Set([...text.matchAll(/^(\w+):/gm)].map(([, name]) => name))]
    const withoutFields = book.replaceAll(/^ {4}(\w+):.*\n(?: {5,}.*\n)*/gm, (field, name) => (names.has(name) ? "" : field))
    const card = withoutFields.replace(/(?<=^cards:\n(?:.*\n)*?) {4}tier:/m, `${lines.map((each) => `    ${each}\n`).join("")}    tier:`)
    await (documents["rates.yaml"] as Run)({ text: card } as DocBlock)
  },
  "payers.yaml": async ({ text }) => {
    writeSiteFile(own.folder, "payers.yaml", text)
    await Effect.runPromise(readPayerBook(`${own.folder}/payers.yaml`))
  },
  "site.yaml": async ({ text }) => {
    writeSiteFile(own.folder, "site.yaml", text)
    await Effect.runPromise(readSite(own.folder))
  },
  "app-config.yaml": async ({ text }) => {
    const { ConfigReader } = requireIn("packages/backstage-backend")("@backstage/config")
    const parsed = requireIn("packages/core")("yaml").parse(text)
    if (parsed.hpcBilling === undefined) {
      // a host's own part: the sample portal has the same, and its walk in the browser changes the language by it
      const { loadConfig } = await import(`${workspace}/examples/backstage-app/src/app/config.ts`)
      Object.assign(globalThis, { window: { location: { origin: "http://127.0.0.1" } } })
      expect((await loadConfig()).config.get("app.extensions")).toEqual(expect.arrayContaining(parsed.app.extensions))
      return
    }
    mkdirSync("backstage-keys/ci", { recursive: true })
    parsed.hpcBilling.keysFolder = `${own.folder}/backstage-keys`
    const settings = await readSettings(new ConfigReader(parsed))
    expect(settings.tenants.get("ci")?.ingestion).toMatchObject([{ cluster: "ci", source: { kind: "sacct" } }])
  },
  "catalog-info.yaml": async ({ text }) => {
    const { slurmAccountOf } = await import(`${workspace}/packages/backstage-plugin/src/annotation.ts`)
    expect(slurmAccountOf(requireIn("packages/core")("yaml").parse(text))).toEqual({ tenant: null, account: "phys-flood" })
  },
  "jobs.csv": async ({ text }) => {
    writeFileSync("jobs.csv", `${text}\n`)
    await ownMonth()
    await own.type("hpc-billing ingest --format csv --time-zone Asia/Bangkok --cluster ci --dry-run jobs.csv")
  },
  "readings.csv": async ({ text }) => {
    writeFileSync("readings.csv", `${text}\n`)
    await ownMonth()
    await own.type("hpc-billing readings --dry-run readings.csv")
  },
}

/** TypeScript: the package that it runs in, what a reader has before it, and what holds after it. */
const programs: Readonly<Record<string, Run>> = {
  "packages/core/README.md": async ({ text }) => {
    const before = `import { recordWith, sampleBook } from "./fixtures/makeUsage.ts"\nconst [jobRecord, rateBook] = [recordWith(), sampleBook()]\n`
    expect(await runTypeScript("packages/core", `${before}${text}`)).toMatch(/^\d+\.\d\d THB \[/)
  },
  "packages/slurm-adapter/README.md": async ({ text }) => {
    const before = `process.chdir(${JSON.stringify(own.folder)})\nlet rows = 0\nconst handle = (batch: readonly unknown[]) => (rows += batch.length)\n`
    expect(await runTypeScript("packages/slurm-adapter", `${before}${text}\nconsole.log(rows)`)).toBe("102\n")
  },
  "packages/backend/src/index.ts": async ({ text }) => {
    const before = `import { createBackend } from "@backstage/backend-defaults"\nconst backend = createBackend()\n`
    const after = `\nconsole.log((await import("@hpc-billing/backstage-backend")).default.$$type)`
    expect(await runTypeScript("packages/backstage-backend", `${before}${text}${after}`)).toBe("@backstage/BackendFeature\n")
  },
  "packages/backend/src/policy.ts": async ({ text }) => {
    const after = `
      const { usageRead, auditRead } = hpcBillingPermissions
      const answers = [usageRead, auditRead].map((permission) => new Policy().handle({ permission } as PolicyQuery))
      console.log((await Promise.all(answers)).map(({ result }) => result).join(" "))`
    expect(await runTypeScript("packages/backstage-backend", `${text}${after}`)).toBe("CONDITIONAL ALLOW\n")
  },
  "packages/app/src/App.tsx": async ({ text }) => {
    expect(await runBundled("examples/backstage-app", `${text}\nconsole.log(typeof app.createRoot)`, `${own.folder}/bundle`)).toBe(
      "function\n",
    )
  },
}

const json: Readonly<Record<string, Run>> = {
  "docs/api.md": async ({ text }) => {
    const { type, status, ...fields } = JSON.parse(text)
    const refused = Schema.decodeUnknownSync(Refused)({ ...fields, type, status, title: "A rule refuses it" })
    expect(say(refused.code as SentenceCode, refused.params as never).text).toBe(refused.detail)
  },
}

const sql: Readonly<Record<string, Run>> = {
  "docs/databases.md": async ({ text }) => {
    const { PGlite } = requireIn("packages/service")("@electric-sql/pglite")
    const database = new PGlite()
    for (const statement of migrations.flatMap(({ statements }) => statements)) await database.exec(statement)
    await database.exec(`PREPARE shown AS ${text}`)
    await database.close()
  },
}

const runners: Readonly<Record<string, Readonly<Record<string, Run>>>> = {
  sh: commands,
  yaml: documents,
  csv: documents,
  ts: programs,
  json,
  sql,
}

const typeCommands: Run = async ({ text }) => {
  await ownMonth()
  await own.type(text)
}

/** How a block is run: by the file that it is, else by its page; undefined where nobody knows. */
const runnerOf = ({ language, title, page }: DocBlock): Run | undefined =>
  runners[language]?.[title ?? page] ?? (language === "sh" ? typeCommands : undefined)

const blocks = docPages().flatMap(blocksOf)

describe("examples of README and docs", () => {
  it("what is not run is marked and listed with why, and is there", () => {
    const marked = blocks.filter(({ isRun }) => !isRun)
    expect(marked.filter(({ page, text }) => !notRun.some((row) => row[0] === page && text.startsWith(row[1])))).toEqual([])
    expect(notRun.filter(([page, begins]) => !marked.some((block) => block.page === page && block.text.startsWith(begins)))).toEqual([])
  })

  it("everything else is known how to run", () => {
    expect(blocks.filter((block) => block.isRun && runnerOf(block) === undefined)).toEqual([])
    expect(blocks.filter(({ isRun }) => isRun).length).toBeGreaterThan(15)
  })

  it.each(["hpc-billing bil", "hpc-billing rate --month 2026-10 --for chem", "cat none.psv", "sacct > none/october.psv"])(
    "a new command that does not work fails: %s",
    async (command) => {
      const [block] = docBlocks("docs/new.md", `\`\`\`sh\n${command}\n\`\`\`\n`) as [DocBlock]
      await expect(runnerOf(block)?.(block)).rejects.toThrow()
    },
  )

  it.each(["```ruby\nputs 1\n```\n", '```yaml title="prices.yaml"\na: 1\n```\n', "```ts\n1\n```\n"])(
    "a new block of another kind is not: %j",
    (text) => {
      expect(docBlocks("docs/new.md", text).map(runnerOf)).toEqual([undefined])
    },
  )

  it.each(
    blocks.filter(({ isRun }) => isRun).map((block) => [`${block.page}:${block.line} ${block.title ?? block.language}`, block] as const),
  )("%s runs", async (_, block) => {
    await runnerOf(block)?.(block)
  })
})
