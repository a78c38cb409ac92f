import { execFileSync, spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { cryptography, grow, seedOf } from "../../test/chains.ts"
import { yearOfEntries } from "../../test/year.ts"
import { fingerprintOf } from "../audit/fingerprintOf.ts"
import { hex } from "../bytes.ts"
import { defaultChart } from "../chart/Chart.ts"
import { ledgerFiles } from "./ledgerFiles.ts"
import { signExport } from "./Manifest.ts"

const folder = mkdtempSync(join(tmpdir(), "stock-tools-"))
afterAll(() => rmSync(folder, { recursive: true }))

const hmacKey = new Uint8Array(32).fill(3)
const { entries } = yearOfEntries(10, 1)
const signed = signExport(cryptography, {
  tenant: "mu",
  period: "2026",
  runId: "run-1",
  createdAtSeconds: 1_793_500_000,
  entries,
  files: ledgerFiles(entries, { chart: defaultChart, batchId: "run-1" }),
  head: grow([3]).head,
  signingSeed: seedOf(9),
  hmacKey,
})
for (const { path, bytes } of signed.files) {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), bytes)
}

const shell = (command: string): string =>
  execFileSync("sh", ["-c", command], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
const isInstalled = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0
const tested = (program: string, name: string, body: () => void): void => {
  test.skipIf(!isInstalled(program))(`${name}${isInstalled(program) ? "" : ` (not installed: ${program})`}`, body)
}

tested("sha256sum", "sha256sum accepts manifest-sha256.txt", () => {
  expect(shell("sha256sum -c manifest-sha256.txt").trim().split("\n")).toHaveLength(signed.manifest.files.length + 1)
})

tested("openssl", "openssl accepts the signature, finds the HMAC and the fingerprint of the key", () => {
  expect(shell("openssl pkeyutl -verify -pubin -inkey pub.pem -rawin -in manifest.json -sigfile manifest.json.sig")).toMatch(
    /Verified Successfully/,
  )
  const hmac = shell(`openssl dgst -sha256 -mac HMAC -macopt hexkey:${hex(hmacKey)} manifest.json`)
  expect(shell("cat manifest.json.hmac").trim()).toBe(hmac.trim().split(" ").at(-1))
  const fingerprint = shell("openssl pkey -pubin -in pub.pem -outform DER | sha256sum").slice(0, 64)
  expect(fingerprint).toBe(fingerprintOf(cryptography, cryptography.ed25519PublicKey(seedOf(9))))
})

tested("minisign", "minisign accepts the signature and its trusted comment", () => {
  expect(shell("minisign -V -p minisign.pub -m manifest.json")).toMatch(/verified[\s\S]*file:manifest\.json/)
})
