/** Whether the text matches a pattern in which `*` stands for any characters. Linear in both: no regular expression runs. */
export const globMatches = (pattern: string, text: string): boolean => {
  let position = 0
  let star = -1
  let retry = 0
  let at = 0
  while (position < text.length) {
    if (pattern[at] === "*") {
      star = at
      retry = position
      at += 1
    } else if (pattern[at] === text[position]) {
      at += 1
      position += 1
    } else if (star >= 0) {
      retry += 1
      position = retry
      at = star + 1
    } else return false
  }
  while (pattern[at] === "*") at += 1
  return at === pattern.length
}

/** Whether some text matches both patterns. */
export const globsOverlap = (left: string, right: string): boolean => {
  if (!left.includes("*")) return globMatches(right, left)
  if (!right.includes("*")) return globMatches(left, right)
  let row = new Set([0])
  const close = (states: Set<number>): Set<number> => {
    for (const state of states) if (right[state] === "*") states.add(state + 1)
    return states
  }
  row = close(row)
  for (const character of left) {
    if (character === "*") {
      const least = Math.min(...row)
      row = new Set(Array.from({ length: right.length - least + 1 }, (_, index) => least + index))
      continue
    }
    const next = new Set<number>()
    for (const state of row) {
      if (right[state] === "*") next.add(state)
      else if (right[state] === character) next.add(state + 1)
    }
    if (next.size === 0) return false
    row = close(next)
  }
  return row.has(right.length)
}
