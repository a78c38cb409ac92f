import { divideFloor, overlap, type Usage, type Window } from "@hpc-billing/core"

export interface Association {
  readonly id: number
  readonly account: string
  readonly user: string
}

export interface Reservation {
  readonly name: string
  readonly startSeconds: number
  readonly endSeconds: number
  readonly associationIds: readonly number[]
  readonly tres: Readonly<Record<string, bigint>>
}

export interface IdleShare {
  readonly reservation: string
  readonly associationId: number
  readonly tres: string
  readonly seconds: bigint
}

const hourSeconds = 3_600

/**
 * The idle time of reservations as Slurm's rollup spreads it, hour by hour: what the reservation holds less what jobs in it used, shared
 * evenly, rounded down, over the associations allowed in it. A job counts there with the reservation's own counts, not with its own.
 */
export const reservationIdle = (reservations: readonly Reservation[], usages: readonly Usage[], window: Window): readonly IdleShare[] => {
  const shares = new Map<string, IdleShare>()
  for (const reservation of reservations) {
    const held = overlap(reservation, window)
    if (held === null || reservation.associationIds.length === 0) continue
    const inside = usages.filter(({ record }) => record.reservation === reservation.name)
    for (let hour = held.startSeconds - (held.startSeconds % hourSeconds); hour < held.endSeconds; hour += hourSeconds) {
      const part = overlap(held, { startSeconds: hour, endSeconds: hour + hourSeconds })
      if (part === null) continue
      for (const tres in reservation.tres) addHour(shares, reservation, tres, part, inside)
    }
  }
  return [...shares.values()]
}

const addHour = (shares: Map<string, IdleShare>, reservation: Reservation, tres: string, part: Window, inside: readonly Usage[]): void => {
  let idleSeconds = part.endSeconds - part.startSeconds
  for (const usage of inside) {
    const used = (usage.record.allocated[tres] ?? 0) > 0 ? overlap(usage, part) : null
    if (used !== null) idleSeconds -= used.endSeconds - used.startSeconds
  }
  if (idleSeconds <= 0) return
  const each = divideFloor((reservation.tres[tres] as bigint) * BigInt(idleSeconds), BigInt(reservation.associationIds.length))
  for (const associationId of reservation.associationIds) {
    const key = `${reservation.name}/${associationId}/${tres}`
    const seconds = (shares.get(key)?.seconds ?? 0n) + each
    shares.set(key, { reservation: reservation.name, associationId, tres, seconds })
  }
}
