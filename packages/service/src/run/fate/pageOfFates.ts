import type { Rejection } from "@hpc-billing/core"
import { Effect } from "effect"
import { BillingStore, type Page, type PageRequest } from "../../store/index.ts"
import type { Fate, FateKind } from "./Fate.ts"

/** Each narrows; null does not. */
export interface FateFilter {
  readonly kind: FateKind | null
  readonly cluster: string | null
  readonly account: string | null
  readonly user: string | null
  /** As people see it. */
  readonly jobId: string | null
  readonly breaches: boolean
}

/** A page of a month's fates in order of their ids, after which come the records that could not be read: any of them may be of the month. */
export const pageOfFates = Effect.fnUntraced(function* (tenant: string, fates: readonly Fate[], filter: FateFilter, page: PageRequest) {
  const after = idOf(page.cursor)
  const left = after === null ? [] : fates.filter((fate) => fate.id > after && matches(fate, filter))
  const rows = left.slice(0, page.limit)
  const last = rows.at(-1)
  if (last !== undefined && left.length > page.limit) return { rows, next: cursorOf(last.id) } satisfies Page<Fate>
  if (!matches(heldExample, filter)) return { rows, next: null } satisfies Page<Fate>
  if (last !== undefined && rows.length === page.limit) return { rows, next: heldFirst } satisfies Page<Fate>
  const store = yield* BillingStore
  const cursor = after !== null || page.cursor === heldFirst ? null : page.cursor
  const held = yield* store.listRejections(tenant, { cursor, limit: page.limit - rows.length })
  return { rows: [...rows, ...held.rows.map(heldFate)], next: held.next } satisfies Page<Fate>
})

const matches = (fate: Fate, filter: FateFilter): boolean =>
  (["kind", "cluster", "account", "user", "jobId"] as const).every((field) => filter[field] === null || fate[field] === filter[field]) &&
  (!filter.breaches || fate.breach !== null)

const heldFate = ({ source, lineNumber, field, reason }: Rejection): Fate => ({
  subject: "rejection",
  id: lineNumber === null ? source : `${source}:${lineNumber}`,
  cluster: "",
  account: "",
  user: "",
  jobId: "",
  kind: "held",
  reason: field === null ? reason : `${field}: ${reason}`,
  lines: [],
  breach: null,
})

const heldExample = heldFate({ source: "", lineNumber: null, field: null, reason: "", raw: "" })

const idPrefix = "id."
const heldFirst = "held"

const cursorOf = (id: string): string => `${idPrefix}${Buffer.from(id).toString("base64url")}`

/** The id after which the page begins; null where it begins among the rejected records. A cursor of no list of ours goes to the store, which refuses it. */
const idOf = (cursor: string | null): string | null => {
  if (cursor === null) return ""
  return cursor.startsWith(idPrefix) ? Buffer.from(cursor.slice(idPrefix.length), "base64url").toString() : null
}
