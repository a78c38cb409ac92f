import { hash } from "node:crypto"
import type { Rejection } from "@hpc-billing/core"
import { storableText } from "./columns.ts"

const stored = (text: string): string => storableText(text).toWellFormed()

/** Of a rejection as its row holds it: the row has the same. */
export const hashRejection = ({ source, lineNumber, field, reason, raw }: Rejection): Buffer =>
  hash("sha256", JSON.stringify([stored(source), lineNumber, field && stored(field), stored(reason), raw.toWellFormed()]), "buffer")
