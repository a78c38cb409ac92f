import { canonicalJson } from "@hpc-billing/core"
import { textOfUtf8, utf8 } from "../bytes.ts"
import type { AuditEvent } from "./AuditRecord.ts"

/** Longer text is cut here and ends in "…": a long reason must never stop a money commit. */
export const auditTextCharactersMaximum = 2_048

/** More is a programmer's error. */
const auditDetailsMaximum = 200

/** A text as an event holds it. */
export const auditText = (text: string): string => {
  const wellFormed = text.toWellFormed()
  if (wellFormed.length <= auditTextCharactersMaximum) return wellFormed
  return `${wellFormed.slice(0, auditTextCharactersMaximum - 1).toWellFormed()}…`
}

export const encodeEvent = (event: AuditEvent): Uint8Array => {
  const details = Object.entries(event.detail)
  if (details.length > auditDetailsMaximum)
    throw new RangeError(`an audit event has ${details.length} details, at most ${auditDetailsMaximum}`)
  return utf8(
    canonicalJson({
      action: auditText(event.action),
      ...(event.actionId === undefined ? {} : { actionId: event.actionId }),
      actor: auditText(event.actor),
      detail: Object.fromEntries(details.map(([name, value]) => [auditText(name), auditText(value)])),
      requestId: auditText(event.requestId),
      subject: auditText(event.subject),
    }),
  )
}

const eventStart = utf8('{"action":')

/** Whether a payload begins as events do and checkpoints and rotations do not. */
export const looksLikeEvent = (payload: Uint8Array): boolean => {
  for (let at = 0; at < eventStart.length; at += 1) if (payload[at] !== eventStart[at]) return false
  return true
}

/** The event that a payload holds; null when it holds none. */
export const decodeEvent = (payload: Uint8Array): AuditEvent | null => {
  const text = textOfUtf8(payload)
  if (text === null) return null
  try {
    const { action, actionId, actor, requestId, subject, detail } = JSON.parse(text)
    const texts = [action, actor, requestId, subject, actionId ?? "", ...Object.values(detail)]
    if (!texts.every((value) => typeof value === "string")) return null
    return { action, ...(actionId === undefined ? {} : { actionId }), actor, requestId, subject, detail }
  } catch {
    return null
  }
}
