import { Effect } from "effect"
import { closedBreaches } from "./fatesOfMonth.ts"
import { sayFate } from "./sayFate.ts"

const namedMaximum = 10

/** Tells of each closed month what no bill will correct any more, the first few by name. */
export const checkConservation = Effect.fnUntraced(function* (tenant: string, find: (row: string, finding: string) => void) {
  for (const { month, fates } of yield* closedBreaches(tenant)) {
    for (const fate of fates.slice(0, namedMaximum)) find(`usage ${fate.id}`, sayFate(month, fate).text)
    if (fates.length > namedMaximum)
      find(`usages of ${month}`, `${fates.length - namedMaximum} more: "hpc-billing fate --month ${month} --breaches" lists all of them`)
  }
})
