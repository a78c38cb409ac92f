/** Why a usage, or a part of one, costs nothing: stands in `zeroReason` of its line. */
export type ZeroReason =
  | "never-started"
  | "zero-seconds"
  | "no-card-in-force"
  | "state-not-charged"
  | "below-minimum-seconds"
  | "factor-zero"
  | "nothing-priced"
  | "quantity-rounds-to-zero"

export const zeroReasonText: Readonly<Record<ZeroReason, { readonly en: string; readonly th: string }>> = {
  "never-started": { en: "the job never started", th: "งานไม่เคยเริ่มทำงาน" },
  "zero-seconds": { en: "the job ran for zero seconds", th: "งานทำงานศูนย์วินาที" },
  "no-card-in-force": {
    en: "no rate card was in force for it: add a card for its tier or one for everyone",
    th: "ไม่มีอัตราค่าบริการที่มีผลบังคับใช้ในขณะนั้น",
  },
  "state-not-charged": { en: "jobs that end in this state are not charged", th: "งานที่จบด้วยสถานะนี้ไม่คิดค่าบริการ" },
  "below-minimum-seconds": { en: "it ran for less than the shortest time that is charged", th: "ใช้เวลาน้อยกว่าเวลาขั้นต่ำที่คิดค่าบริการ" },
  "factor-zero": { en: "a factor of zero applies (QOS, partition, tier or override)", th: "ใช้ตัวคูณศูนย์ (QOS พาร์ทิชัน กลุ่ม หรือข้อยกเว้น)" },
  "nothing-priced": { en: "it held nothing that has a price", th: "ไม่ได้ใช้ทรัพยากรที่มีราคา" },
  "quantity-rounds-to-zero": { en: "what it held rounds to a quantity of zero", th: "ปริมาณที่ใช้ปัดเศษเป็นศูนย์" },
}
