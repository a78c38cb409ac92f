import { execFile } from "node:child_process"
import { existsSync, globSync, statSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const root = fileURLToPath(new URL("../../../../", import.meta.url))
const example = join(root, "examples/backstage-app")
const sources = ["examples/backstage-app/{index.html,vite.config.ts}", "{examples/backstage-app/src/app,packages/*/src}/**/*.{ts,tsx,css}"]

const isStale = (index: string): boolean => {
  if (!existsSync(index)) return true
  const builtAt = statSync(index).mtimeMs
  return globSync(sources, { cwd: root }).some((file) => statSync(join(root, file)).mtimeMs > builtAt)
}

/** Builds the browser app where it is not built yet, or was built from older source; answers the folder of its pages. */
export const buildApp = async (print: (line: string) => void): Promise<string> => {
  const folder = join(example, "dist/app")
  if (!isStale(join(folder, "index.html"))) return folder
  print("Building the portal's pages...")
  // in a process of its own: Vite sets NODE_ENV for the whole process
  const vite = join(createRequire(import.meta.url).resolve("vite/package.json"), "../bin/vite.js")
  await promisify(execFile)(process.execPath, [vite, "build", "--logLevel", "error"], { cwd: example })
  return folder
}
