import { randomBytes } from "node:crypto"
import { Console, Effect } from "effect"
import { Command } from "effect/cli"
import { createTenantKeys } from "../keys/keyFolder.ts"
import { readSite } from "../site/readSite.ts"
import { hpcBilling } from "./CliContext.ts"

const create = Command.make(
  "create",
  {},
  Effect.fn(function* () {
    const { keys, site: folder } = yield* hpcBilling
    const { tenant } = yield* readSite(folder)
    const made = yield* createTenantKeys(keys, tenant, (count) => new Uint8Array(randomBytes(count)))
    yield* Console.log(
      made
        ? `Keys of ${tenant} made in ${keys}/${tenant}. Back them up away from the database, give auditor.json to your auditor and delete it here.`
        : `${tenant} has keys in ${keys}/${tenant} already; nothing was changed.`,
    )
  }),
).pipe(Command.withDescription("Make the keys of the site's tenant, once"))

export const keysCommand = Command.make("keys").pipe(
  Command.withSubcommands([create]),
  Command.withDescription("Keys that seal the audit log and sign exports"),
)
