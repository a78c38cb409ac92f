import { createHash } from "node:crypto"
import { readFile, rm, writeFile } from "node:fs/promises"
import { createConnection, createServer, type Server, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { Effect, type Scope } from "effect"
import { StoreError } from "../StoreError.ts"

/** A unix socket's path is at most this long (108 bytes with its end). */
const socketPathBytesMaximum = 107

/** Beside the folder; when that is too long for a socket, in the system's folder for temporary files under the folder's hash. */
export const lockPathOf = (folder: string): string => {
  const beside = `${resolve(folder)}.lock`
  if (Buffer.byteLength(beside) <= socketPathBytesMaximum) return beside
  return join(tmpdir(), `hpc-billing-${createHash("sha256").update(resolve(folder)).digest("hex").slice(0, 32)}.lock`)
}

const listen = (server: Server, path: string): Promise<boolean> =>
  new Promise((done, failed) => {
    server.once("error", (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? done(false) : failed(error)))
    server.listen(path, () => done(true))
  })

/** The process id that the holder answers; null when nobody answers. */
const askHolder = (path: string): Promise<{ readonly processId: number | null } | null> =>
  new Promise((done) => {
    let text = ""
    const socket = createConnection(path)
    socket.setTimeout(2_000, () => socket.destroy())
    socket.on("data", (chunk) => {
      text += chunk.toString()
    })
    socket.on("error", (error: NodeJS.ErrnoException) => done(error.code === "EACCES" ? { processId: null } : null))
    socket.on("close", () => done({ processId: /^\d+$/.test(text) ? Number(text) : null }))
  })

/** Who asks may be gone before the answer: that is no failure of the holder. */
const answerHolder = (socket: Socket): void => {
  socket.on("error", () => socket.destroy())
  socket.end(String(process.pid))
}

/**
 * Holds the folder for this process: PGlite takes no lock, and two processes in one folder lose rows without a word. The lock
 * is a listening socket, which the kernel drops with the process, however that ends; whoever asks it is told who holds it.
 */
export const folderLock = (folder: string): Effect.Effect<void, StoreError, Scope.Scope> => {
  const path = lockPathOf(folder)
  const take = Effect.tryPromise({
    try: async () => {
      for (let attempt = 0; attempt < 5; attempt++) {
        const server = createServer(answerHolder)
        server.unref()
        if (await listen(server, path)) return server
        const holder = await askHolder(path)
        if (holder !== null) throw locked(folder, holder.processId)
        await removeStale(path)
      }
      throw locked(folder, null)
    },
    catch: (error) => (error instanceof StoreError ? error : unlockable(folder, path, error)),
  })
  return Effect.asVoid(
    Effect.acquireRelease(take, (server) => Effect.promise(() => new Promise<void>((done) => server.close(() => done())))),
  )
}

/** Two who find the same stale socket: only who makes the marker removes it, so that nobody removes the other's fresh lock. */
const removeStale = async (path: string): Promise<void> => {
  const marker = `${path}.stale`
  try {
    await writeFile(marker, String(process.pid), { flag: "wx" })
  } catch {
    const owner = Number(await readFile(marker, "utf8").catch(() => "0"))
    if (!isAlive(owner)) await rm(marker, { force: true })
    await new Promise((done) => setTimeout(done, 50))
    return
  }
  try {
    if ((await askHolder(path)) === null) await rm(path, { force: true })
  } finally {
    await rm(marker, { force: true })
  }
}

const isAlive = (processId: number): boolean => {
  try {
    return processId > 0 && process.kill(processId, 0)
  } catch {
    return false
  }
}

const locked = (folder: string, processId: number | null): StoreError =>
  new StoreError({
    reason: {
      _tag: "Locked",
      sentence: `The database folder ${folder} is in use by ${processId === null ? "another process" : `process ${processId}`}: stop it first, or set DATABASE_URL to a PostgreSQL server that many processes can share.`,
      processId,
    },
  })

const unlockable = (folder: string, path: string, error: unknown): StoreError =>
  new StoreError({
    reason: {
      _tag: "Unavailable",
      sentence: `The database folder ${folder} cannot be locked (${error instanceof Error ? error.message : error}): check that ${dirname(path)} is there and can be written.`,
      cause: error,
    },
  })
