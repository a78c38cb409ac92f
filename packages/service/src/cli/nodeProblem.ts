/**
 * Why this Node cannot run the program, as a sentence; null when it can. `range` is `engines.node` of the package, such as `>=22.19`.
 * The bin asks before it loads anything else, so an older Node must be able to read this file.
 */
export const nodeProblem = (version: string, range: string): string | null => {
  const oldest = range.replace(">=", "")
  const [major, minor] = numbersOf(version)
  const [oldestMajor, oldestMinor] = numbersOf(oldest)
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return null
  return `hpc-billing needs Node.js ${oldest} or newer, and this is Node.js ${version}. Install a newer Node.js (https://nodejs.org), then run the command again.`
}

const numbersOf = (version: string): [number, number] => {
  const parts = version.split(".")
  return [Number(parts[0]), Number(parts[1] || "0")]
}
