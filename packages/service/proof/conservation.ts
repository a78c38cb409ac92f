/**
 * A hundred thousand random operations: late jobs and readings, voids, late mappings, removed payers, publications, closes and reopenings.
 * After every bill and close the receipts charge what is rated, and each usage has one fate. `node proof/conservation.ts [operations] [seed]`.
 */
import { conservationHistories } from "../src/testing/conservationModel.ts"

const operations = Number(process.argv[2] ?? 100_000)
const seed = Number(process.argv[3] ?? 20_261_130)
const totals = await conservationHistories({ operations, seed })
console.log(
  `${totals.operations} operations in ${totals.histories} histories (seed ${seed}), with ${totals.bills} bills, ${totals.voids} voids, ${totals.closes} closes, ${totals.reopenings} reopenings, ${totals.corrections} correction lines and ${totals.lateUnmapped} late usages without a payer: receipts charged what is rated, and each usage had one fate.`,
)
