const nodesMaximum = 10_000

/** The names behind Slurm's `n[1-3,7],gpu01`: `n1`, `n2`, `n3`, `n7`, `gpu01`. What is no list of that form stands as it is. */
export const expandNodeList = (nodeList: string): readonly string[] => {
  const names: string[] = []
  for (const part of nodeList.match(/(?:[^,[\]]|\[[^\]]*\])+/g) ?? []) {
    names.push(...expandPart(part))
    if (names.length > nodesMaximum) return [nodeList]
  }
  return names
}

const expandPart = (part: string): readonly string[] => {
  const match = /^([^[\]]*)\[([^\]]*)\](.*)$/.exec(part)
  if (match === null) return [part]
  const [, prefix = "", ranges = "", suffix = ""] = match
  const tails = expandPart(suffix)
  return ranges.split(",").flatMap((range) => {
    const bounds = /^(\d+)-(\d+)$/.exec(range)
    const [first, last] = bounds === null ? [range, range] : [bounds[1] ?? "", bounds[2] ?? ""]
    if (bounds === null) return tails.map((tail) => `${prefix}${range}${tail}`)
    const count = Number(last) - Number(first) + 1
    if (count < 1 || count > nodesMaximum) return [part]
    return Array.from({ length: count }, (_, index) => String(Number(first) + index).padStart(first.length, "0")).flatMap((number) =>
      tails.map((tail) => `${prefix}${number}${tail}`),
    )
  })
}
