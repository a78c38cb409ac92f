import { chmod, mkdir, readFile, rename, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fingerprintOf } from "@hpc-billing/ledger"
import { Effect, Result, Schema } from "effect"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { SiteError } from "../site/SiteError.ts"
import { type AuditorKeys, originOf, type TenantKeys } from "./TenantKeys.ts"

const Secret = Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/, { expected: "64 hexadecimal digits" }))
const AuditFile = Schema.Struct({ epoch: Schema.Int, macKey: Secret, signingSeed: Secret, genesisPublicKey: Secret })
const ExportFile = Schema.Struct({ hmacKey: Secret, signingSeed: Secret })
const AuditorFile = Schema.Struct({
  origin: Schema.String,
  auditFingerprint: Schema.String,
  exportFingerprint: Schema.String,
  auditPublicKey: Secret,
  auditMacKey: Secret,
  exportHmacKey: Secret,
})

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"))

const readKeyFile = <A>(schema: Schema.Decoder<A>, file: string, tenant: string): Effect.Effect<A, SiteError> =>
  Effect.gen(function* () {
    const text = yield* Effect.tryPromise({
      try: () => readFile(file, "utf8"),
      catch: () =>
        new SiteError({
          reason: "no-key",
          problems: [`${file}: no such key. Make the keys of ${tenant} once with: hpc-billing keys create --tenant ${tenant}`],
        }),
    })
    const value = yield* Effect.try({
      try: (): unknown => JSON.parse(text),
      catch: () => new SiteError({ reason: "invalid", problems: [`${file}: not JSON. Restore the key file from its backup.`] }),
    })
    const decoded = Schema.decodeUnknownResult(schema)(value)
    if (Result.isFailure(decoded)) {
      const sentence = String(decoded.failure.message).replaceAll(/\s*\n\s*/g, " ")
      return yield* new SiteError({ reason: "invalid", problems: [`${file}: ${sentence}. Restore the key file from its backup.`] })
    }
    return decoded.success
  })

/** Reads the keys of a tenant; a missing or damaged file is a sentence with the next step. */
export const readTenantKeys = (folder: string, tenant: string): Effect.Effect<TenantKeys, SiteError> =>
  Effect.gen(function* () {
    const audit = yield* readKeyFile(AuditFile, join(folder, tenant, "audit.json"), tenant)
    const exporting = yield* readKeyFile(ExportFile, join(folder, tenant, "export.json"), tenant)
    return {
      audit: { epoch: audit.epoch, macKey: bytesOf(audit.macKey), signingSeed: bytesOf(audit.signingSeed) },
      auditGenesisPublicKey: bytesOf(audit.genesisPublicKey),
      export: { hmacKey: bytesOf(exporting.hmacKey), signingSeed: bytesOf(exporting.signingSeed) },
    }
  })

export const readAuditorKeys = (file: string, tenant: string): Effect.Effect<AuditorKeys, SiteError> =>
  Effect.map(readKeyFile(AuditorFile, file, tenant), (keys) => ({
    origin: keys.origin,
    auditFingerprint: keys.auditFingerprint,
    exportFingerprint: keys.exportFingerprint,
    auditPublicKey: bytesOf(keys.auditPublicKey),
    auditMacKey: bytesOf(keys.auditMacKey),
    exportHmacKey: bytesOf(keys.exportHmacKey),
  }))

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )

const writeKeyFile = async (file: string, value: unknown): Promise<void> => {
  await writeFile(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

export const hasTenantKeys = (folder: string, tenant: string): Effect.Effect<boolean> =>
  Effect.promise(() => exists(join(folder, tenant, "audit.json")))

/** Makes the keys of a tenant from `randomBytes`; false, and nothing touched, when it has some already. */
export const createTenantKeys = (
  folder: string,
  tenant: string,
  randomBytes: (count: number) => Uint8Array,
): Effect.Effect<boolean, SiteError> =>
  Effect.tryPromise({
    try: async () => {
      const place = join(folder, tenant)
      if (await exists(join(place, "audit.json"))) return false
      await mkdir(place, { recursive: true, mode: 0o700 })
      await chmod(place, 0o700)
      const [macKey, auditSeed, exportSeed, hmacKey] = [32, 32, 32, 32].map(randomBytes) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
      const auditPublicKey = nodeCryptography.ed25519PublicKey(auditSeed)
      const exportPublicKey = nodeCryptography.ed25519PublicKey(exportSeed)
      await writeKeyFile(join(place, "auditor.json"), {
        origin: originOf(tenant),
        auditFingerprint: fingerprintOf(nodeCryptography, auditPublicKey),
        exportFingerprint: fingerprintOf(nodeCryptography, exportPublicKey),
        auditPublicKey: hex(auditPublicKey),
        auditMacKey: hex(macKey),
        exportHmacKey: hex(hmacKey),
      })
      await writeKeyFile(join(place, "export.json"), { hmacKey: hex(hmacKey), signingSeed: hex(exportSeed) })
      await writeKeyFile(join(place, "audit.json"), {
        epoch: 0,
        macKey: hex(macKey),
        signingSeed: hex(auditSeed),
        genesisPublicKey: hex(auditPublicKey),
      })
      return true
    },
    catch: (cause) =>
      new SiteError({
        reason: "unreadable",
        problems: [`${folder}: keys cannot be written there (${(cause as Error).message}). Name a folder that you may write with --keys.`],
      }),
  })
