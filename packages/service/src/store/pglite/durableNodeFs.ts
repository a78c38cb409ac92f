import { fdatasyncSync } from "node:fs"
import { NodeFS } from "@electric-sql/pglite/nodefs"

interface NodeFsModule {
  readonly stream_ops: { fsync: (stream: { readonly nfd?: number | null }) => number }
}

/**
 * PGlite's folder on Node with an fsync that reaches the disk: as shipped it starts the server with fsync off and its file
 * system ignores the call. To be used with `durableStartParameters`, or nothing asks for it. `onSync` is told of each call.
 */
class DurableNodeFs extends NodeFS {
  readonly #onSync: () => void

  constructor(folder: string, onSync: () => void) {
    super(folder)
    this.#onSync = onSync
  }

  override async init(...[pglite, options]: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const ready = await super.init(pglite, options)
    ready.emscriptenOpts.preRun = [
      ...(ready.emscriptenOpts.preRun ?? []),
      (module) => {
        const { FS, NODEFS } = module as unknown as { FS: { filesystems?: { NODEFS?: NodeFsModule } }; NODEFS?: NodeFsModule }
        const nodeFs = FS.filesystems?.NODEFS ?? NODEFS
        if (nodeFs === undefined) throw new Error("this PGlite has no NODEFS: commits could not be made durable")
        nodeFs.stream_ops.fsync = ({ nfd }) => {
          this.#onSync()
          if (typeof nfd === "number") fdatasyncSync(nfd)
          return 0
        }
      },
    ]
    return ready
  }
}

export const durableNodeFs = (folder: string, onSync: () => void): NodeFS => new DurableNodeFs(folder, onSync)

/** The given start parameters without the switch that turns fsync off. */
export const durableStartParameters = (parameters: readonly string[]): string[] => [
  ...parameters.filter((parameter) => parameter !== "-F"),
  "-c",
  "wal_sync_method=fsync",
]
