import { modelRun } from "../test/modelRun.ts"

/** A million operations against the reference ledger: fifty seeds of 20 000. */
const [seeds, operations, firstSeed] = [50, 20_000, 20_261_122]
let entries = 0
let fullChecks = 0
for (let index = 0; index < seeds; index += 1) {
  const report = modelRun(firstSeed + index, operations)
  entries += report.entries
  fullChecks += report.fullChecks
  console.log(JSON.stringify(report))
}
console.log(
  `${seeds * operations} random operations (seeds ${firstSeed} to ${firstSeed + seeds - 1}) gave ${entries} entries; every step and ${fullChecks} full checks agreed with the reference ledger.`,
)
