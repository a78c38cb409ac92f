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

/** Finishes or drops a rotation that was cut short, by the epoch in which the stored chain stands; true when keys changed. */
export const settleNextAuditKeys = (folder: string, tenant: string, chainEpoch: number) =>
  Effect.tryPromise({
    try: async () => {
      const text = await readFile(nextFile(folder, tenant), "utf8").catch(() => null)
      if (text === null) return false
      if (JSON.parse(text).epoch === chainEpoch) {
        await rename(nextFile(folder, tenant), standingFile(folder, tenant))
        return true
      }
      await rm(nextFile(folder, tenant))
      return false
    },
    catch: (cause) => unwritable(folder, cause),
  })
