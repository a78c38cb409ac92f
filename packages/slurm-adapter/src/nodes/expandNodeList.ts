import { Result } from "effect"

/** No cluster has more nodes; a list that would give more is damaged. */
const nodesMaximum = 100_000
/** Of one name: racks, chassis, blades. */
const bracketsMaximum = 8

/**
 * `n[1-4,7],gpu[01-02]-ib` to node names in order, leading zeros kept. Several brackets in a name are all expanded. The failure says what is wrong.
 */
export const expandNodeList = (text: string): Result.Result<readonly string[], string> => {
  if (text === "") return Result.succeed([])
  const names: string[] = []
  for (const term of termsOf(text)) {
    const expanded = expandTerm(term, nodesMaximum - names.length)
    if (typeof expanded === "string") return Result.fail(`node list "${text.slice(0, 60)}": ${expanded}`)
    names.push(...expanded)
  }
  return Result.succeed(names)
}

/** Parts between the commas that stand outside of brackets. */
const termsOf = (text: string): readonly string[] => {
  const terms: string[] = []
  let from = 0
  let isInside = false
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at]
    if (mark === "[") isInside = true
    else if (mark === "]") isInside = false
    else if (mark === "," && !isInside) {
      terms.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...terms, text.slice(from)]
}

const expandTerm = (term: string, room: number, brackets = 0): readonly string[] | string => {
  const open = term.indexOf("[")
  if (open < 0) {
    if (term === "" || term.includes("]")) return `"${term}" is no node name`
    return room < 1 ? tooMany : [term]
  }
  if (brackets === bracketsMaximum) return `a node name has more than ${bracketsMaximum} brackets`
  const close = term.indexOf("]", open)
  if (close < 0) return `"${term}" lacks its closing bracket`
  const tails = close + 1 === term.length ? [""] : expandTerm(term.slice(close + 1), room, brackets + 1)
  if (typeof tails === "string") return tails
  const names: string[] = []
  for (const range of term.slice(open + 1, close).split(",")) {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(range)
    const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])]
    if (match === null || last < first) return `"${range}" is no range such as 1-4`
    if ((last - first + 1) * tails.length > room - names.length) return tooMany
    const width = (match[1] as string).length
    for (let number = first; number <= last; number++) {
      for (const tail of tails) names.push(`${term.slice(0, open)}${String(number).padStart(width, "0")}${tail}`)
    }
  }
  return names
}

const tooMany = `it stands for more than ${nodesMaximum} nodes`
