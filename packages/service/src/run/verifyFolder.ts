import { readdir, readFile } from "node:fs/promises"
import { join, relative, sep } from "node:path"
import { type ExportFile, type ExportReport, verifyExport, type Witness } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import type { AuditorKeys } from "../keys/TenantKeys.ts"
import { refuse } from "./RunError.ts"
import { recomputeMonth } from "./recomputeMonth.ts"
import { recomputeReceipt } from "./recomputeReceipt.ts"
import { rerateExport } from "./rerateExport.ts"

/**
 * Verifies an export folder offline, from its files and the auditor's keys alone: digests, signatures, totals, journal, receipts,
 * audit log, and every price computed again. Without keys what they would prove is listed as unproven.
 */
export const verifyFolder = Effect.fn("verifyFolder")(function* (
  folder: string,
  auditor: AuditorKeys | null,
  witness: Witness | null = null,
) {
  const files = yield* readExportFolder(folder)
  const report = verifyExport(nodeCryptography, files, trustOf(auditor, witness))
  if (report.findings.length > 0) return report
  return { ...report, findings: recomputeMonth(files) } satisfies ExportReport
})

export interface VerifiedReceipt {
  readonly number: string
  readonly lineCount: number
  /** Lines that correct earlier months: what they come from is in the exports of those months. */
  readonly correctionCount: number
  readonly findings: readonly string[]
}

/** Computes one receipt of an export folder again, offline, from the folder's records, prices and payers. Signatures are `verifyFolder`'s. */
export const verifyReceiptInFolder = Effect.fn("verifyReceiptInFolder")(function* (folder: string, number: string) {
  const rerated = rerateExport(yield* readExportFolder(folder))
  if (Result.isFailure(rerated)) {
    return yield* refuse("verification-failed", rerated.failure.map(({ file, finding }) => `${folder}/${file}: ${finding}`).join("\n"))
  }
  const found = rerated.success.receipts.find(({ receipt: { status } }) => status.kind !== "draft" && status.number === number)
  if (found === undefined) {
    const numbers = rerated.success.receipts.flatMap(({ receipt: { status } }) => (status.kind === "draft" ? [] : [status.number]))
    return yield* refuse("not-found", `${folder} holds no receipt ${number} that is in force: it has ${numbers.join(", ")}.`)
  }
  const { receipt } = found
  return {
    number,
    lineCount: receipt.lines.length,
    correctionCount: receipt.lines.filter(({ corrects }) => corrects !== null && corrects.month !== rerated.success.rating.month).length,
    findings: recomputeReceipt(receipt, rerated.success),
  } satisfies VerifiedReceipt
})

const trustOf = (auditor: AuditorKeys | null, witness: Witness | null) =>
  auditor === null
    ? {}
    : {
        publicKeyFingerprint: auditor.exportFingerprint,
        hmacKey: auditor.exportHmacKey,
        chain: { publicKeyFingerprint: auditor.auditFingerprint, macKey: auditor.auditMacKey, ...(witness === null ? {} : { witness }) },
      }

const readExportFolder = (folder: string) =>
  Effect.tryPromise({
    try: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      const files: ExportFile[] = []
      for (const entry of entries) {
        if (!entry.isFile()) continue
        const path = join(entry.parentPath, entry.name)
        files.push({ path: relative(folder, path).split(sep).join("/"), bytes: new Uint8Array(await readFile(path)) })
      }
      return files.sort((left, right) => (left.path < right.path ? -1 : 1))
    },
    catch: (cause) =>
      refuse(
        "not-found",
        `${folder}: the export cannot be read (${(cause as NodeJS.ErrnoException).code}). Name the folder that holds manifest.json.`,
      ),
  })
