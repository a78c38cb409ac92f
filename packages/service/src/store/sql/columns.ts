import { PgTypes } from "@effect/sql-pg"
import { Result } from "effect"

const column =
  <A>(elementOid: number) =>
  (values: readonly (A | null)[]): PgTypes.Parameter =>
    Result.getOrThrow(PgTypes.array(values, elementOid))

/** Columns for `unnest`, typed where they are made, so that a column of nulls or of small numbers is bound like any other. */
export const texts = column<string>(PgTypes.OID.text)
export const bigints = column<bigint>(PgTypes.OID.int8)
export const integers = column<number>(PgTypes.OID.int4)
export const byteas = column<Uint8Array>(PgTypes.OID.bytea)
