import { randomBytes } from "node:crypto"
import { writeFile } from "node:fs/promises"
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { sealAuditLog } from "../commit/sealAuditLog.ts"
import { exportAuditLog } from "../run/exportAuditLog.ts"
import { reopenMonth } from "../run/reopenMonth.ts"
import { rotateAuditKeys } from "../run/rotateAuditKeys.ts"
import { SiteError } from "../site/SiteError.ts"
import { done, dryRun, month, print, withSite } from "./CliContext.ts"

export const reopenCommand = Command.make(
  "reopen",
  {
    month,
    reason: Flag.String("reason").pipe(Flag.withDescription("Why; it stands in the audit log")),
    approvedBy: Flag.String("approved-by").pipe(Flag.withDescription("The second person, who approves it")),
    dryRun,
  },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site, actor }) {
        yield* reopenMonth(site.tenant, input.month, input, actor, input)
        const text = `${input.month} ${done(input, "is", "would be")} open again. What was issued, posted and exported stands.`
        yield* print({ month: input.month, reopened: !input.dryRun }, text)
      }),
    ),
).pipe(Command.withDescription("Open a closed month again, with a reason and a second person's approval"))

const checkpoint = Command.make("checkpoint", { dryRun }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site, keys, store }) {
      if (input.dryRun) {
        const { chain } = yield* store.head(site.tenant)
        const unsealed = chain.sequence - chain.checkpointSequence
        return yield* print({ sequence: chain.sequence, unsealed }, `${unsealed} of ${chain.sequence} audit records would be sealed.`)
      }
      const head = yield* sealAuditLog(site.tenant, keys)
      yield* print({ sequence: head.sequence }, `Sealed: ${head.sequence} audit records stand under a signed checkpoint.`)
    }),
  ),
).pipe(Command.withDescription("Seal the audit log with a signed checkpoint now"))

const rotate = Command.make("rotate", { dryRun }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site, keys, flags, store, actor }) {
      if (input.dryRun) {
        const epoch = (yield* store.head(site.tenant)).chain.epoch + 1
        return yield* print({ epoch }, `Epoch ${epoch} would begin, and the keys before it be erased.`)
      }
      const epoch = yield* rotateAuditKeys(site.tenant, flags.keys, keys, new Uint8Array(randomBytes(32)), actor)
      yield* print({ epoch }, `Epoch ${epoch} has begun; the keys before it are erased. Back up ${flags.keys}/${site.tenant} now.`)
    }),
  ),
).pipe(Command.withDescription("Begin a new epoch of the audit log with new keys, the old ones erased"))

const exporting = Command.make(
  "export",
  { file: Argument.String("file").pipe(Argument.withDescription("File to write, one JSON line a record")), dryRun },
  ({ file, ...input }) =>
    withSite(
      Effect.fnUntraced(function* ({ site, keys }) {
        const text = yield* exportAuditLog(site.tenant, keys)
        if (input.dryRun) {
          const lines = text.split("\n").length - 1
          return yield* print({ file, lines }, `${lines} lines of the audit log would be written to ${file}.`)
        }
        yield* Effect.tryPromise({
          try: () => writeFile(file, text, { flag: "wx" }),
          catch: (cause) =>
            new SiteError({
              reason: "unreadable",
              problems: [`${file}: cannot be written (${(cause as NodeJS.ErrnoException).code}). Name a new file.`],
            }),
        })
        yield* print({ file }, `The audit log is in ${file}.`)
      }),
    ),
).pipe(Command.withDescription("Write the audit log to a file that verifies by itself"))

export const auditCommand = Command.make("audit").pipe(
  Command.withSubcommands([checkpoint, rotate, exporting]),
  Command.withDescription("The tamper-evident audit log; verify it with: hpc-billing verify"),
)
