import type { JobRecord } from "@hpc-billing/core"

/** What a node may draw where the site says nothing else (`maximumWattsPerNode` in site.yaml). */
export const defaultMaximumWattsPerNode = 10_000

/** Why the energy of a job cannot be what its nodes drew; null when it can. Where nodes are not counted, no job has more of them than cores. */
export const energyProblem = (
  { energyJoules, allocated, elapsedSeconds, suspendedSeconds }: EnergyUse,
  maximumWattsPerNode: number,
): string | null => {
  if (energyJoules === null) return null
  const nodes = allocated.node || allocated.cpu || 1
  // a job of less than a second drew something too
  const seconds = Math.max(1, elapsedSeconds + suspendedSeconds)
  if (energyJoules <= maximumWattsPerNode * nodes * seconds) return null
  return `${energyJoules} J in ${seconds} s on ${nodes} ${nodes === 1 ? "node" : "nodes"} is more than ${maximumWattsPerNode} W a node: the counter of the energy plugin is wrong; export without energy, or raise maximumWattsPerNode in site.yaml if a node can draw that much`
}

type EnergyUse = Pick<JobRecord, "energyJoules" | "allocated" | "elapsedSeconds" | "suspendedSeconds">
