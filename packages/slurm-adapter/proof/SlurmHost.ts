import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import { chmodSync, chownSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { hostname, tmpdir } from "node:os"
import { join } from "node:path"

/**
 * A real Slurm on this host, from Debian's packages, on loopback only and in a folder of its own: munged, mariadbd, slurmdbd, slurmctld, two slurmd and
 * slurmrestd. Everything it starts it ends by its own process, in `down`.
 */
export interface SlurmHost {
  readonly environment: Readonly<Record<string, string>>
  readonly restSocket: string
  readonly restUrl: string
  readonly tokenFile: string
  /** Runs a command of Slurm's, as root or as a user. */
  readonly run: (words: readonly string[], user?: string) => string
  readonly sql: (text: string) => string
  readonly dump: () => string
  readonly down: () => Promise<void>
}

export const packages = [
  "munge",
  "mariadb-server",
  "slurmctld",
  "slurmd",
  "slurmdbd",
  "slurmrestd",
  "slurm-client",
  "slurm-wlm-basic-plugins",
  "slurm-wlm-jwt-plugin",
] as const

/** null when a real Slurm can be brought up here; otherwise the word why not. */
export const unavailable = (): string | null => {
  if (process.getuid?.() !== 0) return "it needs root"
  const missing = packages.filter((name) => spawnSync("dpkg", ["-s", name]).status !== 0)
  if (missing.length === 0) return null
  const installed = spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    timeout: 300_000,
  })
  return installed.status === 0 ? null : `Debian's packages are not here and cannot be installed: ${missing.join(", ")}`
}

export const up = async (port: number): Promise<SlurmHost> => {
  const root = mkdtempSync(join(tmpdir(), "real-slurm-"))
  chmodSync(root, 0o755)
  const processes: ChildProcess[] = []
  const at = (...parts: readonly string[]): string => join(root, ...parts)
  for (const user of ["slurm", "slurmrest", "alice"]) ensureUser(user)
  for (const folder of ["munge", "mysql", "state", "log", "run", "rest", "out", "spool", "spool/n1", "spool/n2"]) mkdirSync(at(folder))
  own(at("munge"), "munge")
  own(at("mysql"), "mysql")
  own(at("rest"), "slurmrest")
  for (const folder of ["state", "log", "run"]) own(at(folder), "slurm")
  chmodSync(at("out"), 0o1777)
  const start = (name: string, user: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}): void => {
    const log = openSync(at("log", `${name}.out`), "w")
    const drop = user === "root" ? [] : ["setpriv", `--reuid=${user}`, `--regid=${groupOf(user)}`, "--clear-groups"]
    const [command, ...args] = [...drop, ...words] as [string, ...string[]]
    processes.push(spawn(command, args, { env: { ...process.env, ...environment }, stdio: ["ignore", log, log], detached: true }))
    closeSync(log)
  }
  const down = async (): Promise<void> => {
    for (const child of processes.toReversed()) await end(child)
    rmSync(root, { recursive: true, force: true })
  }
  try {
    writeSecret(at("munge", "key"), randomBytes(1_024), "munge", 0o400)
    const mungeSocket = at("munge", "munge.sock")
    start("munged", "munge", [
      "munged",
      "--foreground",
      `--key-file=${at("munge", "key")}`,
      `--socket=${mungeSocket}`,
      `--pid-file=${at("munge", "pid")}`,
      `--log-file=${at("munge", "log")}`,
      `--seed-file=${at("munge", "seed")}`,
    ])
    await until("munged", () => spawnSync("munge", ["-S", mungeSocket, "-n"]).status === 0)
    const sqlSocket = at("mysql", "sock")
    execFileSync(
      "mariadb-install-db",
      ["--no-defaults", "--user=mysql", `--datadir=${at("mysql")}`, "--auth-root-authentication-method=normal", "--skip-test-db"],
      { stdio: "ignore" },
    )
    // latin1, its default, would refuse account names that are not ASCII
    start("mariadbd", "mysql", [
      "mariadbd",
      "--no-defaults",
      `--datadir=${at("mysql")}`,
      `--socket=${sqlSocket}`,
      `--pid-file=${at("mysql", "pid")}`,
      "--bind-address=127.0.0.1",
      `--port=${port}`,
      "--innodb-lock-wait-timeout=900",
      "--innodb-flush-log-at-trx-commit=0",
      "--skip-log-bin",
      "--character-set-server=utf8mb4",
      "--collation-server=utf8mb4_general_ci",
    ])
    const mariadb = (text: string, database: readonly string[]): string =>
      execFileSync("mariadb", ["--no-defaults", "-N", "-uroot", "-S", sqlSocket, ...database], { input: text, encoding: "utf8" })
    await until("mariadbd", () => spawnSync("mariadb-admin", ["--no-defaults", "-uroot", "-S", sqlSocket, "ping"]).status === 0)
    const password = randomBytes(12).toString("hex")
    mariadb(
      `CREATE DATABASE slurm_acct_db; CREATE USER slurm@'127.0.0.1' IDENTIFIED BY '${password}'; GRANT ALL ON slurm_acct_db.* TO slurm@'127.0.0.1';`,
      [],
    )
    const conf = at("slurm.conf")
    writeSecret(at("jwt.key"), randomBytes(32), "slurm", 0o600)
    writeFileSync(conf, slurmConf(root, port, mungeSocket))
    writeSecret(at("slurmdbd.conf"), slurmdbdConf(root, port, mungeSocket, password), "slurm", 0o600)
    const environment = { SLURM_CONF: conf }
    const run = (words: readonly string[], user = "root"): string => {
      const drop = user === "root" ? [] : ["setpriv", `--reuid=${user}`, `--regid=${groupOf(user)}`, "--clear-groups"]
      const [command, ...args] = [...drop, ...words] as [string, ...string[]]
      return execFileSync(command, args, {
        env: { ...process.env, ...environment, TZ: "UTC", HOME: "/tmp" },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      })
    }
    const works = (words: readonly string[]): boolean => {
      const [command, ...args] = words as [string, ...string[]]
      return spawnSync(command, args, { env: { ...process.env, ...environment }, timeout: 3_000 }).status === 0
    }
    start("slurmdbd", "slurm", ["slurmdbd", "-D"], environment)
    await until("slurmdbd", () => works(["sacctmgr", "-n", "show", "cluster"]))
    run(["sacctmgr", "-i", "add", "cluster", "ci"])
    start("slurmctld", "slurm", ["slurmctld", "-D"], environment)
    await until("slurmctld", () => works(["scontrol", "ping"]))
    for (const node of ["n1", "n2"]) start(`slurmd.${node}`, "root", ["slurmd", "-D", "-N", node], environment)
    await until("slurmd", () => run(["sinfo", "-h", "-N", "-t", "idle"]).trim().split("\n").filter(Boolean).length === 2)
    // slurmrestd refuses root and Slurm's own user; with rest_auth/local beside it, a token on the socket would not count
    start("slurmrestd", "slurmrest", ["slurmrestd", "-a", "rest_auth/jwt", `unix:${at("rest", "sock")}`, `127.0.0.1:${port + 4}`], {
      ...environment,
      SLURM_JWT: "daemon",
    })
    for (const words of [
      ["add", "account", "physics", "Description=p", "Organization=o"],
      ["add", "account", "บัญชีวิจัย", "Description=t", "Organization=o"],
      ["add", "user", "alice", "DefaultAccount=physics", "Account=physics,บัญชีวิจัย"],
      ["add", "user", "slurmrest", "DefaultAccount=root", "Account=root", "AdminLevel=Operator"],
    ]) {
      run(["sacctmgr", "-i", "-Q", ...words])
    }
    const tokenFile = at("token")
    writeFileSync(tokenFile, run(["scontrol", "token", "username=slurmrest", "lifespan=3600"]), { mode: 0o600 })
    return {
      environment,
      restSocket: at("rest", "sock"),
      restUrl: `http://127.0.0.1:${port + 4}`,
      tokenFile,
      run,
      sql: (text) => mariadb(text, ["slurm_acct_db"]),
      dump: () =>
        execFileSync("mariadb-dump", ["--no-defaults", "-uroot", "-S", sqlSocket, "slurm_acct_db"], {
          encoding: "utf8",
          maxBuffer: 1 << 28,
        }),
      down,
    }
  } catch (error) {
    for (const name of ["slurmdbd", "slurmctld", "slurmrestd", "mariadbd"]) console.error(`${name}: ${lastLines(at("log", `${name}.out`))}`)
    await down()
    throw error
  }
}

const ensureUser = (user: string): void => {
  if (spawnSync("id", [user]).status === 0) return
  execFileSync(
    "useradd",
    user === "alice" ? ["-M", "-d", "/tmp", "-s", "/bin/bash", user] : ["-r", "-M", "-U", "-s", "/usr/sbin/nologin", user],
  )
}

const idOf = (option: string, user: string): number => Number(execFileSync("id", [option, user], { encoding: "utf8" }))
const groupOf = (user: string): string => String(idOf("-g", user))
const own = (path: string, user: string): void => chownSync(path, idOf("-u", user), idOf("-g", user))

const writeSecret = (path: string, content: string | Uint8Array, user: string, mode: number): void => {
  writeFileSync(path, content, { mode })
  chmodSync(path, mode)
  own(path, user)
}

const until = async (name: string, isReady: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 300; tries++) {
    if (isReady()) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`${name} did not become ready within a minute`)
}

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  child.kill("SIGTERM")
  const killer = setTimeout(() => child.kill("SIGKILL"), 10_000)
  await gone
  clearTimeout(killer)
}

const lastLines = (path: string): string => {
  try {
    return readFileSync(path, "utf8").slice(-600)
  } catch {
    return ""
  }
}

const jwt = (root: string): string => `AuthAltTypes=auth/jwt\nAuthAltParameters=jwt_key=${root}/jwt.key`

const slurmdbdConf = (root: string, port: number, mungeSocket: string, password: string): string => `AuthType=auth/munge
AuthInfo=socket=${mungeSocket}
${jwt(root)}
DbdHost=${shortHost()}
DbdAddr=127.0.0.1
DbdPort=${port + 1}
SlurmUser=slurm
PidFile=${root}/run/slurmdbd.pid
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=${port}
StorageUser=slurm
StoragePass=${password}
StorageLoc=slurm_acct_db
`

/** A munge socket that is not the default must stand in AccountingStoragePass too, or the way to slurmdbd hangs. */
const slurmConf = (root: string, port: number, mungeSocket: string): string => `ClusterName=ci
SlurmctldHost=${shortHost()}(127.0.0.1)
SlurmctldPort=${port + 2}
SlurmUser=slurm
AuthType=auth/munge
AuthInfo=socket=${mungeSocket},cred_expire=5
${jwt(root)}
CredType=cred/munge
StateSaveLocation=${root}/state
SlurmdSpoolDir=${root}/spool/%n
SlurmctldPidFile=${root}/run/slurmctld.pid
SlurmdPidFile=${root}/run/slurmd.%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SwitchType=switch/none
MpiDefault=none
SlurmdParameters=config_overrides
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort=${port + 1}
AccountingStoragePass=${mungeSocket}
AccountingStorageEnforce=associations
JobRequeue=1
KillWait=2
SchedulerParameters=batch_sched_delay=0,sched_interval=1,requeue_delay=1
ReturnToService=2
NodeName=n1 NodeAddr=127.0.0.1 Port=${port + 5} CPUs=4 RealMemory=4000
NodeName=n2 NodeAddr=127.0.0.1 Port=${port + 6} CPUs=4 RealMemory=4000
PartitionName=cpu Nodes=n1,n2 Default=YES MaxTime=60 DefMemPerCPU=100 State=UP TRESBillingWeights="CPU=1.0,Mem=0.25G"
`

const shortHost = (): string => hostname().split(".")[0] as string
