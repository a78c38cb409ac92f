import { acts, type TriedAct, type World, worlds } from "./acts.ts"

/** Acts in a world in which each has something to do. */
export interface Meeting {
  readonly world: World
  readonly acts: readonly TriedAct[]
}

export const actsIn = (world: World): readonly TriedAct[] => acts.filter((act) => act.worlds.includes(world.name))

/** Every ordered pair in every world that both acts name, an act with itself included. */
export const meetings: readonly Meeting[] = worlds.flatMap((world) => {
  const here = actsIn(world)
  return here.flatMap((one) => here.map((other) => ({ world, acts: [one, other] })))
})

export const meetingOf = (world: World["name"], one: string, other: string): Meeting => {
  const found = meetings.find(
    ({ world: { name }, acts: [first, second] }) => name === world && first?.name === one && second?.name === other,
  )
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

/** `bill x void in "billed"`. */
export const meetingText = ({ world, acts: met }: Meeting): string => `${met.map(({ name }) => name).join(" x ")} in "${world.name}"`
