import type { Window } from "../time/Window.ts"
import type { Effective, Rates } from "./prepareRates.ts"

/** The instants strictly inside the window at which some price changes, for anyone, in order. */
export const priceChangeSeconds = (rates: Rates, window: Window): readonly number[] => {
  const dated: readonly Effective[] = [...rates.cards, ...[...rates.overrides.values()].flat()]
  const instants = new Set(dated.flatMap(({ fromSeconds, untilSeconds }) => [fromSeconds, untilSeconds]))
  return [...instants].filter((instant) => window.startSeconds < instant && instant < window.endSeconds).sort((left, right) => left - right)
}
