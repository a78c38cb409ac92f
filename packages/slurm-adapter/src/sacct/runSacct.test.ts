import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect, Stream } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { SlurmReadError } from "../SlurmReadError.ts"
import { runSacct } from "./runSacct.ts"

const sacct = (path: string): string => fileURLToPath(new URL(`../../fixtures/22.05-debian/settled/sacct/${path}`, import.meta.url))

// a script in the place of a wrapper such as sudo: it answers with what Slurm's sacct printed
describe("sacct behind a wrapper", () => {
  let folder = ""
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sacct-"))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const wrapper = (name: string, records: string) => {
    const script = join(folder, name)
    writeFileSync(
      script,
      `#!/bin/sh\nprintf '%s\\n' "$*" >>'${script}.log'\nfor word; do case "$word" in --delimiter=*) delimiter="\${word#--delimiter=}" ;; esac; done\ncase "$*" in *--helpformat*) cat '${sacct("fields.txt")}' | tr ',' ' ' ;; *) ${records} ;; esac\n`,
    )
    chmodSync(script, 0o755)
    return { command: [script], quoteForShell: false }
  }
  const query = { window: { startSeconds: 1_790_812_800, endSeconds: 1_793_491_200 } }
  const run = (made: { readonly command: readonly string[]; readonly quoteForShell: boolean }, delimiter = "~divider~1") =>
    Stream.runCollect(runSacct({ query, delimiter, wrapper: made, timeoutSeconds: 20 }))

  it("reads what it prints", async () => {
    const batches = await Effect.runPromise(
      run(wrapper("good", `sed "s/$(printf '\\037')/$delimiter/g" '${sacct("all.epoch.noconvert.us.txt")}'`)),
    )
    expect(batches.flat().length).toBe(102)
  })

  it("takes silence for a failure, not for an empty day", async () => {
    const error: SlurmReadError = await Effect.runPromise(Effect.flip(run(wrapper("silent", "true"))))
    expect(error.reason).toEqual({ _tag: "Empty" })
  })

  it("fails when it fails", async () => {
    const error: SlurmReadError = await Effect.runPromise(Effect.flip(run(wrapper("failing", "echo 'sacct: error: no' >&2; exit 1"))))
    expect(error.message).toMatch(/sacct: the command failed \(exit 1\): sacct: error: no; nothing of this answer counts$/)
  })
})
