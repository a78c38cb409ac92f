import * as PgTypes from "@effect/sql-pg/PgTypes"
import { Result } from "effect"

const column =
  <A>(elementOid: number) =>
  (values: readonly (A | null)[]): PgTypes.Parameter =>
    Result.getOrThrow(PgTypes.array(values, elementOid))

const textColumn = column<string>(PgTypes.OID.text)

/** A text column cannot hold U+0000: the replacement character stands for it. Bodies are JSON or bytes and lose nothing. */
export const storableText = (text: string): string => (text.includes("\u0000") ? text.replaceAll("\u0000", "\ufffd") : text)

/** Columns for `unnest`, typed where they are made, so that a column of nulls or of small numbers is bound like any other. */
export const texts = (values: readonly (string | null)[]): PgTypes.Parameter =>
  textColumn(values.map((value) => value && storableText(value)))
export const bigints = column<bigint>(PgTypes.OID.int8)
export const integers = column<number>(PgTypes.OID.int4)
export const byteas = column<Uint8Array>(PgTypes.OID.bytea)
