import type { Month } from "@hpc-billing/core"
import { type Sentence, say } from "../../api/sentences.ts"
import type { Fate } from "./Fate.ts"

/** What became of a usage, and what to do about it, in one sentence. */
export const sayFate = (month: Month, fate: Fate): Sentence => {
  const receipts = receiptsOf(fate)
  const usage = nameOf(fate)
  if (fate.breach !== null) return say(`fate-${fate.breach}`, { usage, month, receipts })
  switch (fate.kind) {
    case "billed":
      return say("fate-billed", { receipts })
    case "zero":
      return say("fate-zero", { reason: fate.reason ?? "" })
    case "unmapped":
      return say("account-unmapped", { account: fate.account, cluster: fate.cluster })
    case "provisional":
      return say(fate.reason === "pending" ? "fate-pending" : "fate-running")
    case "unbilled":
      return fate.reason === "changed" ? say("fate-changed", { receipts }) : say("fate-unbilled")
    case "held":
      return say("fate-held", { reason: fate.reason ?? "" })
  }
}

/** As people look it up: the job, the reading, or whose period it is. */
export const nameOf = ({ subject, id, cluster, jobId }: Fate): string => (subject === "job" ? `${cluster}/${jobId}` : id)

const namedMaximum = 5

/** The first few by name, and how many more there are. */
export const namesOf = (fates: readonly Fate[]): string => {
  const named = fates.slice(0, namedMaximum).map(nameOf).join(", ")
  return fates.length > namedMaximum ? `${named} and ${fates.length - namedMaximum} more` : named
}

const receiptsOf = ({ lines }: Fate): string => [...new Set(lines.map(({ receiptNumber }) => receiptNumber))].sort().join(", ")
