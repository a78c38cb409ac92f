import { readFileSync } from "node:fs"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { checkFormula } from "./formula/checkFormula.ts"
import { dimensionOfUnit } from "./formula/Dimension.ts"
import { functionArity } from "./formula/Formula.ts"
import { cardNames, usageNames } from "./formula/FormulaNames.ts"
import { parseFormula } from "./formula/parseFormula.ts"
import { readReadings } from "./Reading.ts"
import { readRateBook } from "./readRateBook.ts"
import { zeroReasonText } from "./ZeroReason.ts"

const page = (name: string): string => readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), "utf8")
const block = (text: string, language: string): string => text.split(new RegExp(`\`\`\`${language}[^\\n]*\\n`))[1]?.split("```")[0] ?? ""

const checked = (source: string, unit: string) =>
  Result.flatMap(parseFormula(source), (formula) =>
    checkFormula(formula, cardNames({ gpuTypes: ["a100"], licenses: ["matlab"], constants: { discount: "0.1" } }), dimensionOfUnit(unit)),
  )

describe("docs/rates.md", () => {
  it("its rate book and its readings are read", () => {
    expect(Result.isSuccess(readRateBook(block(page("rates.md"), "yaml")))).toBe(true)
    expect(Result.isSuccess(readReadings(block(page("rates.md"), "csv"), "Asia/Bangkok"))).toBe(true)
  })

  it("its tax codes are read with the meters that name them", () => {
    const text = page("rates.md")
    const [book, tax] = [block(text, "yaml"), text.split(/```yaml[^\n]*\n/)[2]?.split("```")[0] ?? ""]
    const indented = tax.replaceAll(/^(?=.)/gm, "    ")
    const read = readRateBook(book.replace(/ {4}meters:\n(?: {6}.*\n)+/, indented).replace("prices: { cpu: 0.80 }", 'factor: "0.8"'))
    expect(Result.getOrThrowWith(read, (problems) => new Error(problems.map(({ message }) => message).join("\n"))).cards[0]).toMatchObject({
      tax: { codes: { education: { kind: "exempt" }, exported: { kind: "taxable", ratePercent: "0" } } },
      meters: [{ sku: "cpu" }, { sku: "course", tax: "education" }],
    })
  })

  it("names every reason of a zero line", () => {
    for (const reason of Object.keys(zeroReasonText)) expect(page("rates.md")).toContain(`\`${reason}\``)
  })
})

describe("docs/formula-language.md", () => {
  const text = page("formula-language.md")

  it.each([
    ["max(cores, ceil(mem_gib / 2)) * hours", "core-h"],
    ["max(cpu_hours * 0.85 + gpu_hours * 12.5, node_hours * 30) * (1 - discount)", "THB"],
    ["max(cpus, mem_gib * 0.215, gpus * 35) * minutes", "core-min"],
    ["mem_gib - gpus * 128", "GiB"],
    ['cpu_hours * if(qos == "scav", 0.5, 1)', "core-h"],
    ["ceil(hours) * nodes", "node-h"],
    ["license_matlab_hours * 10 + cpu_hours * 0.5", "THB"],
  ])("its example %s passes", (source, unit) => {
    expect(text).toContain(source)
    expect(Result.isSuccess(checked(source, unit))).toBe(true)
  })

  it.each([["cpu_hours + gpu_hours"], ["cpu_hour * 2"]])("its refusal of %s is what is said", (source) => {
    const result = checked(source, "THB")
    expect(text).toContain(`\`\`\`text\n${source}\n${Result.isFailure(result) ? result.failure.message : "passed"}`)
  })

  it("names every function and every name", () => {
    for (const name of [...Object.keys(functionArity), ...usageNames.keys()]) expect(text).toMatch(new RegExp(`\\b${name}\\b`))
  })
})
