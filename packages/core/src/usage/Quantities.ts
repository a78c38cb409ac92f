/**
 * Integer amounts of resource over an interval, by resource name: `cpu` (core-seconds), `mem` (MiB-seconds), `node`
 * (node-seconds), `wall` (seconds), `billing` (Slurm billing-seconds), `gres/gpu:a100` (GPU-seconds of that type),
 * `gres/gpu` (GPU-seconds of GPUs whose type is not known: never those of a known type), other GRES and `license/NAME` likewise,
 * `energy` (joules). A name that is absent stands for zero. Hours are never stored.
 */
export type Quantities = Readonly<Record<string, bigint>>

export const addQuantities = (left: Quantities, right: Quantities): Quantities => {
  const sum: Record<string, bigint> = { ...left }
  for (const name in right) sum[name] = (sum[name] ?? 0n) + (right[name] as bigint)
  return sum
}
