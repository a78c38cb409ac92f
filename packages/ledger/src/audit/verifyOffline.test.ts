import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, test } from "vitest"
import { cryptography, macKey, trust } from "../../test/chains.ts"
import { hex } from "../bytes.ts"
import { readAuditLogLine } from "./auditLog.ts"
import { rootOf } from "./CompactRange.ts"
import { verifyChain } from "./verifyChain.ts"
import { readWitness } from "./Witness.ts"

const example = fileURLToPath(new URL("../../../../examples/verify-offline/", import.meta.url))
const log = readFileSync(join(example, "audit-log.jsonl"), "utf8")
const witness = readFileSync(join(example, "witness.jsonl"), "utf8")
const python = spawnSync("python3", ["-c", "pass"]).status === 0 && spawnSync("openssl", ["version"]).status === 0

describe.skipIf(!python)(`the Python verifier${python ? "" : " (not installed: python3 or openssl)"}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "verify-offline-"))
  afterAll(() => rmSync(folder, { recursive: true }))
  const judge = (text: string, withWitness = true): string => {
    writeFileSync(join(folder, "log"), text)
    writeFileSync(join(folder, "witness"), witness)
    const options = [
      "--fingerprint",
      trust.publicKeyFingerprint,
      "--mac-key",
      hex(macKey),
      ...(withWitness ? ["--witness", join(folder, "witness")] : []),
    ]
    const run = spawnSync("python3", [join(example, "verify.py"), join(folder, "log"), ...options], { encoding: "utf8" })
    return `${run.stdout}${run.stderr}`.trim()
  }
  /** The same verdict from the library. */
  const ours = (text: string, withWitness = true): string => {
    const lines = text.trimEnd().split("\n").slice(1)
    const read = lines.map((line) => readAuditLogLine(line, 1)).filter((record) => record !== null)
    const report = verifyChain(cryptography, read, { ...trust, ...(withWitness ? { witness: readWitness(witness).witness } : {}) })
    if (report.firstBad !== null) return `bad: ${report.firstBad.sequence} ${report.firstBad.fault}`
    return `ok: ${report.size} records, epoch ${report.epoch}, root ${hex(rootOf(cryptography, report.head.range))}`
  }
  const lines = log.trimEnd().split("\n")
  const edit = (at: number, from: RegExp | string, to: string): string => lines.with(at, (lines[at] as string).replace(from, to)).join("\n")
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["the honest log", log, true],
    ["an edited time", edit(2, /"at":"1/, '"at":"2'), true],
    ["another epoch", edit(9, '"epoch":1', '"epoch":0'), true],
    ["a checkpoint relabelled as event", edit(4, '"checkpoint"', '"event"'), true],
    ["a missing record", lines.toSpliced(3, 1).join("\n"), true],
    ["a repeated record", lines.toSpliced(3, 0, lines[3] as string).join("\n"), true],
    ["another tag", edit(5, /"tag":"..../, '"tag":"AAAA'), true],
    ["a cut tail, seen by the witness", lines.slice(0, -1).join("\n"), true],
    ["a cut tail, without witness", lines.slice(0, -1).join("\n"), false],
  ]
  test.each(cases)("agrees with the library on %s", (_, text, withWitness) => {
    expect(judge(text, withWitness)).toBe(ours(text, withWitness))
  })

  test("says of an empty log that it is empty", () => expect(judge("", false)).toBe("bad: the log is empty"))

  test("is as short as its page says and imports nothing else than the standard library", () => {
    const [, code = ""] = readFileSync(join(example, "verify.py"), "utf8").split(/"""[\s\S]*?"""\n/)
    const lines = code.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"))
    const command = lines.findIndex((line) => line.startsWith("if __name__"))
    const page = readFileSync(join(example, "README.md"), "utf8")
    expect(page).toContain(
      `| \`verify.py\` | ${command} lines of code verify, ${lines.length - command} more read command line and witness`,
    )
    expect(page).toContain(`--fingerprint ${trust.publicKeyFingerprint} \\\n  --mac-key ${hex(macKey)}\n`)
    expect(lines.filter((line) => /\b(import|exec|eval)\b/.test(line))).toEqual([
      "import argparse, base64, functools, hashlib, hmac, json, pathlib, struct, subprocess, sys, tempfile",
    ])
  })
})
