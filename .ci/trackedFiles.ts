import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { dirname } from "node:path"

/** The workspace's folder. */
export const workspace = dirname(import.meta.dirname)

/** Files of the project, relative to the workspace: those that git tracks and new ones that it does not ignore. */
export const trackedFiles = (): readonly string[] =>
  execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: workspace, encoding: "utf8" })
    .split("\0")
    .filter((path) => path !== "" && existsSync(`${workspace}/${path}`))
