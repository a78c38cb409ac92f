import { execFile, spawn } from "node:child_process"
import { existsSync, readdirSync } from "node:fs"
import { chown, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { Effect, type Scope } from "effect"

const run = promisify(execFile)
const debianFolder = "/usr/lib/postgresql"

/** The newest installed server's programs, where Debian puts them; null when there is none. */
export const postgresBinaries = (): string | null => {
  if (!existsSync(debianFolder)) return null
  const versions = readdirSync(debianFolder).filter((name) => /^\d+$/.test(name) && existsSync(join(debianFolder, name, "bin", "initdb")))
  const newest = versions.sort((left, right) => Number(right) - Number(left))[0]
  return newest === undefined ? null : join(debianFolder, newest, "bin")
}

export interface TestingPostgres {
  /** Of the superuser, on a unix socket folder and 127.0.0.1. */
  readonly url: string
  readonly urlOf: (database: string, user?: string, password?: string) => string
  readonly createDatabase: (name: string) => Promise<void>
  /** Runs SQL in the database as superuser. */
  readonly execute: (database: string, sql: string) => Promise<string>
  /** As a power cut: `pg_ctl stop -m immediate`. */
  readonly stopImmediately: () => Promise<void>
  readonly start: () => Promise<void>
}

const password = "testing only"

/**
 * A server of its own in a temporary folder, on a free port of 127.0.0.1, with password authentication and fsync on; stopped
 * and removed with the scope. Root runs it as the user `postgres`, since the server refuses to run as root.
 */
export const testingPostgres = (binaries: string): Effect.Effect<TestingPostgres, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(() => begin(binaries)),
      ({ end }) => Effect.promise(end),
    ),
    ({ server }) => server,
  )

const asRoot = process.getuid?.() === 0

const command = (program: string, parameters: readonly string[], input?: string) => {
  const [file, list] = asRoot ? ["runuser", ["-u", "postgres", "--", program, ...parameters]] : [program, [...parameters]]
  const options = { cwd: "/", env: { ...process.env, LC_ALL: "C.UTF-8", PGPASSWORD: password } }
  if (input === undefined) return run(file as string, list as string[], options)
  return new Promise<{ stdout: string }>((done, failed) => {
    const child = spawn(file as string, list as string[], { ...options, stdio: ["pipe", "pipe", "pipe"] })
    let stdout = ""
    let stderr = ""
    child.stdout.on("data", (chunk) => {
      stdout += chunk
    })
    child.stderr.on("data", (chunk) => {
      stderr += chunk
    })
    child.on("close", (code) => (code === 0 ? done({ stdout }) : failed(new Error(stderr))))
    child.stdin.end(input)
  })
}

const freePort = async (): Promise<number> => {
  const { createServer } = await import("node:net")
  return new Promise((done) => {
    const server = createServer()
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => done(typeof address === "object" && address !== null ? address.port : 0))
    })
  })
}

const begin = async (binaries: string) => {
  const folder = await mkdtemp(join(tmpdir(), "hpc-billing-pg-"))
  if (asRoot) {
    const { stdout } = await run("id", ["-u", "postgres"])
    await chown(folder, Number(stdout.trim()), -1)
  }
  const data = join(folder, "data")
  const program = (name: string) => join(binaries, name)
  const passwordFile = join(folder, "password")
  await command("sh", ["-c", 'printf %s "$PGPASSWORD" > "$0"', passwordFile])
  await command(program("initdb"), [
    "-D",
    data,
    "-U",
    "postgres",
    "-A",
    "scram-sha-256",
    "--pwfile",
    passwordFile,
    "-E",
    "UTF8",
    "--no-sync",
  ])
  const port = await freePort()
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories='${folder}' -c max_connections=60 -c shared_buffers=128MB`
  const start = async () => {
    await command(program("pg_ctl"), ["-D", data, "-w", "-t", "60", "-l", join(folder, "log"), "-o", options, "start"])
  }
  const stop = (mode: "fast" | "immediate") => command(program("pg_ctl"), ["-D", data, "-w", "-t", "60", "-m", mode, "stop"])
  await start()
  const urlOf = (database: string, user = "postgres", secret = password) =>
    `postgres://${user}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${database}`
  const execute = async (database: string, sql: string): Promise<string> => {
    const parameters = [
      "-X",
      "-q",
      "-A",
      "-t",
      "-v",
      "ON_ERROR_STOP=1",
      "-h",
      "127.0.0.1",
      "-p",
      String(port),
      "-U",
      "postgres",
      "-d",
      database,
    ]
    return (await command(program("psql"), parameters, sql)).stdout
  }
  const server: TestingPostgres = {
    url: urlOf("postgres"),
    urlOf,
    execute,
    createDatabase: async (name) => {
      await execute("postgres", `CREATE DATABASE "${name}"`)
    },
    stopImmediately: async () => {
      await stop("immediate")
    },
    start,
  }
  return {
    server,
    end: async () => {
      await stop("immediate").catch(() => {})
      await rm(folder, { recursive: true, force: true })
    },
  }
}
