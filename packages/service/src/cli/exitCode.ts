import { Cause, Exit } from "effect"
import { PdfError } from "../pdf/render/PdfError.ts"
import { RunError } from "../run/RunError.ts"
import { SiteError } from "../site/SiteError.ts"
import { StoreError } from "../store/StoreError.ts"

/** What a script may rely on; `hpc-billing --help` and docs/cli.md list the same. */
const exitCodes = {
  done: 0,
  /** A rule refused it: nothing was stored. */
  refused: 1,
  /** The command line, a site file or a key cannot be used. */
  usage: 2,
  /** Verification found something that is not as it was issued. */
  unverified: 3,
  /** The database is not there, locked, or of another release. */
  unavailable: 4,
  /** A defect of the program. */
  defect: 70,
} as const

export const exitCodeOf = (exit: Exit.Exit<unknown, unknown>): number => {
  if (Exit.isSuccess(exit)) return exitCodes.done
  const error = Cause.findErrorOption(exit.cause)
  if (error._tag === "None") return Cause.hasInterruptsOnly(exit.cause) ? 130 : exitCodes.defect
  const failure = error.value
  if (failure instanceof RunError) return failure.reason === "verification-failed" ? exitCodes.unverified : exitCodes.refused
  if (failure instanceof StoreError) return exitCodes.unavailable
  if (failure instanceof SiteError) return exitCodes.usage
  if (failure instanceof PdfError) return exitCodes.refused
  return exitCodes.usage
}

/** The sentence for people; null when the command line has printed its own. */
export const sentenceOf = (failure: unknown): string | null => {
  if (failure instanceof StoreError) return failure.operatorMessage
  return failure instanceof RunError || failure instanceof SiteError || failure instanceof PdfError ? failure.message : null
}
