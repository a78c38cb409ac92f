/**
 * One formula over 1 000 000 usages in memory: ours over columns, exact to the minor unit, beside a hand-written loop on doubles.
 * `node --conditions=@hpc-billing/source packages/core/bench/formula.ts`
 */
import { Result } from "effect"
import { divide } from "../src/money/divide.ts"
import { compileColumns, roundColumn } from "../src/rating/formula/compileColumns.ts"
import { compileFormula, type FormulaSlot } from "../src/rating/formula/compileFormula.ts"
import { parseFormula } from "../src/rating/formula/parseFormula.ts"

const rows = 1_000_000
const source = "max(cpu_h*0.85 + gpu_h*12.5, node_h*30) * (1 - discount)"
const formula = Result.getOrThrow(parseFormula(source))
const slots = new Map<string, FormulaSlot>([
  ["cpu_h", { kind: "amount", index: 0, denominator: 3_600n }],
  ["gpu_h", { kind: "amount", index: 1, denominator: 3_600n }],
  ["node_h", { kind: "amount", index: 2, denominator: 3_600n }],
  ["discount", { kind: "amount", index: 3, denominator: 100n }],
])

let state = 88_172_645
const random = (most: number): number => {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) % most
}
const cpuSeconds = new Float64Array(rows)
const gpuSeconds = new Float64Array(rows)
const nodeSeconds = new Float64Array(rows)
const discountPercent = new Float64Array(rows)
for (let row = 0; row < rows; row += 1) {
  const seconds = random(200_000)
  cpuSeconds[row] = seconds * (1 + random(128))
  gpuSeconds[row] = random(3) === 0 ? seconds * random(8) : 0
  nodeSeconds[row] = seconds * (1 + random(2))
  discountPercent[row] = random(31)
}
const columns = [cpuSeconds, gpuSeconds, nodeSeconds, discountPercent]
const maxima = columns.map((column) => BigInt(column.reduce((most, value) => Math.max(most, value), 0)))

const byHand = new Float64Array(rows)
const loop = (): void => {
  for (let row = 0; row < rows; row += 1) {
    const cpu = (cpuSeconds[row] as number) / 3_600
    const gpu = (gpuSeconds[row] as number) / 3_600
    const node = (nodeSeconds[row] as number) / 3_600
    const discount = (discountPercent[row] as number) / 100
    byHand[row] = Math.round(Math.max(cpu * 0.85 + gpu * 12.5, node * 30) * (1 - discount) * 100)
  }
}

const compiled = compileColumns(formula, slots, maxima)
if (compiled === null) throw new Error("the formula does not fit columns")
const numerators = new Float64Array(rows)
const ours = new Float64Array(rows)
const engine = (): void => {
  compiled.numerators(columns, rows, numerators)
  roundColumn(numerators, compiled.denominator, 2, rows, ours)
}

const closures = compileFormula(formula, slots)
const exact = new Float64Array(rows)
const byBigint = (): void => {
  for (let row = 0; row < rows; row += 1) {
    const amounts = columns.map((column) => BigInt(column[row] as number))
    exact[row] = Number(divide(closures.numerator({ amounts, words: [] }) * 100n, closures.denominator, "half-up"))
  }
}

const best = (run: () => void, rounds: number): number =>
  Math.min(
    ...Array.from({ length: rounds }, () => {
      const before = performance.now()
      run()
      return performance.now() - before
    }),
  )
const wrong = (amounts: Float64Array): number => amounts.reduce((count, value, row) => count + (value === exact[row] ? 0 : 1), 0)

const bigintMilliseconds = best(byBigint, 1)
for (let round = 0; round < 3; round += 1) {
  loop()
  engine()
}
const loopMilliseconds = best(loop, 15)
const engineMilliseconds = best(engine, 15)
console.log(`${source}, ${rows} usages, best of 15`)
console.log(`hand-written loop on doubles  ${loopMilliseconds.toFixed(1)} ms  ${wrong(byHand)} wrong minor units`)
console.log(`formula over columns          ${engineMilliseconds.toFixed(1)} ms  ${wrong(ours)} wrong minor units`)
console.log(`formula as bigint closures    ${bigintMilliseconds.toFixed(1)} ms  (one run; the reference)`)
console.log(`ratio columns / loop          ${(engineMilliseconds / loopMilliseconds).toFixed(2)}`)
