import { isUnset } from "./isUnset.ts"

/** A count of a TRES in Slurm's own unit: null where Slurm says that it is not set, "too large" for more than any machine holds. */
export const tresCount = (name: string, count: bigint): number | null | "too large" => {
  if (isUnset(count)) return null
  // cores and nodes have 32 bits in Slurm: the upper half of them are negative numbers that wrapped
  const maximum = name === "cpu" || name === "node" ? 0x7fffffffn : 1n << 50n
  return count > maximum ? "too large" : Number(count)
}
