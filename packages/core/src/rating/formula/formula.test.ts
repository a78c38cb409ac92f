import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { divide } from "../../money/divide.ts"
import { checkFormula, type FormulaFacts } from "./checkFormula.ts"
import { compileColumns, roundColumn } from "./compileColumns.ts"
import { compileFormula, type FormulaSlot } from "./compileFormula.ts"
import { completeFormula } from "./completeFormula.ts"
import { dimensionOfUnit } from "./Dimension.ts"
import type { Formula, FormulaError, FormulaErrorReason } from "./Formula.ts"
import { cardNames } from "./FormulaNames.ts"
import { interpretFormula, type TraceStep } from "./interpretFormula.ts"
import { parseFormula } from "./parseFormula.ts"
import { formulaJson, printFormula } from "./printFormula.ts"
import { type Ratio, ratio } from "./Ratio.ts"

const names = cardNames({ gpuTypes: ["a100"], licenses: ["matlab", "ansys-hpc"], constants: { discount: "0.1", cpu_price: "0.85" } })

const checked = (source: string, unit: string): Result.Result<FormulaFacts, FormulaError> =>
  Result.flatMap(parseFormula(source), (formula) => checkFormula(formula, names, dimensionOfUnit(unit)))

const refusal = (source: string, unit = "THB"): FormulaError => {
  const result = checked(source, unit)
  if (Result.isSuccess(result)) throw new Error(`${source} passed`)
  return result.failure
}

const parsed = (source: string): Formula => Result.getOrThrow(parseFormula(source))

const cpusOnly = new Map<string, FormulaSlot>([["cpus", { kind: "amount", index: 0, denominator: 1n }]])

describe("refusals", () => {
  it.each<readonly [source: string, reason: FormulaErrorReason, message: RegExp]>([
    ["cpu_hours + gpu_hours", "unit", /^cannot add core·h and GPU·h \(column 11\)\.$/],
    ["mem_gib + mem_gb", "unit", /cannot add GiB and GB/],
    ["max(hours, minutes) * 2", "unit", /take the max of h and min/],
    ["cpu_hours", "unit", /gives core·h where THB is needed/],
    ["cpu_hour * 2", "unknown-name", /did you mean "cpu_hours"\? ?|did you mean "cpu_hours"/],
    ["gpu_h100_hours * 2", "unknown-name", /did you mean "gpu_a100_hours"/],
    ["license_matlab_hours + gpu_hours", "unit", /cannot add license·h and GPU·h/],
    ["licenses_matlb * hours * 2", "unknown-name", /did you mean "licenses_matlab"/],
    ["constructor * 1", "unknown-name", /there is no "constructor"/],
    ["__proto__ * 1", "unknown-name", /there is no "__proto__"/],
    ["toString(1)", "unknown-function", /no function "toString"/],
    ["constructor(1)", "unknown-function", /no function "constructor"/],
    ["maxx(1, 2)", "unknown-function", /did you mean "max"/],
    ["max(1)", "arguments", /max takes 2 to 20 values, not 1/],
    ["round(hours, hours)", "arguments", /decimals as a plain number from 0 to 12/],
    ["round(hours, 13)", "arguments", /0 to 12/],
    ["cpus / gpus", "division", /divides only by a number/],
    ["cpus / (1 - 1)", "division", /divides by zero/],
    ["divide(cpus, gpus, 2)", "division", /may be zero or less/],
    ["cpus ^ 2", "syntax", /there is no power/],
    ["1e9", "syntax", /runs into "e"/],
    ["2cpus", "syntax", /\* to multiply/],
    ["cpus cpus", "syntax", /operator is missing/],
    [".5 * cpus", "syntax", /write 0 before the point/],
    ["cpus = 1", "syntax", /compare with ==/],
    ["(cpus", "syntax", /"\)" is expected here, not the end/],
    ["", "syntax", /is expected here, not the end/],
    ['"high', "syntax", /no closing/],
    ["1 < 2 < 3", "syntax", /one comparison at a time/],
    ["qos * 2", "type", /a word stands where a number is needed/],
    ["cpus > 2", "type", /gives no number/],
    ["if(cpus, 1, 2)", "type", /if needs a comparison first/],
    ['if(qos < "high", 1, 2)', "type", /== and != only/],
    ["if(qos == 2, 1, 2)", "type", /two numbers or two words/],
    [Array.from({ length: 14 }, () => "9".repeat(30)).join("+"), "too-many-digits", /more than 400 digits together/],
    ["9".repeat(31), "too-many-digits", /more than 30 digits/],
    [`${"(".repeat(41)}1${")".repeat(41)}`, "too-deep", /deeper than 40/],
    [`${"-".repeat(4_000)}1`, "too-long", /4001 characters/],
    [`${"-".repeat(100)}1`, "too-deep", /deeper than 40/],
    [Array.from({ length: 300 }, () => "1").join("+"), "too-large", /more than 500 parts/],
  ])("%s", (source, reason, message) => {
    const error = refusal(source)
    expect(error.reason).toBe(reason)
    expect(error.message).toMatch(message)
    expect(error.at).toBeGreaterThan(0)
  })

  it("takes under 10 ms for the most hostile of them, refused or computed", () => {
    const hostile = [
      `${"(".repeat(2_000)}1${")".repeat(2_000)}`,
      Array.from({ length: 250 }, () => "9".repeat(14)).join("*"),
      Array.from({ length: 100 }, () => "9".repeat(30)).join("*"),
      Array.from({ length: 13 }, () => "9".repeat(30)).join("*"),
      `cpus${" * 0.1".repeat(133)}`,
      `cpus${" / 7".repeat(249)}`,
      `cpus${" * cpus".repeat(249)}`,
      `${"cpus + ".repeat(200)}cpus`,
      "max(".repeat(1_000),
      "x".repeat(4_000),
      `"${"x".repeat(3_998)}"`,
      `${"round(".repeat(39)}0.123456789 / 7${",12)".repeat(39)}`,
      `${"max(cpus,".repeat(39)}1${")".repeat(39)}`,
    ]
    const milliseconds = (source: string): number => {
      const before = performance.now()
      const formula = parseFormula(source)
      if (Result.isSuccess(formula)) {
        const known = checkFormula(formula.success, names, dimensionOfUnit("THB"))
        if (Result.isFailure(known) && known.failure.reason !== "unit") return performance.now() - before
        compileFormula(formula.success, cpusOnly).numerator({ amounts: [4_096n], words: [] })
        interpretFormula(formula.success, new Map([["cpus", ratio(4_096n)]]))
      }
      return performance.now() - before
    }
    for (const source of hostile) {
      expect(Math.min(...Array.from({ length: 5 }, () => milliseconds(source))), source.slice(0, 40)).toBeLessThan(10)
    }
  })

  it("always answers with a value, whatever the text", () => {
    const tokens = fc.constantFrom(
      "cpus",
      "hours",
      "1",
      "2.5",
      "(",
      ")",
      "+",
      "-",
      "*",
      "/",
      "max",
      "if",
      ",",
      "==",
      '"high"',
      "qos",
      " ",
      "'",
      "^",
      "ก",
      "\u0000",
      "if(",
      "round(",
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 60 }),
          fc.array(tokens, { maxLength: 40 }).map((parts) => parts.join("")),
        ),
        (source) => {
          const result = checked(source, "THB")
          expect(Result.isSuccess(result) || result.failure.message.length > 10).toBe(true)
        },
      ),
      { numRuns: 3_000 },
    )
  })
})

describe("facts", () => {
  it.each<readonly [source: string, unit: string, additive: FormulaFacts["additive"], monotone: boolean]>([
    ["cpu_hours * 0.85 + gpu_hours * 12.5", "THB", "always", true],
    ["max(cpu_hours * 0.85 + gpu_hours * 12.5, node_hours * 30) * (1 - discount)", "THB", "unless-suspended", true],
    ["max(cores, ceil(mem_gb / 2)) * hours", "core-h", "always", true],
    ["cores * hours", "core-h", "always", true],
    ["cpus * 1.2", "credits", "never", true],
    ["ceil(cpu_hours) * 1.5", "THB", "never", true],
    ["cpu_hours * 2 + 1", "THB", "never", true],
    ["cpu_hours * cpu_price - gpu_hours * 3", "THB", "always", false],
    ["(mem_gb - cores * 2) * 0.375", "credits", "never", false],
    ['cpu_hours * if(qos == "high", 2, 1)', "THB", "always", true],
    ["if(hours > 24, cpu_hours * 1, cpu_hours * 2)", "THB", "never", false],
    ["if(gpu_hours > 0, cpu_hours * 1, cpu_hours * 2)", "THB", "unless-suspended", false],
    ["min(cpu_hours * 1, 500)", "THB", "never", true],
    ["max(cpu_hours * 1, 0)", "THB", "unless-suspended", true],
    ["divide(cpu_hours, max(nodes, 1), 4) * 3", "THB", "never", false],
    ["cpu_hours / -2", "THB", "always", false],
  ])("%s", (source, unit, additive, monotone) => {
    expect(Result.getOrThrow(checked(source, unit))).toMatchObject({ additive, monotone })
  })
})

describe("evaluation", () => {
  const slots = new Map<string, FormulaSlot>([
    ["cpus", { kind: "amount", index: 0, denominator: 1n }],
    ["mem_gib", { kind: "amount", index: 1, denominator: 1_024n }],
    ["hours", { kind: "amount", index: 2, denominator: 3_600n }],
    ["cpu_hours", { kind: "amount", index: 3, denominator: 3_600n }],
    ["discount", { kind: "constant", value: "0.1" }],
    ["qos", { kind: "word", index: 0 }],
  ])
  const valuesOf = (amounts: readonly bigint[], word: string) =>
    new Map<string, Ratio | string>([
      ["cpus", ratio(amounts[0] ?? 0n)],
      ["mem_gib", ratio(amounts[1] ?? 0n, 1_024n)],
      ["hours", ratio(amounts[2] ?? 0n, 3_600n)],
      ["cpu_hours", ratio(amounts[3] ?? 0n, 3_600n)],
      ["discount", ratio(1n, 10n)],
      ["qos", word],
    ])

  it("gives the trace of each step", () => {
    const steps: TraceStep[] = []
    interpretFormula(parsed("max(cpus, mem_gib / 4) * hours"), valuesOf([4n, 65_536n, 5_400n, 0n], "normal"), (step) => steps.push(step))
    expect(steps.map(({ expression, value }) => `${expression} = ${value}`)).toEqual([
      "cpus = 4",
      "mem_gib = 64",
      "mem_gib / 4 = 16",
      "max(cpus, mem_gib / 4) = 16",
      "hours = 1.5",
      "max(cpus, mem_gib / 4) * hours = 24",
    ])
  })

  it("round, ceil, floor and divide go by the mathematics on both sides of zero", () => {
    const value = (source: string): string => {
      const { numerator, denominator } = interpretFormula(parsed(source), new Map())
      const compiled = compileFormula(parsed(source), new Map())
      expect(compiled.numerator({ amounts: [], words: [] }) * denominator).toBe(numerator * compiled.denominator)
      return `${(numerator * 10_000n) / denominator}`
    }
    expect(
      [
        "round(0.5, 0)",
        "round(-0.5, 0)",
        "round(1.005, 2)",
        "ceil(-1.5)",
        "floor(-1.5)",
        "ceil(1.2)",
        "divide(1, 3, 4)",
        "divide(-1, 8, 2)",
      ].map(value),
    ).toEqual(["10000", "-10000", "10100", "-10000", "-20000", "20000", "3333", "-1300"])
  })

  const numberNames = ["cpus", "mem_gib", "hours", "cpu_hours", "discount"]
  const leaf: fc.Arbitrary<Formula> = fc.oneof(
    fc.constantFrom(...numberNames).map((name): Formula => ({ kind: "name", name, at: 1 })),
    fc
      .record({ units: fc.nat(100_000), scale: fc.nat(4) })
      .map(({ units, scale }): Formula => ({ kind: "number", value: { units: BigInt(units), scale }, at: 1 })),
  )
  const number = (units: number): Formula => ({ kind: "number", value: { units: BigInt(units), scale: 0 }, at: 1 })
  const { formula: formulas } = fc.letrec<{ formula: Formula; condition: Formula }>((tie) => ({
    condition: fc.oneof(
      fc
        .record({ operator: fc.constantFrom("<", "<=", ">", ">=", "==", "!="), left: tie("formula"), right: tie("formula") })
        .map(({ operator, left, right }): Formula => ({ kind: "compare", operator: operator as "<", left, right, at: 1 })),
      fc.constantFrom("==", "!=").map(
        (operator): Formula => ({
          kind: "compare",
          operator: operator as "==",
          left: { kind: "name", name: "qos", at: 1 },
          right: { kind: "text", value: "high", at: 1 },
          at: 1,
        }),
      ),
    ),
    formula: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc
        .record({ operator: fc.constantFrom("+", "-", "*"), left: tie("formula"), right: tie("formula") })
        .map(({ operator, left, right }): Formula => ({ kind: "binary", operator: operator as "+", left, right, at: 1 })),
      fc
        .record({ left: tie("formula"), by: fc.integer({ min: 1, max: 999 }) })
        .map(({ left, by }): Formula => ({ kind: "binary", operator: "/", left, right: number(by), at: 1 })),
      tie("formula").map((of): Formula => ({ kind: "negate", of, at: 1 })),
      fc
        .record({ name: fc.constantFrom("min", "max"), of: fc.array(tie("formula"), { minLength: 2, maxLength: 4 }) })
        .map(({ name, of }): Formula => ({ kind: "call", name: name as "min", of, at: 1 })),
      fc
        .record({ name: fc.constantFrom("ceil", "floor"), of: tie("formula") })
        .map(({ name, of }): Formula => ({ kind: "call", name: name as "ceil", of: [of], at: 1 })),
      fc
        .record({ of: tie("formula"), decimals: fc.nat(12) })
        .map(({ of, decimals }): Formula => ({ kind: "call", name: "round", of: [of, number(decimals)], at: 1 })),
      fc.record({ left: tie("formula"), right: tie("formula"), decimals: fc.nat(12) }).map(
        ({ left, right, decimals }): Formula => ({
          kind: "call",
          name: "divide",
          of: [left, { kind: "call", name: "max", of: [right, number(1)], at: 1 }, number(decimals)],
          at: 1,
        }),
      ),
      fc
        .record({ condition: tie("condition"), left: tie("formula"), right: tie("formula") })
        .map(({ condition, left, right }): Formula => ({ kind: "call", name: "if", of: [condition, left, right], at: 1 })),
    ) as fc.Arbitrary<Formula>,
  }))

  it("printing and parsing gives the same tree", () => {
    fc.assert(
      fc.property(formulas, (formula) => {
        const printed = Result.getOrThrow(parseFormula(printFormula(formula)))
        expect(formulaJson(printed)).toEqual(formulaJson(formula))
        expect(printFormula(printed)).toBe(printFormula(formula))
      }),
      { numRuns: 2_000 },
    )
  })

  it("compiled = interpreted on 1 000 000 pairs of formula and input", () => {
    const inputs = fc.array(
      fc.tuple(fc.nat(4_096), fc.nat(4_000_000), fc.nat(5_000_000), fc.nat(2_000_000_000), fc.constantFrom("high", "normal")),
      { minLength: 100, maxLength: 100 },
    )
    let pairs = 0
    fc.assert(
      fc.property(formulas, inputs, (formula, rows) => {
        const compiled = compileFormula(formula, slots)
        for (const [cpus, mem, seconds, cpuSeconds, qos] of rows) {
          const amounts = [BigInt(cpus), BigInt(mem), BigInt(seconds), BigInt(cpuSeconds)]
          const exact = interpretFormula(formula, valuesOf(amounts, qos))
          if (compiled.numerator({ amounts, words: [qos] }) * exact.denominator !== exact.numerator * compiled.denominator) return false
          pairs += 1
        }
        return true
      }),
      { numRuns: 10_000, seed: 20_261_122 },
    )
    expect(pairs).toBe(1_000_000)
  })
  it("columns = interpreted wherever they take the formula, and their rounding is that of divide", () => {
    const maxima = [4_096n, 4_000_000n, 5_000_000n, 2_000_000_000n]
    const inputs = fc.array(fc.tuple(fc.nat(4_096), fc.nat(4_000_000), fc.nat(5_000_000), fc.nat(2_000_000_000)), {
      minLength: 1,
      maxLength: 30,
    })
    let taken = 0
    fc.assert(
      fc.property(formulas, inputs, (formula, rows) => {
        const compiled = compileColumns(formula, slots, maxima)
        if (compiled === null) return
        taken += 1
        const columns = [0, 1, 2, 3].map((index) => Float64Array.from(rows, (row) => row[index] ?? 0))
        const numerators = new Float64Array(rows.length)
        compiled.numerators(columns, rows.length, numerators)
        rows.forEach((row, index) => {
          const exact = interpretFormula(formula, valuesOf(row.map(BigInt), "normal"))
          expect(BigInt(numerators[index] ?? 0) * exact.denominator).toBe(exact.numerator * BigInt(compiled.denominator))
        })
        const largest = Math.max(...numerators.map(Math.abs))
        if (largest > 2 ** 44 || compiled.denominator > 2 ** 50) return
        const minor = new Float64Array(rows.length)
        roundColumn(numerators, compiled.denominator, 2, rows.length, minor)
        minor.forEach((value, index) => {
          expect(BigInt(value)).toBe(divide(BigInt(numerators[index] ?? 0) * 100n, BigInt(compiled.denominator), "half-up"))
        })
      }),
      { numRuns: 3_000, seed: 7 },
    )
    expect(taken).toBeGreaterThan(400)
  })

  it("columns are refused where doubles could lose a digit", () => {
    const huge = parsed("cpu_hours * 12345.6789")
    expect(compileColumns(huge, slots, [1n, 1n, 1n, 2_000_000_000n])).toBeNull()
    expect(compileColumns(huge, slots, [1n, 1n, 1n, 7n])).not.toBeNull()
    expect(() => roundColumn(new Float64Array([2 ** 52]), 3, 2, 1, new Float64Array(1))).toThrow(/too large/)
  })
})

describe("completeFormula", () => {
  const offered = (source: string): readonly string[] => completeFormula(source, source.length, names).map(({ insert }) => insert)
  it("offers names, then functions, that go on from the cursor", () => {
    expect(offered("cpu_hours * di")).toEqual(["discount", "divide("])
    expect(offered("gpu_a")).toEqual(["gpu_a100_hours"])
    expect(offered("license")).toEqual(["license_ansys_hpc_hours", "license_matlab_hours", "licenses_ansys_hpc", "licenses_matlab"])
    expect(completeFormula("licenses_m", 10, names)[0]).toMatchObject({ detail: "license", meaning: "licences of matlab held" })
    expect(offered("12")).toEqual([])
    expect(completeFormula("mem_gib_", 8, names)[0]).toMatchObject({ from: 0, detail: "GiB·h" })
  })
})
