import { canonicalJson } from "@hpc-billing/core"
import { Result, Schema } from "effect"
import { textOfUtf8 } from "../bytes.ts"
import type { Manifest } from "./Manifest.ts"

const Digits = Schema.String.check(Schema.isPattern(/^\d{1,40}$/))
const Hash = Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/))
const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

const ManifestJson = Schema.Struct({
  format: Schema.Literal("hpc-billing/export/1"),
  tenant: Schema.String,
  period: Schema.String,
  runId: Schema.String,
  createdAt: Schema.String,
  files: Schema.Array(Schema.Struct({ path: Schema.String, bytes: Count, sha256: Hash, rows: Schema.NullOr(Count) })),
  controlTotals: Schema.Array(
    Schema.Struct({
      currency: Schema.String,
      currencyExponent: Schema.Literals([0, 1, 2, 3, 4, 5, 6]),
      debitMinor: Digits,
      creditMinor: Digits,
      entries: Count,
      lines: Count,
    }),
  ),
  journalSha256: Hash,
  chain: Schema.Struct({ origin: Schema.String, size: Digits, root: Hash, link: Hash, epoch: Count }),
  publicKeyFingerprint: Hash,
})

const decode = Schema.decodeUnknownResult(ManifestJson, { onExcessProperty: "error" })

/** The manifest that the bytes hold; null when they hold none in canonical form. */
export const readManifest = (bytes: Uint8Array): Manifest | null => {
  const text = textOfUtf8(bytes) ?? ""
  try {
    const value = JSON.parse(text)
    const manifest = decode(value)
    return Result.isSuccess(manifest) && `${canonicalJson(value)}\n` === text ? manifest.success : null
  } catch {
    return null
  }
}
