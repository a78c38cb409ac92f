import { type AuditEvent, entryDigest } from "@hpc-billing/ledger"
import { Effect } from "effect"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { BillingStore, type Page, type PostedEntry, pageRowsMaximum } from "../store/index.ts"
import type { Find } from "./StoreFinding.ts"

/** What an `entry.post` record says of all its entries. */
interface Posting {
  readonly atMicroseconds: bigint
  /** That of the act; of a record that does not tell it, that of its first entry. */
  commitSequence: bigint | null
}

interface Told {
  readonly sha256: string
  readonly posting: Posting
}

type Row = Pick<PostedEntry, "position" | "postedAtMicroseconds" | "commitSequence"> & { readonly month: string; readonly sha256: string }

/**
 * Compares the journal with what the audit log says was posted, both read side by side in the order of posting: what waits for its
 * partner is no more than a commit or a page, however long the books are.
 */
export const matchEntries = (tenant: string, find: Find) => {
  const told = new Map<string, Told>()
  const read = new Map<string, Row>()
  const throughPositions = new Map<string, bigint>()
  let named = 0
  let entries = 0
  let last: Pick<Row, "position" | "commitSequence"> = { position: 0n, commitSequence: 0n }
  let cursor: string | null = null
  let isEnd = false

  const judge = (id: string, { sha256, posting }: Told, row: Row): void => {
    if (row.sha256 !== sha256) find(`entry ${id}`, "it is not the entry that the audit chain holds the digest of")
    if (row.postedAtMicroseconds !== posting.atMicroseconds) {
      find(
        `entry ${id}`,
        `column posted_at_microseconds holds ${row.postedAtMicroseconds}, its audit record says ${posting.atMicroseconds}`,
      )
    }
    posting.commitSequence ??= row.commitSequence
    if (row.commitSequence !== posting.commitSequence) {
      find(`entry ${id}`, `column commit_sequence holds ${row.commitSequence}, its audit record is of act ${posting.commitSequence}`)
    }
    if (row.position > (throughPositions.get(row.month) ?? 0n)) throughPositions.set(row.month, row.position)
  }

  const take = ({ entry, position, postedAtMicroseconds, commitSequence }: PostedEntry): void => {
    entries += 1
    if (position !== last.position + 1n) find(`entry ${entry.id}`, `it stands at position ${position}, after position ${last.position}`)
    if (commitSequence < last.commitSequence) {
      find(`entry ${entry.id}`, `it is of commit ${commitSequence}, and stands after entries of commit ${last.commitSequence}`)
    }
    last = { position, commitSequence }
    const row = { position, postedAtMicroseconds, commitSequence, month: entry.month, sha256: entryDigest(nodeCryptography, entry) }
    const waiting = told.get(entry.id)
    if (waiting === undefined) read.set(entry.id, row)
    else judge(entry.id, waiting, row)
    told.delete(entry.id)
  }

  const readUntil = Effect.fnUntraced(function* (wanted: number) {
    const store = yield* BillingStore
    while (!isEnd && entries < wanted) {
      const page: Page<PostedEntry> = yield* store.listEntries(tenant, {}, { cursor, limit: pageRowsMaximum })
      for (const row of page.rows) take(row)
      cursor = page.next
      isEnd = cursor === null
    }
  })

  return {
    /** Takes the entries that a record tells of. */
    told: Effect.fnUntraced(function* ({ actionId, detail }: AuditEvent, atMicroseconds: bigint) {
      const posting: Posting = { atMicroseconds, commitSequence: actionId === undefined ? null : BigInt(actionId) }
      for (const [id, sha256] of Object.entries(detail)) {
        named += 1
        const row = read.get(id)
        if (row === undefined) told.set(id, { sha256, posting })
        else judge(id, { sha256, posting }, row)
        read.delete(id)
      }
      yield* readUntil(named)
    }),

    /** The last position of a month's entries among those told so far; 0 when there is none. */
    throughPosition: (month: string): bigint => throughPositions.get(month) ?? 0n,

    /** Names what has no partner; answers where the last entry stands. */
    finish: Effect.fnUntraced(function* () {
      const store = yield* BillingStore
      yield* readUntil(Number.POSITIVE_INFINITY)
      const again = yield* store.postedEntryIds(tenant, [...told.keys()])
      for (const id of told.keys()) {
        find(`entry ${id}`, again.has(id) ? "is posted a second time in the audit log" : "was posted, but is not stored any more")
      }
      for (const id of read.keys()) find(`entry ${id}`, "no audit record tells of its posting")
      return last
    }),
  }
}
