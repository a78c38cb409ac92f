import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { defaultChart, type Entry, generalLedgerCsv, genericProfile, readCsv } from "../src/index.ts"
import { yearOfEntries } from "../test/year.ts"

/**
 * The general ledger for spreadsheets opened by LibreOffice, saved as a workbook, and written as CSV again: Thai text, amounts and
 * dates come back, and texts that begin like formulas stay texts.
 */
const hostile = [
  "=1+1",
  "+66 2 123 4567",
  "-2+3",
  "@SUM(A1)",
  "\t=cmd|'/c calc'!A0",
  "＝1+1",
  '=HYPERLINK("http://x")',
  "'=quoted",
  " =2+2",
]
const thai = ["ค่าบริการประมวลผล กันยายน ๒๕๖๙", "น้ำ กำลัง ผู้รับบริการ", 'ใบเสร็จ "พิเศษ", ชุดที่ 1', "e\u0301 กั้ 🧮"]
const memos = [...hostile, ...thai]
const { entries } = yearOfEntries(400, 20_261_122)
const described = entries.map((entry, index): Entry => ({ ...entry, memo: memos[index % memos.length] as string }))
const csv = generalLedgerCsv(described, { chart: defaultChart, batchId: "run-1", profile: genericProfile, csv: "spreadsheet" })

const folder = mkdtempSync(join(tmpdir(), "proof-spreadsheet-"))
const convert = (from: string, filter: string, ...options: readonly string[]): void => {
  const profile = `-env:UserInstallation=file://${folder}/profile`
  execFileSync("soffice", [profile, "--headless", ...options, "--convert-to", filter, "--outdir", folder, join(folder, from)], {
    stdio: ["ignore", "ignore", "inherit"],
  })
}
const rowsOf = (text: string): readonly (readonly string[])[] => {
  const rows = readCsv(text)
  if (rows === null) throw new Error("the file is not CSV")
  return rows
}
let compared = 0
try {
  writeFileSync(join(folder, "ledger.csv"), csv)
  // comma, double quotes, UTF-8, from the first line
  convert("ledger.csv", "xlsx:Calc MS Excel 2007 XML", "--infilter=CSV:44,34,76,1")
  rmSync(join(folder, "ledger.csv"))
  convert("ledger.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1")
  const [header = [], ...written] = rowsOf(new TextDecoder().decode(csv))
  const [, ...read] = rowsOf(readFileSync(join(folder, "ledger.csv"), "utf8"))
  if (read.length !== written.length) throw new Error(`${written.length} lines were written, ${read.length} came back`)
  const isAmount = header.map((name) => name === "debit" || name === "credit")
  for (const [line, cells] of written.entries()) {
    for (const [index, cell] of cells.entries()) {
      const found = read[line]?.[index] ?? ""
      const same = isAmount[index] ? Number(found) === Number(cell) && found !== "" : found === cell
      if (!same) throw new Error(`line ${line + 2}, ${header[index]}: ${JSON.stringify(cell)} came back as ${JSON.stringify(found)}`)
      compared += 1
    }
  }
} finally {
  rmSync(folder, { recursive: true })
}
const version = execFileSync("soffice", ["--version"], { encoding: "utf8" }).trim().split(" ").slice(0, 2).join(" ")
console.log(
  `${version}: ${compared} cells came back from a workbook as they were written, Thai among them; ${hostile.length} texts that begin like formulas stayed texts.`,
)
