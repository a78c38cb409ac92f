import type { TresCounts } from "@hpc-billing/core"
import { parseScaled } from "./parseScaled.ts"

/** A TRES string read: counts with memory in MiB, and energy apart, as it is an amount and not a holding. */
export interface Tres {
  readonly counts: TresCounts
  readonly energyJoules: bigint | null
}

/** `billing=4,cpu=4,gres/gpu:a100=1,mem=62.50G,node=1`, converted units or not; text that says what is wrong when it cannot be read. */
export const parseTres = (text: string): Tres | string => {
  const counts: Record<string, number> = {}
  let energyJoules: bigint | null = null
  if (text === "") return { counts, energyJoules }
  for (const part of text.split(",")) {
    const equals = part.lastIndexOf("=")
    const name = part.slice(0, equals)
    if (equals <= 0 || !tresName.test(name)) return `"${part}" is not name=count`
    if (Object.hasOwn(counts, name)) return `${name} stands twice`
    const value = part.slice(equals + 1)
    if (name === "energy") {
      const joules = parseScaled(value, 1000n)
      if (joules === null) return `energy "${value}" is not a whole number of joules`
      energyJoules = joules === 0n || isUnset(joules) ? null : joules
      continue
    }
    const count = countOf(name, value)
    if (count === null) return `${name} "${value}" is not a whole number${name === "mem" ? " of MiB; export with --noconvert" : ""}`
    if (count > maximumCount) return `${name} "${value}" is larger than any machine`
    counts[name] = Number(count)
  }
  return { counts, energyJoules }
}

const tresName = /^[A-Za-z][\w/:.@+-]*$/
const maximumCount = 1n << 50n
const mebibyte = 1_048_576n

const countOf = (name: string, value: string): bigint | null => {
  const inMebibytes = name === "mem" || name.startsWith("bb/")
  if (!inMebibytes) return name === "vmem" || name === "fs/disk" ? parseScaled(value, 1024n) : parseScaled(value, 1000n)
  // a bare number is MiB already
  if (/^\d+$/.test(value)) return parseScaled(value, 1024n)
  const bytes = parseScaled(value, 1024n)
  return bytes === null || bytes % mebibyte !== 0n ? null : bytes / mebibyte
}

/** Slurm's NO_VAL, INFINITE and their 64-bit kin stand for "not set". */
export const isUnset = (value: bigint): boolean =>
  (value >= 0xfffffffdn && value <= 0xffffffffn) || (value >= 0xfffffffffffffffdn && value <= 0xffffffffffffffffn)
