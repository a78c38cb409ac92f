import {
  type AuditEvent,
  checkSignatures,
  digestListOf,
  type ExportTrust,
  type Manifest,
  manifestPaths,
  readManifest,
} from "@hpc-billing/ledger"
import { Effect } from "effect"
import { nodeCryptography, sha256Hex } from "../crypto/nodeCryptography.ts"
import type { AuditorKeys } from "../keys/TenantKeys.ts"
import { BillingStore, type ExportRun } from "../store/index.ts"
import { exportSubject } from "./exportMonth.ts"
import type { Find } from "./StoreFinding.ts"

/** Of each export run in the audit log, the last entry of its month that was posted by then. */
export const exportsTold = (throughPosition: (month: string) => bigint) => {
  const positions = new Map<string, bigint>()
  return {
    positions: positions as ReadonlyMap<string, bigint>,
    take: ({ action, subject, detail }: AuditEvent): void => {
      if (action === "export.run") positions.set(subject, throughPosition(detail.month ?? ""))
    },
  }
}

const signaturePaths = [
  manifestPaths.signature,
  manifestPaths.publicKey,
  manifestPaths.hmac,
  manifestPaths.minisignSignature,
  manifestPaths.minisignKey,
]

/** The files of every export run against its manifest, whose digest the audit log holds, and the run against manifest and journal. */
export const verifyExports = Effect.fnUntraced(function* (
  tenant: string,
  { positions }: ReturnType<typeof exportsTold>,
  auditor: AuditorKeys,
  find: Find,
) {
  const store = yield* BillingStore
  for (const run of yield* store.exportRuns(tenant, null)) {
    if (run.profile !== "generic") find(`export run ${run.id}`, `column profile holds ${run.profile}, every run is of the profile generic`)
    const position = positions.get(run.id)
    if (position !== undefined && position !== run.throughPosition) {
      find(`export run ${run.id}`, `column through_position holds ${run.throughPosition}, the journal of its month went to ${position}`)
    }
    yield* checkFiles(tenant, run, auditor, find)
  }
})

const checkFiles = Effect.fnUntraced(function* (tenant: string, run: ExportRun, auditor: AuditorKeys, find: Find) {
  const store = yield* BillingStore
  const subject = exportSubject(run.id)
  const rowOf = (name: string): string => `file ${subject}/${name}`
  const stored = new Map((yield* store.files(tenant, subject)).map((header) => [header.name, header.sha256]))
  const file = yield* store.file(tenant, subject, manifestPaths.manifest)
  const manifest = file === null || sha256Hex(file.bytes) !== run.manifestSha256 ? null : readManifest(file.bytes)
  if (file === null || manifest === null) return find(rowOf(manifestPaths.manifest), "it is not the manifest of its export run")
  if (manifest.chain.size !== String(run.chainSequence)) {
    find(`export run ${run.id}`, `column chain_sequence holds ${run.chainSequence}, its manifest says ${manifest.chain.size}`)
  }
  const expected = expectedDigests(manifest, run)
  for (const [name, sha256] of expected) {
    const kept = stored.get(name)
    if (kept === undefined) find(rowOf(name), "it was exported, but is not stored any more")
    else if (sha256 !== null && kept !== sha256) find(rowOf(name), "it is not the file that was exported")
  }
  for (const name of stored.keys()) if (!expected.has(name)) find(rowOf(name), "it is no part of its export")
  yield* checkSigned(tenant, subject, file.bytes, auditor, (name, finding) => find(rowOf(name), finding))
})

/** SHA-256 by name; null for what is told by its signature. */
const expectedDigests = (manifest: Manifest, run: ExportRun): ReadonlyMap<string, string | null> =>
  new Map<string, string | null>([
    ...manifest.files.map(({ path, sha256 }): [string, string] => [path, sha256]),
    [manifestPaths.manifest, run.manifestSha256],
    [manifestPaths.digests, sha256Hex(new TextEncoder().encode(digestListOf(manifest, run.manifestSha256)))],
    ...signaturePaths.map((path): [string, null] => [path, null]),
  ])

const checkSigned = Effect.fnUntraced(function* (tenant: string, subject: string, manifest: Uint8Array, auditor: AuditorKeys, find: Find) {
  const store = yield* BillingStore
  const files = new Map<string, { readonly path: string; readonly bytes: Uint8Array }>()
  for (const path of signaturePaths) {
    const file = yield* store.file(tenant, subject, path)
    // what is missing is named already
    if (file === null) return
    files.set(path, { path, bytes: file.bytes })
  }
  const trust: ExportTrust =
    auditor.exportFingerprint === "" ? {} : { publicKeyFingerprint: auditor.exportFingerprint, hmacKey: auditor.exportHmacKey }
  checkSignatures(nodeCryptography, files, manifest, trust, find, [])
})
