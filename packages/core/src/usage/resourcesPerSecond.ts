import type { TresCounts } from "./JobRecord.ts"

/** Jobs of one shape share one allocation where their reader shares it: it is worked out once. */
const known = new WeakMap<TresCounts, Readonly<Record<string, bigint>>>()

/**
 * What an allocation holds each second, by resource name of `Quantities`. Slurm writes typed GRES inside their untyped count
 * (`gres/gpu:a100=1,gres/gpu=3`); here every unit stands once: by its type, the rest of unknown type under the bare name.
 */
export const resourcesPerSecond = (allocated: TresCounts): Readonly<Record<string, bigint>> => {
  const shared = known.get(allocated)
  if (shared !== undefined) return shared
  const perSecond = countPerSecond(allocated)
  known.set(allocated, perSecond)
  return perSecond
}

const countPerSecond = (allocated: TresCounts): Record<string, bigint> => {
  const perSecond: Record<string, bigint> = { wall: 1n }
  for (const name in allocated) {
    const count = BigInt(allocated[name] as number)
    if (count === 0n || name === "energy") continue
    const held = name.startsWith("gres/") && !name.includes(":") ? count - typedCount(allocated, name, count) : count
    if (held !== 0n) perSecond[name] = held
  }
  return perSecond
}

const typedCount = (allocated: TresCounts, name: string, limit: bigint): bigint => {
  let typed = 0n
  for (const other in allocated) if (other.startsWith(`${name}:`)) typed += BigInt(allocated[other] as number)
  return typed > limit ? limit : typed
}
