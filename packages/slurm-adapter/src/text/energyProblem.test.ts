import { expect, it } from "vitest"
import { energyProblem } from "./energyProblem.ts"

const use = (energyJoules: bigint | null, over: { readonly [name: string]: unknown } = {}) => ({
  energyJoules,
  allocated: { cpu: 8, node: 2 },
  elapsedSeconds: 600,
  suspendedSeconds: 0,
  ...over,
})

it.each<[string, ReturnType<typeof use>, number, boolean]>([
  ["none", use(null), 1, true],
  ["all that two nodes can draw in ten minutes", use(12_000_000n), 10_000, true],
  ["a joule more", use(12_000_001n), 10_000, false],
  ["the same on a site of stronger nodes", use(12_000_001n), 12_000, true],
  ["what was drawn while the job was suspended", use(24_000_000n, { suspendedSeconds: 600 }), 10_000, true],
  ["a job of no whole second", use(9_999n, { elapsedSeconds: 0, allocated: { cpu: 1, node: 1 } }), 10_000, true],
  ["nodes that nobody counted, of which there are no more than cores", use(47_000_000n, { allocated: { cpu: 8 } }), 10_000, true],
  ["nodes counted as none", use(47_000_000n, { allocated: { cpu: 8, node: 0 } }), 10_000, true],
  ["neither cores nor nodes", use(6_000_001n, { allocated: {} }), 10_000, false],
  ["a number beyond all that is exact in floating point", use(2n ** 62n), 10_000, false],
])("%s", (_, record, watts, plausible) => {
  expect(energyProblem(record, watts) === null).toBe(plausible)
})

it("says the value, why, and what to do", () => {
  expect(energyProblem(use(2n ** 60n), 10_000)).toBe(
    "1152921504606846976 J in 600 s on 2 nodes is more than 10000 W a node: the counter of the energy plugin is wrong; export without energy, or raise maximumWattsPerNode in site.yaml if a node can draw that much",
  )
})
