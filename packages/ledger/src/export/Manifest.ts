import { type CanonicalValue, canonicalJson } from "@hpc-billing/core"
import type { ChainHead } from "../audit/ChainHead.ts"
import { rootOf } from "../audit/CompactRange.ts"
import { fingerprintOf, pemOf } from "../audit/fingerprintOf.ts"
import { base64, concatenate, hex, utf8 } from "../bytes.ts"
import type { Cryptography } from "../Cryptography.ts"
import type { Entry } from "../Entry.ts"
import { journalDigest } from "../journal/canonicalJournal.ts"
import { journalLines } from "../journal/journalLines.ts"

/**
 * What an export states of itself: its files with their digests, its control totals, and the place in the audit chain at which
 * it was taken. Signed as a whole; `manifest.json` is its canonical text and a line end.
 */
export interface Manifest {
  readonly format: "hpc-billing/export/1"
  readonly tenant: string
  /** The month, or the year, that it covers. */
  readonly period: string
  readonly runId: string
  /** `2026-11-01T00:00:00Z`. */
  readonly createdAt: string
  readonly files: readonly ManifestFile[]
  readonly controlTotals: readonly ControlTotal[]
  /** SHA-256 (hex) of the canonical journal. */
  readonly journalSha256: string
  readonly chain: { readonly origin: string; readonly size: string; readonly root: string; readonly link: string; readonly epoch: number }
  /** Fingerprint of the key that signs this. */
  readonly publicKeyFingerprint: string
}

export interface ManifestFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  /** Lines after the header of a CSV, lines of a line-by-line JSON file; null of others. */
  readonly rows: number | null
}

/** Amounts in minor units as text. */
export interface ControlTotal {
  readonly currency: string
  readonly currencyExponent: number
  readonly debitMinor: string
  readonly creditMinor: string
  readonly entries: number
  readonly lines: number
}

export interface ExportFile {
  /** Relative, with `/`: no drive, no `..`. */
  readonly path: string
  readonly bytes: Uint8Array
}

/** Names that the manifest and its signatures take. */
export const manifestPaths = {
  manifest: "manifest.json",
  digests: "manifest-sha256.txt",
  hmac: "manifest.json.hmac",
  signature: "manifest.json.sig",
  publicKey: "pub.pem",
  minisignSignature: "manifest.json.minisig",
  minisignKey: "minisign.pub",
} as const

const exportPath = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\p{L}\p{M}\p{N}._-]+(?:\/[\p{L}\p{M}\p{N}._-]+)*$/u

const lineEnd = 0x0a

const countLines = (bytes: Uint8Array): number => {
  let lines = 0
  for (let at = bytes.indexOf(lineEnd); at >= 0; at = bytes.indexOf(lineEnd, at + 1)) lines += 1
  return lines
}

export const rowsOf = (file: ExportFile): number | null => {
  if (file.path.endsWith(".csv")) return Math.max(0, countLines(file.bytes) - 1)
  return file.path.endsWith(".jsonl") ? countLines(file.bytes) : null
}

export const controlTotals = (entries: Iterable<Entry>): readonly ControlTotal[] => {
  const totals = new Map<string, { exponent: number; debitMinor: bigint; creditMinor: bigint; entries: number; lines: number }>()
  for (const entry of entries) {
    const total = totals.get(entry.currency) ?? { exponent: entry.currencyExponent, debitMinor: 0n, creditMinor: 0n, entries: 0, lines: 0 }
    totals.set(entry.currency, total)
    total.entries += 1
    for (const line of journalLines(entry)) {
      total.debitMinor += line.debitMinor
      total.creditMinor += line.creditMinor
      total.lines += 1
    }
  }
  return [...totals]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([currency, total]) => ({
      currency,
      currencyExponent: total.exponent,
      debitMinor: total.debitMinor.toString(),
      creditMinor: total.creditMinor.toString(),
      entries: total.entries,
      lines: total.lines,
    }))
}

const byPath = (left: { readonly path: string }, right: { readonly path: string }): number => (left.path < right.path ? -1 : 1)

export const minisignKeyId = (cryptography: Cryptography, publicKey: Uint8Array): Uint8Array =>
  cryptography.sha256(publicKey).subarray(0, 8)

export const minisignKeyText = (cryptography: Cryptography, publicKey: Uint8Array): string =>
  `untrusted comment: hpc-billing\n${base64(concatenate(utf8("Ed"), minisignKeyId(cryptography, publicKey), publicKey))}\n`

export const minisignComment = "untrusted comment: signature of hpc-billing"

const minisignFiles = (
  cryptography: Cryptography,
  manifest: Uint8Array,
  signingSeed: Uint8Array,
  createdAtSeconds: number,
): readonly ExportFile[] => {
  const publicKey = cryptography.ed25519PublicKey(signingSeed)
  const keyId = minisignKeyId(cryptography, publicKey)
  const signature = cryptography.ed25519Sign(signingSeed, cryptography.blake2b512(manifest))
  const trusted = `timestamp:${createdAtSeconds}\tfile:${manifestPaths.manifest}\thashed`
  const global = cryptography.ed25519Sign(signingSeed, concatenate(signature, utf8(trusted)))
  const signed = concatenate(utf8("ED"), keyId, signature)
  return [
    {
      path: manifestPaths.minisignSignature,
      bytes: utf8(`${minisignComment}\n${base64(signed)}\ntrusted comment: ${trusted}\n${base64(global)}\n`),
    },
    { path: manifestPaths.minisignKey, bytes: utf8(minisignKeyText(cryptography, publicKey)) },
  ]
}

/** Lines for `sha256sum -c`, `manifest.json` among them. */
export const digestListOf = (manifest: Pick<Manifest, "files">, manifestSha256: string): string =>
  [...manifest.files, { path: manifestPaths.manifest, sha256: manifestSha256 }]
    .toSorted(byPath)
    .map(({ path, sha256 }) => `${sha256}  ${path}\n`)
    .join("")

/** The files themselves, then the manifest with its digests and signatures: all that is written to the export folder. */
export const signExport = (
  cryptography: Cryptography,
  run: {
    readonly tenant: string
    readonly period: string
    readonly runId: string
    readonly createdAtSeconds: number
    readonly files: readonly ExportFile[]
    readonly entries: readonly Entry[]
    readonly head: ChainHead
    readonly signingSeed: Uint8Array
    readonly hmacKey: Uint8Array
  },
): { readonly manifest: Manifest; readonly files: readonly ExportFile[] } => {
  const reserved: ReadonlySet<string> = new Set(Object.values(manifestPaths))
  const seen = new Set<string>()
  for (const { path } of run.files) {
    if (!exportPath.test(path) || reserved.has(path) || seen.has(path)) throw new Error(`"${path}" cannot be the path of an exported file`)
    seen.add(path)
  }
  const publicKey = cryptography.ed25519PublicKey(run.signingSeed)
  const files = run.files.toSorted(byPath)
  const manifest: Manifest = {
    format: "hpc-billing/export/1",
    tenant: run.tenant,
    period: run.period,
    runId: run.runId,
    createdAt: new Date(run.createdAtSeconds * 1000).toISOString().replace(".000Z", "Z"),
    files: files.map((file) => ({
      path: file.path,
      bytes: file.bytes.length,
      sha256: hex(cryptography.sha256(file.bytes)),
      rows: rowsOf(file),
    })),
    controlTotals: controlTotals(run.entries),
    journalSha256: journalDigest(cryptography, run.entries),
    chain: {
      origin: run.head.origin,
      size: run.head.sequence.toString(),
      root: hex(rootOf(cryptography, run.head.range)),
      link: hex(run.head.link),
      epoch: run.head.epoch,
    },
    publicKeyFingerprint: fingerprintOf(cryptography, publicKey),
  }
  const bytes = utf8(`${canonicalJson(manifest as unknown as CanonicalValue)}\n`)
  return {
    manifest,
    files: [
      ...files,
      { path: manifestPaths.manifest, bytes },
      { path: manifestPaths.digests, bytes: utf8(digestListOf(manifest, hex(cryptography.sha256(bytes)))) },
      { path: manifestPaths.hmac, bytes: utf8(`${hex(cryptography.hmacSha256(run.hmacKey, bytes))}\n`) },
      { path: manifestPaths.signature, bytes: cryptography.ed25519Sign(run.signingSeed, bytes) },
      { path: manifestPaths.publicKey, bytes: utf8(pemOf(publicKey)) },
      ...minisignFiles(cryptography, bytes, run.signingSeed, run.createdAtSeconds),
    ],
  }
}
