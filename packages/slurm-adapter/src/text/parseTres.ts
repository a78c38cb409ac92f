import type { TresCounts } from "@hpc-billing/core"
import { isUnset } from "./isUnset.ts"
import { parseScaled } from "./parseScaled.ts"
import { tresCount } from "./tresCount.ts"

/** A TRES string read: counts with memory in MiB, and energy apart, as it is an amount and not a holding. What Slurm has not set is absent. */
export interface Tres {
  readonly counts: TresCounts
  readonly energyJoules: bigint | null
}

/** `billing=4,cpu=4,gres/gpu:a100=1,mem=62.50G,node=1`, converted units or not; text that says what is wrong when it cannot be read. */
export const parseTres = (text: string): Tres | string => {
  const counts: Record<string, number> = {}
  let energyJoules: bigint | null = null
  if (text === "") return { counts, energyJoules }
  const names = new Set<string>()
  for (const part of text.split(",")) {
    const equals = part.lastIndexOf("=")
    const name = part.slice(0, equals)
    if (equals <= 0 || !tresName.test(name)) return `"${part}" is not name=count`
    if (names.has(name)) return `${name} stands twice`
    names.add(name)
    const value = part.slice(equals + 1)
    if (name === "energy") {
      const joules = parseScaled(value, 1000n)
      if (joules === null) return `energy "${value}" is not a whole number of joules`
      energyJoules = joules === 0n || isUnset(joules) ? null : joules
      continue
    }
    const scaled = scaledOf(name, value)
    if (scaled === null) return `${name} "${value}" is not a whole number${name === "mem" ? " of MiB; export with --noconvert" : ""}`
    const count = tresCount(name, scaled)
    if (count === "too large") return `${name} "${value}" is larger than any machine`
    if (count !== null) counts[name] = count
  }
  return { counts, energyJoules }
}

const tresName = /^[A-Za-z][\w/:.@+-]*$/
const mebibyte = 1_048_576n
/** NO_VAL of MiB as sacct converts it: a size that is whole has no decimals there. */
const convertedUnset = "4.00P"

/** The count in Slurm's own unit, in which "not set" is written. */
const scaledOf = (name: string, value: string): bigint | null => {
  const inMebibytes = name === "mem" || name.startsWith("bb/")
  if (!inMebibytes) return name === "vmem" || name === "fs/disk" ? parseScaled(value, 1024n) : parseScaled(value, 1000n)
  if (value === convertedUnset) return 0xfffffffen
  // a bare number is MiB already
  if (/^\d+$/.test(value)) return parseScaled(value, 1024n)
  const bytes = parseScaled(value, 1024n)
  return bytes === null || bytes % mebibyte !== 0n ? null : bytes / mebibyte
}
