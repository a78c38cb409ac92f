import { randomUUID } from "node:crypto"
import { userInfo } from "node:os"
import { relative, resolve } from "node:path"
import { isMonth } from "@hpc-billing/core"
import { Console, Context, Effect, Option, Redacted, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { readTenantKeys } from "../keys/keyFolder.ts"
import { originOf } from "../keys/TenantKeys.ts"
import type { Actor } from "../run/Actor.ts"
import { settleAuditKeys } from "../run/settleAuditKeys.ts"
import { readSite } from "../site/readSite.ts"
import { SiteError } from "../site/SiteError.ts"
import { auditChain } from "../store/AuditChain.ts"
import { BillingStore, fileWitness } from "../store/index.ts"
import { openStore, type StoreLocation } from "../store/openStore.ts"

/** How a command opens the books: one that runs many commands in one process gives each the store that it holds. */
export const StoreOpening: Context.Reference<typeof openStore> = Context.Reference("hpc-billing/StoreOpening", {
  defaultValue: () => openStore,
})

/** The flags that every command knows; they may stand before or after the command's name. */
export const hpcBilling = Command.make("hpc-billing").pipe(
  Command.withSharedFlags({
    site: Flag.String("site").pipe(
      Flag.withDescription("Folder with site.yaml, rates.yaml and payers.yaml"),
      Flag.withDefault("site"),
      Flag.withMetavar("DIR"),
    ),
    data: Flag.String("data").pipe(
      Flag.withDescription("Folder of the embedded database (unused when DATABASE_URL is set)"),
      Flag.withDefault("data"),
      Flag.withMetavar("DIR"),
    ),
    keys: Flag.String("keys").pipe(
      Flag.withDescription("Folder of the keys, outside the data folder"),
      Flag.withDefault("keys"),
      Flag.withMetavar("DIR"),
    ),
    witness: Flag.String("witness").pipe(
      Flag.withDescription("Folder outside the data folder where the end of the audit log is noted; HPC_BILLING_WITNESS when absent"),
      Flag.withMetavar("DIR"),
      Flag.optional,
    ),
    json: Flag.Boolean("json").pipe(Flag.withDescription("Print JSON for scripts"), Flag.withDefault(false)),
  }),
  Command.withDescription("Measure, price, bill, account and export the usage of Slurm clusters"),
)

const MonthText = Schema.String.check(
  Schema.makeFilter((text) => isMonth(text) || `"${text}" is not a month: write year and month such as 2026-10`),
)

export const month = Flag.String("month").pipe(
  Flag.withDescription("Month in the billing zone, such as 2026-10"),
  Flag.withMetavar("YYYY-MM"),
  Flag.withSchema(MonthText),
)

export const dryRun = Flag.Boolean("dry-run").pipe(Flag.withDescription("Show what would be done; store nothing"), Flag.withDefault(false))

/** What is said of an act, and of one that is only tried. */
export const done = (input: { readonly dryRun: boolean }, said: string, tried: string): string => (input.dryRun ? tried : said)

const actor: Effect.Effect<Actor> = Effect.sync(() => ({ name: `cli:${userInfo().username}`, requestId: randomUUID() }))

const locationOf = (data: string): StoreLocation => {
  const url = process.env.DATABASE_URL
  return url === undefined || url === "" ? { kind: "folder", folder: data } : { kind: "postgres", url: Redacted.make(url) }
}

/** Where the end of the audit log is witnessed; null: nowhere. Refused within the data folder, where a restored copy would bring it back too. */
export const witnessFolder = Effect.fnUntraced(function* () {
  const { witness, data } = yield* hpcBilling
  const folder = Option.getOrElse(witness, () => process.env.HPC_BILLING_WITNESS ?? "")
  if (folder === "") return null
  if (!relative(resolve(data), resolve(folder)).startsWith("..")) {
    return yield* new SiteError({
      reason: "invalid",
      problems: [`${folder}: the witness lies in the data folder, and would be restored with it. Name a folder elsewhere with --witness.`],
    })
  }
  return folder
})

export interface OpeningOptions {
  /** Read books whose audit log has a head that cannot be right, or other keys: what verifies them says so. */
  readonly unsettled?: boolean
}

/** Opens the store of the site's tenant for a command; says once what the embedded database is not. */
export const openSite = Effect.fn("openSite")(function* (options: OpeningOptions = {}) {
  const flags = yield* hpcBilling
  const site = yield* readSite(flags.site)
  const keys = yield* readTenantKeys(flags.keys, site.tenant)
  const location = locationOf(flags.data)
  if (location.kind === "folder") {
    yield* Console.error(
      `Embedded database in ${flags.data}: for one process and one site; it is no server. Set DATABASE_URL to use PostgreSQL.`,
    )
  }
  let standing = keys
  const chain = auditChain(nodeCryptography, () => ({ origin: originOf(site.tenant), keys: standing.audit }))
  const folder = yield* witnessFolder()
  const open = yield* StoreOpening
  const store = yield* open({ location, chain, ...(folder === null ? {} : { witness: fileWitness(folder) }) })
  if (options.unsettled !== true) {
    standing = yield* Effect.provideService(settleAuditKeys(site.tenant, flags.keys, keys), BillingStore, store)
  }
  return { site, keys: standing, store, flags, actor: yield* actor }
})

/** Runs a command's work with the site's store provided, then closes it. */
export const withSite = <A, E, R>(
  work: (opened: Effect.Success<ReturnType<typeof openSite>>) => Effect.Effect<A, E, R>,
  options: OpeningOptions = {},
) => Effect.scoped(Effect.flatMap(openSite(options), (opened) => Effect.provideService(work(opened), BillingStore, opened.store)))

/** The answer of a command: text for people, or the same as JSON with amounts as text. */
export const print = Effect.fnUntraced(function* (value: unknown, text: string) {
  const { json } = yield* hpcBilling
  yield* Console.log(json ? JSON.stringify(value, (_, item) => (typeof item === "bigint" ? item.toString() : item), 2) : text)
})

/** A counter on a terminal, nothing elsewhere. */
export const progress = (label: string): ((done: number, of?: number) => void) => {
  if (!process.stderr.isTTY) return () => {}
  return (done, of) => {
    const end = of !== undefined && done === of ? "\n" : ""
    process.stderr.write(`\r${label} ${done.toLocaleString("en")}${of === undefined ? "" : ` of ${of.toLocaleString("en")}`}${end}`)
  }
}

export const optional = <A>(option: Option.Option<A>): A | null => Option.getOrNull(option)
