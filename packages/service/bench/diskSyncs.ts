import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** What the disk of the folder for temporary files does in one second: every durable figure is judged beside it. */
export const diskSyncsASecond = (): number => {
  const folder = mkdtempSync(join(tmpdir(), "hpc-billing-probe-"))
  const file = openSync(join(folder, "probe"), "w")
  const started = performance.now()
  let syncs = 0
  for (; performance.now() - started < 1_000; syncs++) {
    writeSync(file, Buffer.alloc(512), 0, 512, syncs * 512)
    fdatasyncSync(file)
  }
  closeSync(file)
  rmSync(folder, { recursive: true })
  return syncs
}
