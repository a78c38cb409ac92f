import { randomBytes } from "node:crypto"
import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { type Identity, type Role, roles } from "@hpc-billing/service/api"
import { Schema } from "effect"
import { HostError } from "./HostError.ts"
import { hashPassword } from "./password.ts"

/** The people of a host, from a file that only its operator reads: names, roles, whose usage is theirs, hashed passwords. */
const User = Schema.Struct({
  name: Schema.String.check(Schema.isPattern(/^[a-z][a-z0-9._-]{0,62}$/)),
  displayName: Schema.String,
  roles: Schema.Array(Schema.Literals(roles)),
  users: Schema.Array(Schema.String),
  accounts: Schema.Array(Schema.String),
  tenants: Schema.NullOr(Schema.Array(Schema.String)),
  password: Schema.Struct({ cost: Schema.Int, salt: Schema.String, key: Schema.String }),
})
export type User = typeof User.Type

const UsersFile = Schema.Struct({
  format: Schema.Literal(1),
  sessionSecret: Schema.String.check(Schema.isMinLength(32)),
  users: Schema.Array(User),
})
export type Users = typeof UsersFile.Type

const decode = Schema.decodeUnknownSync(UsersFile)

/** null when there is no file yet. */
export const readUsers = async (file: string): Promise<Users | null> => {
  let text: string
  try {
    text = await readFile(file, "utf8")
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null
    throw new HostError(
      `${file}: the users cannot be read (${(cause as NodeJS.ErrnoException).code}). Make the file readable to this user.`,
    )
  }
  try {
    return decode(JSON.parse(text))
  } catch (cause) {
    const why = (cause as Error).message.split("\n")[0]
    throw new HostError(`${file}: not a file of users: ${why}. Mend it, or move it away so that a new one is made.`)
  }
}

export interface NewUser extends Identity {
  readonly password: string
}

export const writeUsers = async (file: string, people: readonly NewUser[]): Promise<Users> => {
  const users: Users = {
    format: 1,
    sessionSecret: randomBytes(32).toString("base64url"),
    users: await Promise.all(people.map(async ({ password, ...identity }) => ({ ...identity, password: await hashPassword(password) }))),
  }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.new`, `${JSON.stringify(users, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return users
}

const firstPeople: Readonly<
  Record<Role, { readonly displayName: string; readonly users: readonly string[]; readonly accounts: readonly string[] }>
> = {
  researcher: { displayName: "Alice, researcher", users: ["alice"], accounts: [] },
  "project-owner": { displayName: "Carol, project owner", users: ["carol"], accounts: ["engineering", "o`brien"] },
  finance: { displayName: "Finance office", users: [], accounts: [] },
  admin: { displayName: "Administrator", users: [], accounts: [] },
  auditor: { displayName: "Auditor", users: [], accounts: [] },
}

/** One person for each role with a password that stands nowhere but in the answer. */
export const makeFirstUsers = (): readonly NewUser[] =>
  roles.map((role) => ({ name: role, roles: [role], tenants: null, password: randomBytes(12).toString("base64url"), ...firstPeople[role] }))
