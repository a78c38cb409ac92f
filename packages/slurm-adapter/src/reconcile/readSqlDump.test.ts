import { expect, it } from "vitest"
import { readSqlDump } from "./readSqlDump.ts"

it("reads quotes, escapes, NULL and several rows to a statement, and passes over other tables", () => {
  const text = [
    "CREATE TABLE `t` (",
    "  `a` int(11) NOT NULL,",
    "  `b` text DEFAULT NULL,",
    "  PRIMARY KEY (`a`)",
    ") ENGINE=InnoDB;",
    "INSERT INTO `other` VALUES (1,');(');",
    "INSERT INTO `t` VALUES (1,'it''s, (a) \\'test\\'\\nline'),(2,NULL),(3,'');",
    "INSERT INTO `t` VALUES",
    "(4,'บัญชี'),",
    "(5,'(');",
    "",
  ].join("\n")
  const rows = readSqlDump(text, (table) => table === "t")
  expect([...rows.keys()]).toEqual(["t"])
  expect(rows.get("t")?.map((row) => Object.fromEntries(row))).toEqual([
    { a: "1", b: "it's, (a) 'test'\nline" },
    { a: "2", b: null },
    { a: "3", b: "" },
    { a: "4", b: "บัญชี" },
    { a: "5", b: "(" },
  ])
})
