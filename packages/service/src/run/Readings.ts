import { type CanonicalValue, canonicalJson, formatDecimal, parseDecimal, type Reading } from "@hpc-billing/core"
import type { AuditEvent } from "@hpc-billing/ledger"
import { Effect, Result } from "effect"
import { type ActOptions, decide } from "../commit/decide.ts"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import { BillingStore } from "../store/index.ts"
import type { Actor } from "./Actor.ts"

/**
 * Usage that is not a job, as the tenant's set of readings: one document in versions. A reading read again replaces the one of
 * its service and id; what a month was priced from is told by the version.
 */
export const readingsKind = "readings"

const keyOf = (reading: Reading): string => `${reading.service}/${reading.id}`

const encodeReadings = (readings: readonly Reading[]): Uint8Array =>
  new TextEncoder().encode(
    canonicalJson(readings.map((reading) => ({ ...reading, quantity: formatDecimal(reading.quantity) })) as CanonicalValue),
  )

export const decodeReadings = (bytes: Uint8Array): readonly Reading[] =>
  (JSON.parse(new TextDecoder().decode(bytes)) as readonly (Omit<Reading, "quantity"> & { readonly quantity: string })[]).map(
    (reading) => ({
      ...reading,
      quantity: parseDecimal(reading.quantity) as Reading["quantity"],
    }),
  )

/** The readings of a version; of version 0 there are none. */
export const readingsOf = Effect.fnUntraced(function* (tenant: string, version: number) {
  if (version === 0) return []
  const store = yield* BillingStore
  const stored = yield* store.document(tenant, readingsKind, version)
  return stored === null ? [] : decodeReadings(stored.bytes)
})

export const readingsVersionOf = Effect.fnUntraced(function* (tenant: string) {
  const store = yield* BillingStore
  return Math.max(0, ...(yield* store.documents(tenant, readingsKind)).map(({ version }) => version))
})

export interface IngestedReadings {
  readonly read: number
  readonly accepted: number
  readonly replaced: number
  readonly known: number
}

/** Takes readings into the set: new ones are accepted, changed ones replace, the same again change nothing. */
export const ingestReadings = Effect.fn("ingestReadings")(function* (
  tenant: string,
  readings: readonly Reading[],
  actor: Actor,
  options: ActOptions = { dryRun: false },
) {
  return yield* decide({
    tenant,
    actor,
    dryRun: options.dryRun,
    read: (head) => readingsOf(tenant, head.documentVersion(readingsKind)),
    plan: (standing, head) => {
      const { counts, merged } = mergeReadings(standing, readings)
      if (counts.accepted + counts.replaced === 0) return Result.succeed({ answer: { ...counts }, events: [] })
      const bytes = encodeReadings(merged)
      const version = head.documentVersion(readingsKind) + 1
      const event: AuditEvent = {
        action: "book.publish",
        actor: actor.name,
        requestId: actor.requestId,
        subject: `${readingsKind}/${version}`,
        detail: { sha256: sha256Hex(bytes) },
      }
      return Result.succeed({ answer: { ...counts }, documents: [{ kind: readingsKind, version, bytes }], events: [event] })
    },
    view: (counts) => Effect.succeed(counts satisfies IngestedReadings),
  })
})

const mergeReadings = (standing: readonly Reading[], readings: readonly Reading[]) => {
  const merged = new Map(standing.map((reading) => [keyOf(reading), reading]))
  const textOf = (reading: Reading): string => new TextDecoder().decode(encodeReadings([reading]))
  const counts = { read: readings.length, accepted: 0, replaced: 0, known: 0 }
  for (const reading of readings) {
    const known = merged.get(keyOf(reading))
    if (known === undefined) counts.accepted += 1
    else if (textOf(known) === textOf(reading)) counts.known += 1
    else counts.replaced += 1
    merged.set(keyOf(reading), reading)
  }
  return { counts, merged: [...merged].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, reading]) => reading) }
}
