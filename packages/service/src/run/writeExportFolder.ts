import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { ExportFile } from "@hpc-billing/ledger"
import { Effect } from "effect"
import { refuse } from "./RunError.ts"

/**
 * Writes an export as one folder, all or nothing: under another name first, renamed when complete. A folder that holds the same
 * bytes already is left alone; one that holds others is refused.
 */
export const writeExportFolder = (folder: string, files: readonly ExportFile[]) =>
  Effect.tryPromise({
    try: async () => {
      if (await isFolder(folder)) {
        const other = await firstDifferent(folder, files)
        if (other === null) return { written: false }
        throw new Error(`it holds another ${other} already`)
      }
      await mkdir(dirname(folder), { recursive: true })
      const building = await mkdtemp(`${folder}.writing-`)
      try {
        for (const { path, bytes } of files) {
          const file = join(building, ...path.split("/"))
          await mkdir(dirname(file), { recursive: true })
          await writeFile(file, bytes)
        }
        await rename(building, folder)
      } catch (error) {
        await rm(building, { recursive: true, force: true })
        throw error
      }
      return { written: true }
    },
    catch: (cause) =>
      refuse(
        "folder-unwritable",
        `${folder}: the export cannot be written there (${(cause as Error).message}). Nothing was written; name another folder with --out.`,
      ),
  })

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

const firstDifferent = async (folder: string, files: readonly ExportFile[]): Promise<string | null> => {
  for (const { path, bytes } of files) {
    const found = await readFile(join(folder, ...path.split("/"))).catch(() => null)
    if (found === null || Buffer.compare(found, bytes) !== 0) return path
  }
  return null
}
