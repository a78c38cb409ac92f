import type { SqlClient, Statement } from "effect/sql"
import { storableText } from "./columns.ts"

const storable = (value: unknown): unknown => (typeof value === "string" ? storableText(value) : value)

/**
 * The same client, with every text that goes into a statement made storable: whatever a caller asks for, a filter with
 * U+0000 finds what was stored from it, and is no error of the database.
 */
export const storableTexts = (sql: SqlClient.SqlClient): SqlClient.SqlClient =>
  new Proxy(sql, {
    apply: (target, _self, [strings, ...values]: [TemplateStringsArray, ...unknown[]]) => target(strings, ...values.map(storable)),
    get: (target, name, receiver) =>
      name === "unsafe"
        ? (text: string, values?: readonly unknown[]): Statement.Statement<object> => target.unsafe(text, values?.map(storable))
        : Reflect.get(target, name, receiver),
  })
