import fc from "fast-check"
import { expect, test } from "vitest"
import { thaiBahtText } from "./thaiBahtText.ts"

test.each([
  [0n, "ศูนย์บาทถ้วน"],
  [1n, "หนึ่งสตางค์"],
  [11n, "สิบเอ็ดสตางค์"],
  [100n, "หนึ่งบาทถ้วน"],
  [101n, "หนึ่งบาทหนึ่งสตางค์"],
  [1000n, "สิบบาทถ้วน"],
  [1100n, "สิบเอ็ดบาทถ้วน"],
  [2100n, "ยี่สิบเอ็ดบาทถ้วน"],
  [10100n, "หนึ่งร้อยเอ็ดบาทถ้วน"],
  [20100n, "สองร้อยเอ็ดบาทถ้วน"],
  [100_000_000n, "หนึ่งล้านบาทถ้วน"],
  [100_000_100n, "หนึ่งล้านเอ็ดบาทถ้วน"],
  [1_100_000_000n, "สิบเอ็ดล้านบาทถ้วน"],
  [10_100_000_000n, "หนึ่งร้อยเอ็ดล้านบาทถ้วน"],
  [100_000_000_000_000n, "หนึ่งล้านล้านบาทถ้วน"],
  [100_000_100_000_000n, "หนึ่งล้านเอ็ดล้านบาทถ้วน"],
  [-5025n, "ลบห้าสิบบาทยี่สิบห้าสตางค์"],
  [8_833_936n, "แปดหมื่นแปดพันสามร้อยสามสิบเก้าบาทสามสิบหกสตางค์"],
])("%d satang reads %s", (satang, words) => {
  expect(thaiBahtText(satang)).toBe(words)
})

const digitOf: Record<string, bigint> = { หนึ่ง: 1n, เอ็ด: 1n, สอง: 2n, ยี่: 2n, สาม: 3n, สี่: 4n, ห้า: 5n, หก: 6n, เจ็ด: 7n, แปด: 8n, เก้า: 9n }
const placeOf: Record<string, bigint> = { สิบ: 10n, ร้อย: 100n, พัน: 1000n, หมื่น: 10_000n, แสน: 100_000n }
const word = /หนึ่ง|เอ็ด|สอง|ยี่|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ร้อย|พัน|หมื่น|แสน|ล้าน/g

const readNumber = (text: string): bigint => {
  let total = 0n
  let digit = 0n
  for (const [found] of text.matchAll(word)) {
    if (found === "ล้าน") {
      total = (total + digit) * 1_000_000n
      digit = 0n
    } else if (placeOf[found] !== undefined) {
      total += (digit === 0n ? 1n : digit) * placeOf[found]
      digit = 0n
    } else digit = digitOf[found] as bigint
  }
  return total + digit
}

test("words read back as the amount", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 17n }), (satang) => {
      const text = thaiBahtText(satang)
      const [baht, rest] = text.includes("บาท") ? (text.split("บาท") as [string, string]) : ["", text]
      expect(readNumber(baht) * 100n + readNumber(rest)).toBe(satang)
    }),
  )
})
