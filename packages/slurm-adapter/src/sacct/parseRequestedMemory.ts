import { isUnset } from "../text/isUnset.ts"
import { parseScaled } from "../text/parseScaled.ts"

/**
 * ReqMem in MiB for the whole job. Up to 20.11 a suffix says per core (`4Gc`) or per node (`4Gn`); since 21.08 it is the total.
 * Some releases print the per-core flag (2^31) inside the number: `2147486648Mn` is 3000M per core. null when it says nothing.
 */
export const parseRequestedMemory = (text: string, counts: { readonly cpu: number; readonly node: number }): number | null => {
  const match = /^([\d.]+[KMGTP]?)([cn]?)$/.exec(text)
  if (match === null) return null
  const bytes = parseScaled(match[1] as string, 1024n)
  if (bytes === null || bytes === 0n) return null
  const unitless = /\d$/.test(match[1] as string)
  const mebibytes = Number(unitless ? bytes : bytes / 1_048_576n)
  if (isUnset(mebibytes)) return null
  const suffix = match[2]
  if (suffix === "n" && mebibytes >= perCoreFlag) return (mebibytes - perCoreFlag) * counts.cpu
  return mebibytes * (suffix === "c" ? counts.cpu : suffix === "n" ? counts.node : 1)
}

const perCoreFlag = 2 ** 31
