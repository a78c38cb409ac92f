import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto"

/** A password as it is kept: scrypt's cost, salt and key, so that the cost can rise for new ones. */
export interface PasswordHash {
  readonly cost: number
  readonly salt: string
  readonly key: string
}

const cost = 2 ** 15
const keyBytes = 32

const derive = (password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> =>
  new Promise((done, failed) => {
    scrypt(password.normalize("NFKC"), salt, keyBytes, options, (error, key) => (error === null ? done(key) : failed(error)))
  })

const optionsOf = (of: number): ScryptOptions => ({ N: of, r: 8, p: 1, maxmem: 256 * of * 8 })

export const hashPassword = async (password: string): Promise<PasswordHash> => {
  const salt = randomBytes(16)
  return { cost, salt: salt.toString("base64url"), key: (await derive(password, salt, optionsOf(cost))).toString("base64url") }
}

export const isPassword = async (password: string, hash: PasswordHash): Promise<boolean> => {
  const key = await derive(password, Buffer.from(hash.salt, "base64url"), optionsOf(hash.cost))
  return timingSafeEqual(key, Buffer.from(hash.key, "base64url"))
}

/** Compared with where no user has the name, so that the time of the answer does not tell. */
export const nobodysPassword: PasswordHash = {
  cost,
  salt: randomBytes(16).toString("base64url"),
  key: randomBytes(keyBytes).toString("base64url"),
}
