import { checkRateBook, type RateBook } from "@hpc-billing/core"
import { Effect, Result } from "effect"
import { decodeStructured } from "./decodeStructured.ts"
import { type PayerBook, PayerBookSchema } from "./PayerBook.ts"
import { readStructuredFile } from "./readStructuredFile.ts"
import { SiteError } from "./SiteError.ts"

/** A checked rate book; the failure names every problem with its line and column. */
export const readRateBook = Effect.fnUntraced(function* (file: string): Effect.fn.Return<RateBook, SiteError> {
  const structured = yield* readStructuredFile(file)
  const checked = checkRateBook(structured.value)
  if (Result.isSuccess(checked)) return checked.success
  return yield* new SiteError({
    reason: "invalid",
    problems: checked.failure.map(({ path, message }) => `${structured.place(segmentsOf(path))}: ${message}`),
  })
})

export const readPayerBook = (file: string): Effect.Effect<PayerBook, SiteError> =>
  Effect.flatMap(readStructuredFile(file), (structured) => decodeStructured(PayerBookSchema, structured))

/** `cards[0].meters[2].price` to the keys and indexes that lead there. */
const segmentsOf = (path: string): readonly (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|\["([^"]*)"\]|([^.[\]]+)/g)].map(([, index, quoted, name]) =>
    index === undefined ? (quoted ?? name ?? "") : Number(index),
  )
