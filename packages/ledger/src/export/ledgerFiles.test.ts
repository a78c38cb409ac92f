import { expect, test } from "vitest"
import { cryptography } from "../../test/chains.ts"
import { yearOfEntries } from "../../test/year.ts"
import { hex } from "../bytes.ts"
import { defaultChart } from "../chart/Chart.ts"
import { ledgerFiles } from "./ledgerFiles.ts"

const { entries } = yearOfEntries(60, 3)

test("I9: the bytes of every file stay what they were in exports that others keep", () => {
  const files = ledgerFiles(entries.toReversed(), { chart: defaultChart, batchId: "run-1" })
  expect(Object.fromEntries(files.map(({ path, bytes }) => [path, hex(cryptography.sha256(bytes))]))).toEqual({
    "journal.jsonl": "e1cefb3e9db59a2b5563718b1b4c170596285631023356fe0cb32b0e9e3b4a10",
    "chart.json": "9194f092786411e1c036dd2cddfc6f78ab0d778119f03b02aa92633b4fb89c59",
    "general-ledger.csv": "ce563d121ce43584ebecc22ab061076dda0ccf55ed61c7df3fe22ce4b5fcd9a6",
    "general-ledger-11.csv": "0ad886c35ff560702ea0e719120cc094429573f682281124a1a02d48a5a90456",
    "general-ledger-spreadsheet.csv": "a44183cd299f9a6af6a22611c5f5bcbe06c0e8fc2f362ca974bd6a212716903a",
    "journal.hledger": "671147a2c5dc42b06c054a0b459baf538cbf8aad8a7cbc54a084b8edce77a9a4",
    "journal.ledger": "dc31655e9f693623984b030b0806a84d58c30a9942bab2ce536384eb21b18b78",
    "journal.beancount": "61369c49987914e728d8c034ecf1221705bbfa01c62a8261340a30c08e46bb57",
  })
})
