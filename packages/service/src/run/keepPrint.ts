import { Effect, Result } from "effect"
import { decide } from "../commit/decide.ts"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import { BillingStore, mediaTypeOf } from "../store/index.ts"
import type { Actor } from "./Actor.ts"

export const receiptSubject = (receiptId: string): string => `receipt/${receiptId}`

/** Document numbers are file names too. */
export const receiptFileName = (number: string): string => number.replaceAll(/[^A-Za-z0-9._-]/g, "_")

/** Keeps a printed file of a receipt, with the audit record that holds its digest; nothing where it is kept already. */
export const keepPrint = Effect.fnUntraced(function* (
  tenant: string,
  receiptId: string,
  file: { readonly name: string; readonly bytes: Uint8Array },
  actor: Actor,
) {
  const store = yield* BillingStore
  const { name, bytes } = file
  const subject = receiptSubject(receiptId)
  const sha256 = sha256Hex(bytes)
  const by = { actor: actor.name, requestId: actor.requestId }
  yield* decide({
    tenant,
    actor: { name: actor.name, requestId: actor.requestId },
    read: () => Effect.map(store.files(tenant, subject), (kept) => kept.some((each) => each.name === name && each.sha256 === sha256)),
    plan: (isKept) =>
      Result.succeed(
        isKept
          ? { answer: null, events: [] }
          : {
              answer: null,
              files: [{ subject, name, mediaType: mediaTypeOf(name), bytes }],
              events: [{ ...by, action: "receipt.print", subject: receiptId, detail: { file: name, sha256 } }],
            },
      ),
    view: () => Effect.void,
  })
})
