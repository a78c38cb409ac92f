import type { JobRecord, Rejection } from "@hpc-billing/core"

/** What one piece of a source became: a record, or the reason why it could not be read. Nothing read is without one of the two. */
export type Decoded =
  | {
      readonly _tag: "Record"
      readonly record: JobRecord
      /** Of its first line, or its index in an answer; absent where it came from neither. */
      readonly lineNumber?: number
    }
  | { readonly _tag: "Rejection"; readonly rejection: Rejection }
