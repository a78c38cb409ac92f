import { open, readFile, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { evolveMacKey } from "@hpc-billing/ledger"
import { Effect } from "effect"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { SiteError } from "../site/SiteError.ts"
import type { TenantKeys } from "./TenantKeys.ts"

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")

const nextFile = (folder: string, tenant: string): string => join(folder, tenant, "audit.next.json")
const standingFile = (folder: string, tenant: string): string => join(folder, tenant, "audit.json")

const unwritable = (folder: string, cause: unknown): SiteError =>
  new SiteError({
    reason: "unreadable",
    problems: [`${folder}: the next audit keys cannot be written there (${(cause as Error).message}).`],
  })

/** Writes the keys of the next epoch beside those in use, synced to the disk. */
export const prepareNextAuditKeys = (folder: string, tenant: string, keys: TenantKeys, nextSigningSeed: Uint8Array) =>
  Effect.tryPromise({
    try: async () => {
      const file = await open(nextFile(folder, tenant), "w", 0o600)
      try {
        const next = {
          epoch: keys.audit.epoch + 1,
          macKey: hex(evolveMacKey(nodeCryptography, keys.audit.macKey)),
          signingSeed: hex(nextSigningSeed),
          genesisPublicKey: hex(keys.auditGenesisPublicKey),
        }
        await file.writeFile(`${JSON.stringify(next, null, 2)}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
    },
    catch: (cause) => unwritable(folder, cause),
  })

/** The next keys take the place of those in use, which are gone from then on. */
export const commitNextAuditKeys = (folder: string, tenant: string) =>
  Effect.tryPromise({
    try: () => rename(nextFile(folder, tenant), standingFile(folder, tenant)),
    catch: (cause) => unwritable(folder, cause),
  })

export interface NextAuditKeys {
  readonly epoch: number
  /** Hex. */
  readonly publicKey: string
}

/** The keys that a rotation cut short has left; null when there are none, or when they were not written to their end. */
export const readNextAuditKeys = (folder: string, tenant: string) =>
  Effect.promise(async (): Promise<NextAuditKeys | null> => {
    try {
      const { epoch, signingSeed } = JSON.parse(await readFile(nextFile(folder, tenant), "utf8"))
      const publicKey = nodeCryptography.ed25519PublicKey(new Uint8Array(Buffer.from(signingSeed, "hex")))
      return { epoch, publicKey: hex(publicKey) }
    } catch {
      return null
    }
  })

export const dropNextAuditKeys = (folder: string, tenant: string) =>
  Effect.tryPromise({
    try: () => rm(nextFile(folder, tenant), { force: true }),
    catch: (cause) => unwritable(folder, cause),
  })
