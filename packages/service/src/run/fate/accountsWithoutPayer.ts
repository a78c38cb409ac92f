import type { RatedMonth } from "../rateMonth.ts"

/** The accounts that must be mapped before everything of a month is billed; those of late usages with the closed month that they are of. */
export const accountsWithoutPayer = ({ month, unmapped }: RatedMonth): readonly string[] => [
  ...new Set(
    unmapped.map(({ cluster, account, corrects }) => {
      const late = corrects === null || corrects.month === month ? "" : ` (late usage of ${corrects.month})`
      return `account ${account} on ${cluster}${late}`
    }),
  ),
]
