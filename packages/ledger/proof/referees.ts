import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { isDeepStrictEqual } from "node:util"
import { accepts, balancesBy, balancesByUs, corruptions, referees } from "../test/referees.ts"
import { yearOfEntries } from "../test/year.ts"

/** A year of 100 000 entries before the three accounting programs, and eight corruptions of it. */
const { entries } = yearOfEntries(37_000, 20_261_122)
const folder = mkdtempSync(join(tmpdir(), "proof-referees-"))
try {
  const ours = balancesByUs(entries)
  for (const referee of referees) {
    if (!accepts(referee, referee.text(entries), folder)) throw new Error(`${referee.program} refuses the year`)
    if (!isDeepStrictEqual(balancesBy(referee, folder), ours)) throw new Error(`${referee.program} finds other balances`)
    console.log(`${referee.program} accepts ${entries.length} entries with the same balances`)
  }
  for (const [name, corrupt] of corruptions) {
    const refusing = referees.filter((referee) => !accepts(referee, corrupt(referee.text(entries)), folder)).map(({ program }) => program)
    if (refusing.length === 0) throw new Error(`${name}: nobody refuses it`)
    console.log(`${name}: refused by ${refusing.join(", ")}`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
console.log(
  `hledger, ledger and beancount accepted ${entries.length} entries with equal balances; each of ${corruptions.length} corruptions was refused by at least one.`,
)
