const digitWords = ["", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า"] as const
const placeWords = ["", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน"] as const
const million = 1_000_000n

/** Digits of one group of six; a final 1 reads เอ็ด when anything stands before it. */
const groupWords = (group: bigint, follows: boolean): string => {
  const digits = group.toString()
  let words = ""
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[index])
    const place = digits.length - 1 - index
    if (digit === 0) continue
    if (place === 1 && digit <= 2) words += digit === 1 ? "สิบ" : "ยี่สิบ"
    else if (place === 0 && digit === 1 && (digits.length > 1 || follows)) words += "เอ็ด"
    else words += `${digitWords[digit]}${placeWords[place]}`
  }
  return words
}

const numberWords = (value: bigint): string => {
  if (value < million) return groupWords(value, false)
  const rest = value % million
  return `${numberWords(value / million)}ล้าน${rest === 0n ? "" : groupWords(rest, true)}`
}

/** An amount of satang as Thai documents write it: 5025n reads ห้าสิบบาทยี่สิบห้าสตางค์. */
export const thaiBahtText = (amountSatang: bigint): string => {
  if (amountSatang < 0n) return `ลบ${thaiBahtText(-amountSatang)}`
  if (amountSatang === 0n) return "ศูนย์บาทถ้วน"
  const baht = amountSatang / 100n
  const satang = amountSatang % 100n
  return `${baht === 0n ? "" : `${numberWords(baht)}บาท`}${satang === 0n ? "ถ้วน" : `${numberWords(satang)}สตางค์`}`
}
