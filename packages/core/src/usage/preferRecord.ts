import type { JobRecord } from "./JobRecord.ts"

/**
 * Which of two records of one key stands: an ended one beats a running one, otherwise the one read later. What the standing
 * record does not know of names, consumption, energy or suspend windows is kept from the other, as sources differ in what they carry.
 */
export const preferRecord = (known: JobRecord, read: JobRecord): JobRecord => {
  const readWins = read.endSeconds !== null || known.endSeconds === null
  const [standing, other] = readWins ? [read, known] : [known, read]
  return complete(withNames(standing, other), other)
}

/** Text that users write, which safe exports leave out. */
const withNames = (standing: JobRecord, other: JobRecord): JobRecord => {
  const [name, wckey] = [standing.name || other.name, standing.wckey || other.wckey]
  return name === standing.name && wckey === standing.wckey ? standing : { ...standing, name, wckey }
}

const complete = (standing: JobRecord, other: JobRecord): JobRecord => {
  if (standing.endSeconds !== other.endSeconds) return standing
  const windows = standing.suspendedSeconds === other.suspendedSeconds ? other.suspendedWindows : null
  const energyJoules = standing.energyJoules ?? energyOf(other)
  const gained =
    energyJoules !== standing.energyJoules ||
    (standing.consumedCpuMilliseconds === null && other.consumedCpuMilliseconds !== null) ||
    (standing.consumedMemoryBytesMaximum === null && other.consumedMemoryBytesMaximum !== null) ||
    (standing.suspendedWindows === null && windows !== null)
  if (!gained) return standing
  return {
    ...standing,
    energyJoules,
    consumedCpuMilliseconds: standing.consumedCpuMilliseconds ?? other.consumedCpuMilliseconds,
    consumedMemoryBytesMaximum: standing.consumedMemoryBytesMaximum ?? other.consumedMemoryBytesMaximum,
    suspendedWindows: standing.suspendedWindows ?? windows,
  }
}

/** Earlier releases stored counters that had wrapped: what is unknown since then is not known from them. */
const energyOf = ({ energyJoules }: JobRecord): bigint | null =>
  energyJoules !== null && energyJoules < wrappedFromJoules ? energyJoules : null

const wrappedFromJoules = 1n << 63n
