import { mkdir, open, readFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { readWitness, type Witness } from "@hpc-billing/ledger"
import { Effect } from "effect"
import { StoreError } from "./StoreError.ts"

/**
 * Where the head of the chain goes outside the database, after each group commit and before its commands are answered: what
 * is acknowledged cannot be cut off unseen. Keep it where who owns the database cannot write.
 */
export interface ChainWitness {
  readonly record: (tenant: string, lines: string) => Effect.Effect<void, StoreError>
}

const pathOf = (folder: string, tenant: string): string => join(resolve(folder), `${encodeURIComponent(tenant)}.witness.jsonl`)

/** What the witness of a tenant in a folder saw. A folder without it, or lines that cannot be read, are a sentence. */
export const readFileWitness = (folder: string, tenant: string): Effect.Effect<Witness, StoreError> =>
  Effect.gen(function* () {
    const path = pathOf(folder, tenant)
    const text = yield* Effect.tryPromise({
      try: () => readFile(path, "utf8"),
      catch: (cause) =>
        unavailable(`The witness file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code}): name its folder.`, cause),
    })
    const { witness, unreadableLines } = readWitness(text)
    if (unreadableLines.length === 0) return witness
    return yield* unavailable(
      `The witness file ${path} was damaged or edited: its line ${unreadableLines[0]} cannot be read. Fetch the copy kept elsewhere.`,
    )
  })

const unavailable = (sentence: string, cause?: unknown): StoreError =>
  new StoreError({ reason: { _tag: "Unavailable", sentence, ...(cause === undefined ? {} : { cause }) } })

/** One file per tenant in a folder, `TENANT.witness.jsonl`, appended and synced. */
export const fileWitness = (folder: string): ChainWitness => ({
  record: (tenant, lines) => {
    const path = pathOf(folder, tenant)
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
        unavailable(
          `The witness file ${path} cannot be written (${cause instanceof Error ? cause.message : cause}): make its folder writable; until then the end of the audit chain is not witnessed.`,
          cause,
        ),
    })
  },
})
