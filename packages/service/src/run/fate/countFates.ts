import type { Fate, FateKind } from "./Fate.ts"

/** How many of each fate; rejected records, whose month is not known, are counted for none. */
export type FateCounts = Readonly<Record<Exclude<FateKind, "held"> | "breaches", number>>

export const countFates = (fates: readonly Fate[]): FateCounts => {
  const of = (kind: FateKind): number => fates.filter((fate) => fate.kind === kind).length
  return {
    billed: of("billed"),
    zero: of("zero"),
    unmapped: of("unmapped"),
    provisional: of("provisional"),
    unbilled: of("unbilled"),
    breaches: fates.filter(({ breach }) => breach !== null).length,
  }
}
