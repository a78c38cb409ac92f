import { join } from "node:path"
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { readAuditorKeys } from "../keys/keyFolder.ts"
import { refuse } from "../run/RunError.ts"
import { verifyFolder, verifyReceiptInFolder } from "../run/verifyFolder.ts"
import { verifyStore } from "../run/verifyStore.ts"
import { readSite } from "../site/readSite.ts"
import { readFileWitness } from "../store/index.ts"
import { hpcBilling, optional, print, withSite, witnessFolder } from "./CliContext.ts"

export const verifyCommand = Command.make(
  "verify",
  {
    folder: Argument.String("folder").pipe(
      Argument.withDescription("Folder of an export; absent: the books in the database"),
      Argument.optional,
    ),
    auditorKeys: Flag.String("auditor-keys").pipe(
      Flag.withDescription("auditor.json, kept away from the database; KEYS/TENANT/auditor.json when absent"),
      Flag.withMetavar("FILE"),
      Flag.optional,
    ),
    receipt: Flag.String("receipt").pipe(
      Flag.withDescription("Compute this one receipt of the folder again, line by line, without keys"),
      Flag.withMetavar("NUMBER"),
      Flag.optional,
    ),
    noKeys: Flag.Boolean("no-keys").pipe(Flag.withDescription("Verify what can be verified without keys"), Flag.withDefault(false)),
  },
  Effect.fn(function* (input) {
    const flags = yield* hpcBilling
    const folder = optional(input.folder)
    const receipt = optional(input.receipt)
    if (receipt !== null) return yield* verifyReceipt(folder, receipt)
    if (folder !== null) {
      const auditor = input.noKeys ? null : yield* auditorOf(optional(input.auditorKeys), flags)
      const report = yield* verifyFolder(folder, auditor, auditor === null ? null : yield* witnessOf(flags))
      const unproven = report.unproven.map((sentence) => `  not proven: ${sentence}`)
      if (report.findings.length === 0) return yield* print(report, [`${folder}: verified`, ...unproven].join("\n"))
      yield* print(report, [...report.findings.map(({ file, finding }) => `${join(folder, file)}: ${finding}`), ...unproven].join("\n"))
      return yield* refuse(
        "verification-failed",
        `${folder}: not as it was exported (${report.findings.length} findings). Ask for the export again and compare.`,
      )
    }
    yield* withSite(
      Effect.fnUntraced(function* ({ site }) {
        const report = yield* verifyStore(site.tenant, yield* auditorOf(optional(input.auditorKeys), flags), yield* witnessOf(flags))
        const summary = `${report.auditRecords} audit records, ${report.receipts} receipts, ${report.entries} entries`
        const unproven = report.unproven.map((sentence) => `  not proven: ${sentence}`)
        const named = [...report.findings, ...report.readTwice]
        if (named.length === 0) return yield* print(report, [`The books of ${site.tenant}: verified (${summary})`, ...unproven].join("\n"))
        yield* print(report, [...named.map(({ row, finding }) => `${row}: ${finding}`), ...unproven].join("\n"))
        return yield* refuse(
          "verification-failed",
          report.findings.length > 0
            ? `The books of ${site.tenant} are not as they were written (${report.findings.length} findings in ${summary}). Restore the last good backup and look into who changed them.`
            : `The books of ${site.tenant} are as they were written (${summary}), but ${readTwiceText(report.readTwice.length)}. Compare with sacct before the next bill.`,
        )
      }),
      { unsettled: true },
    )
  }),
).pipe(Command.withDescription("Verify an export, or one receipt of it, from its files alone, or the books in the database"))

const readTwiceText = (count: number): string => (count === 1 ? "1 job may be billed twice" : `${count} jobs may be billed twice`)

const verifyReceipt = Effect.fnUntraced(function* (folder: string | null, number: string) {
  if (folder === null) return yield* refuse("not-found", `Receipt ${number} is verified in an export: name its folder before --receipt.`)
  const verified = yield* verifyReceiptInFolder(folder, number)
  const { lineCount, correctionCount, findings } = verified
  if (findings.length > 0) {
    yield* print(verified, findings.map((finding) => `${number}: ${finding}`).join("\n"))
    return yield* refuse("verification-failed", `Receipt ${number} does not come out of the records, prices and payers of ${folder}.`)
  }
  const corrections = correctionCount === 0 ? "" : `; ${correctionCount} of them correct earlier months, whose exports prove them`
  yield* print(
    verified,
    `${number}: same, ${lineCount} lines computed again from the records, prices and payers of ${folder}${corrections}`,
  )
})

const auditorOf = Effect.fnUntraced(function* (file: string | null, flags: { readonly site: string; readonly keys: string }) {
  const { tenant } = yield* readSite(flags.site)
  return yield* readAuditorKeys(file ?? join(flags.keys, tenant, "auditor.json"), tenant)
})

const witnessOf = Effect.fnUntraced(function* (flags: { readonly site: string }) {
  const folder = yield* witnessFolder()
  if (folder === null) return null
  const { tenant } = yield* readSite(flags.site)
  return yield* readFileWitness(folder, tenant)
})
