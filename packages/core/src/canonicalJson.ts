import canonicalize from "canonicalize"

/** What may stand in a canonical document: quantities and money as text, so that no reader loses a digit. */
export type CanonicalValue =
  | string
  | boolean
  | null
  | number
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue | undefined }

const assertSafe = (value: CanonicalValue | undefined): void => {
  if (typeof value === "bigint") throw new TypeError("a bigint stands in a canonical document: write it as text")
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new TypeError(`${value} is not a safe integer: write it as text`)
  if (Array.isArray(value)) for (const item of value) assertSafe(item)
  else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) assertSafe(item)
}

/** RFC 8785 text of a document: the form that is hashed, signed and stored. Throws on numbers that are not safe integers. */
export const canonicalJson = (value: CanonicalValue): string => {
  assertSafe(value)
  return canonicalize(value) as string
}
