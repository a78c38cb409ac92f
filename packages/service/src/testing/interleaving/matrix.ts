import { acts, type TriedAct, type World, worlds } from "./acts.ts"

/** Two acts in a world in which both have something to do. */
export interface Meeting {
  readonly world: World
  readonly pair: readonly [TriedAct, TriedAct]
}

/** Every ordered pair in every world that both acts name, an act with itself included. */
export const meetings: readonly Meeting[] = worlds.flatMap((world) => {
  const here = acts.filter((act) => act.worlds.includes(world.name))
  return here.flatMap((one) => here.map((other) => ({ world, pair: [one, other] as const })))
})

export const meetingOf = (world: World["name"], one: string, other: string): Meeting => {
  const found = meetings.find(({ world: { name }, pair }) => name === world && pair[0].name === one && pair[1].name === other)
  if (found === undefined) throw new RangeError(`no meeting of "${one}" and "${other}" in the world "${world}"`)
  return found
}

/** A draw of whole numbers that a seed repeats. */
export const drawFrom = (seed: number) => {
  let state = seed >>> 0
  return (below: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0
    const mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39) >>> 0
    return mixed % below
  }
}
