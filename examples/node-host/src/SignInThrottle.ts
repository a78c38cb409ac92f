import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible"

/** How often signing in may fail: for a name at an address, for an address, and for a name from anywhere. */
export interface SignInThrottle {
  /** Seconds until the name may try again from the address; 0: now. */
  readonly waitSeconds: (name: string, address: string) => Promise<number>
  /** Counts a failure; true when it was the one that locks. */
  readonly failed: (name: string, address: string) => Promise<boolean>
  readonly succeeded: (name: string, address: string) => Promise<void>
}

const windowSeconds = 15 * 60
const limits = { pair: 5, name: 20, address: 50 } as const

export const makeSignInThrottle = (): SignInThrottle => {
  const limiter = (points: number) => new RateLimiterMemory({ points, duration: windowSeconds })
  const [pair, name, address] = [limiter(limits.pair), limiter(limits.name), limiter(limits.address)]
  const all = (user: string, from: string) =>
    [
      { by: pair, points: limits.pair, key: `${user} ${from}` },
      { by: name, points: limits.name, key: user },
      { by: address, points: limits.address, key: from },
    ] as const
  const isSpent = (state: RateLimiterRes | null, points: number): boolean => state !== null && state.consumedPoints >= points
  return {
    waitSeconds: async (user, from) => {
      let wait = 0
      for (const { by, key, points } of all(user, from)) {
        const state = await by.get(key)
        if (isSpent(state, points)) wait = Math.max(wait, Math.ceil((state?.msBeforeNext ?? 0) / 1_000))
      }
      return wait
    },
    failed: async (user, from) => {
      let locks = false
      for (const { by, key, points } of all(user, from)) {
        const state = await by.consume(key).catch((spent: RateLimiterRes) => spent)
        locks ||= state.consumedPoints === points
      }
      return locks
    },
    succeeded: async (user, from) => {
      await pair.delete(`${user} ${from}`)
    },
  }
}
