import { randomBytes } from "node:crypto"
import { Effect } from "effect"
import { Command } from "effect/cli"
import { createTenantKeys, hasTenantKeys } from "../keys/keyFolder.ts"
import { readSite } from "../site/readSite.ts"
import { dryRun, hpcBilling, print } from "./CliContext.ts"

const create = Command.make(
  "create",
  { dryRun },
  Effect.fn(function* (input) {
    const { keys, site: siteFolder } = yield* hpcBilling
    const { tenant } = yield* readSite(siteFolder)
    const folder = `${keys}/${tenant}`
    const made = input.dryRun
      ? !(yield* hasTenantKeys(keys, tenant))
      : yield* createTenantKeys(keys, tenant, (count) => new Uint8Array(randomBytes(count)))
    const text = !made
      ? `${tenant} has keys in ${folder} already; nothing was changed.`
      : input.dryRun
        ? `Keys of ${tenant} would be made in ${folder}.`
        : `Keys of ${tenant} made in ${folder}. Back them up away from the database, give auditor.json to your auditor and delete it here.`
    yield* print({ tenant, folder, made: made && !input.dryRun }, text)
  }),
).pipe(Command.withDescription("Make the keys of the site's tenant, once"))

export const keysCommand = Command.make("keys").pipe(
  Command.withSubcommands([create]),
  Command.withDescription("Keys that seal the audit log and sign exports"),
)
