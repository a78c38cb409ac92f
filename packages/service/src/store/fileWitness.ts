import { mkdir, open } from "node:fs/promises"
import { join, resolve } from "node:path"
import { Effect } from "effect"
import { StoreError } from "./StoreError.ts"

/**
 * Where the head of the chain goes outside the database, after each group commit and before its commands are answered: what
 * is acknowledged cannot be cut off unseen. Keep it where who owns the database cannot write.
 */
export interface ChainWitness {
  readonly record: (tenant: string, lines: string) => Effect.Effect<void, StoreError>
}

/** One file per tenant in a folder, `TENANT.witness.jsonl`, appended and synced. */
export const fileWitness = (folder: string): ChainWitness => ({
  record: (tenant, lines) => {
    const path = join(resolve(folder), `${encodeURIComponent(tenant)}.witness.jsonl`)
    return Effect.tryPromise({
      try: async () => {
        await mkdir(resolve(folder), { recursive: true })
        const file = await open(path, "a")
        try {
          await file.appendFile(lines)
          await file.datasync()
        } finally {
          await file.close()
        }
      },
      catch: (cause) =>
        new StoreError({
          reason: {
            _tag: "Unavailable",
            sentence: `The witness file ${path} cannot be written (${cause instanceof Error ? cause.message : cause}): make its folder writable; until then the end of the audit chain is not witnessed.`,
            cause,
          },
        }),
    })
  },
})
