import { Schema } from "effect"
import { textOfUtf8 } from "../bytes.ts"
import type { Manifest } from "./Manifest.ts"

const Minor = Schema.String.check(Schema.isPattern(/^-?\d+$/))
const Count = Schema.Number.check(Schema.isInt())

const isManifest = Schema.is(
  Schema.Struct({
    format: Schema.Literal("hpc-billing/export/1"),
    tenant: Schema.String,
    period: Schema.String,
    runId: Schema.String,
    createdAt: Schema.String,
    files: Schema.Array(Schema.Struct({ path: Schema.String, bytes: Count, sha256: Schema.String, rows: Schema.NullOr(Count) })),
    controlTotals: Schema.Array(
      Schema.Struct({
        currency: Schema.String,
        currencyExponent: Count,
        debitMinor: Minor,
        creditMinor: Minor,
        entries: Count,
        lines: Count,
      }),
    ),
    journalSha256: Schema.String,
    chain: Schema.Struct({
      origin: Schema.String,
      size: Schema.String.check(Schema.isPattern(/^\d+$/)),
      root: Schema.String,
      link: Schema.String,
      epoch: Count,
    }),
    publicKeyFingerprint: Schema.String,
  }),
)

/** The manifest as it was written, perhaps by someone else; null when it is not whole. */
export const readManifest = (bytes: Uint8Array): Manifest | null => {
  try {
    const manifest: unknown = JSON.parse(textOfUtf8(bytes) ?? "")
    return isManifest(manifest) ? manifest : null
  } catch {
    return null
  }
}
