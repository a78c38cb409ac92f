import { documentProblemsMaximum } from "../document/DocumentLimits.ts"
import { type RateProblem, rateProblem } from "./RateProblem.ts"

export const tooManyProblems: RateProblem = rateProblem("", "too-large", "book-more-problems", { maximum: String(documentProblemsMaximum) })

/** Travels inside this file alone: who finds problems needs no way to stop. */
class Enough extends Error {}

/**
 * The problems that a search adds, in their order. It ends at `documentProblemsMaximum`, and one more says so: a text that is wrong
 * in every line costs no more than the first of them.
 */
export const collectProblems = (search: (add: (problem: RateProblem) => void) => void): readonly RateProblem[] => {
  const problems: RateProblem[] = []
  try {
    search((problem) => {
      if (problems.length === documentProblemsMaximum) throw new Enough()
      problems.push(problem)
    })
  } catch (thrown) {
    if (!(thrown instanceof Enough)) throw thrown
    problems.push(tooManyProblems)
  }
  return problems
}
