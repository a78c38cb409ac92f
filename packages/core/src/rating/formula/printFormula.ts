import type { CanonicalValue } from "../../canonicalJson.ts"
import { formatDecimal } from "../../money/Decimal.ts"
import type { Formula } from "./Formula.ts"

const binding = (formula: Formula): number => {
  if (formula.kind === "compare") return 0
  if (formula.kind === "binary") return formula.operator === "+" || formula.operator === "-" ? 1 : 2
  return formula.kind === "negate" ? 3 : 4
}

/** The formula as text with the fewest brackets: parsing it gives the same tree. */
export const printFormula = (formula: Formula): string => {
  const inside = (of: Formula, least: number): string => (binding(of) < least ? `(${printFormula(of)})` : printFormula(of))
  switch (formula.kind) {
    case "number":
      return formatDecimal(formula.value)
    case "text":
      return formula.value.includes('"') ? `'${formula.value}'` : `"${formula.value}"`
    case "name":
      return formula.name
    case "negate":
      return `-${inside(formula.of, 3)}`
    case "compare":
      return `${inside(formula.left, 1)} ${formula.operator} ${inside(formula.right, 1)}`
    case "binary": {
      const own = binding(formula)
      return `${inside(formula.left, own)} ${formula.operator} ${inside(formula.right, own + 1)}`
    }
    case "call":
      return `${formula.name}(${formula.of.map(printFormula).join(", ")})`
  }
}

/** The stored form of a formula: its tree without positions, numbers as text. This is what is hashed. */
export const formulaJson = (formula: Formula): CanonicalValue => {
  switch (formula.kind) {
    case "number":
      return { kind: "number", value: formatDecimal(formula.value) }
    case "text":
      return { kind: "text", value: formula.value }
    case "name":
      return { kind: "name", name: formula.name }
    case "negate":
      return { kind: "negate", of: formulaJson(formula.of) }
    case "compare":
    case "binary":
      return { kind: formula.kind, operator: formula.operator, left: formulaJson(formula.left), right: formulaJson(formula.right) }
    case "call":
      return { kind: "call", name: formula.name, of: formula.of.map(formulaJson) }
  }
}
