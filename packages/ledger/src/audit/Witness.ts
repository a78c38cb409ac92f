import { canonicalJson } from "@hpc-billing/core"
import { base64, bytesOfBase64, textOfUtf8 } from "../bytes.ts"
import type { AuditRecord } from "./AuditRecord.ts"
import type { ChainHead } from "./ChainHead.ts"
import { readNote } from "./SignedNote.ts"

/**
 * What was copied outside the database while the chain grew: one line of JSON per group commit (the head) and per checkpoint
 * (the signed note). It catches what a chain alone cannot: a cut tail, a restored backup, a rewrite by who holds the keys.
 */
export interface Witness {
  readonly heads: readonly WitnessedHead[]
  readonly notes: readonly string[]
}

export interface WitnessedHead {
  readonly origin: string
  readonly sequence: bigint
  readonly epoch: number
  readonly link: Uint8Array
}

export const witnessLineOfHead = (head: ChainHead): string =>
  `${canonicalJson({ epoch: head.epoch, link: base64(head.link), origin: head.origin, sequence: head.sequence.toString() })}\n`

/** The note in a checkpoint record's payload; null when it holds none. */
export const noteOf = (record: Pick<AuditRecord, "payload">): string | null => {
  try {
    const { note } = JSON.parse(textOfUtf8(record.payload) ?? "")
    return typeof note === "string" ? note : null
  } catch {
    return null
  }
}

export const witnessLineOfCheckpoint = (record: AuditRecord): string => `${canonicalJson({ note: noteOf(record) ?? "" })}\n`

/** Reads a witness file. A last line cut short by a crash is passed over; any other unreadable line is named. */
export const readWitness = (text: string): { readonly witness: Witness; readonly unreadableLines: readonly number[] } => {
  const heads: WitnessedHead[] = []
  const notes: string[] = []
  const unreadableLines: number[] = []
  const lines = text.split("\n")
  lines.forEach((line, index) => {
    if (line === "") return
    try {
      const { note, origin, sequence, epoch, link } = JSON.parse(line)
      const linkBytes = typeof link === "string" ? bytesOfBase64(link) : null
      if (typeof note === "string" && readNote(note) !== null) notes.push(note)
      else if (typeof origin === "string" && Number.isSafeInteger(epoch) && linkBytes?.length === 32) {
        heads.push({ origin, sequence: BigInt(sequence), epoch, link: linkBytes })
      } else unreadableLines.push(index + 1)
    } catch {
      if (index < lines.length - 1) unreadableLines.push(index + 1)
    }
  })
  return { witness: { heads, notes }, unreadableLines }
}
