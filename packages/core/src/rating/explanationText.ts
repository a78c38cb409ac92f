import type { Explanation, ExplanationCode, Language } from "./Explanation.ts"

const sentences: Readonly<Record<ExplanationCode, Readonly<Record<Language, string>>>> = {
  job: {
    en: 'Job {jobId} "{jobName}" of {user}, account {account}, cluster {cluster}{placeEn}.',
    th: 'งาน {jobId} "{jobName}" ของ {user} บัญชี {account} คลัสเตอร์ {cluster}{placeTh}',
  },
  "job-without-name": {
    en: "Job {jobId} of {user}, account {account}, cluster {cluster}{placeEn}.",
    th: "งาน {jobId} ของ {user} บัญชี {account} คลัสเตอร์ {cluster}{placeTh}",
  },
  reading: {
    en: "Reading {readingId} of {service}, account {account}: {description}",
    th: "ค่าที่อ่านได้ {readingId} ของ {service} บัญชี {account}: {description}",
  },
  ran: {
    en: "It ran from {start} to {end} ({zone}), {elapsedEn} ({seconds} s), and ended as {state}.",
    th: "ทำงานตั้งแต่ {start} ถึง {end} ({zone}) รวม {elapsedTh} ({seconds} วินาที) จบด้วยสถานะ {state}",
  },
  runs: {
    en: "It has run since {start} ({zone}) and has not ended: counted until {end}, {elapsedEn} ({seconds} s), state {state}.",
    th: "ทำงานตั้งแต่ {start} ({zone}) และยังไม่จบ นับถึง {end} รวม {elapsedTh} ({seconds} วินาที) สถานะ {state}",
  },
  "never-ran": { en: "It never ran; its state is {state}.", th: "ไม่เคยทำงาน สถานะ {state}" },
  covers: {
    en: "It covers {start} to {end} ({zone}), {elapsedEn}.",
    th: "ครอบคลุมตั้งแต่ {start} ถึง {end} ({zone}) รวม {elapsedTh}",
  },
  held: { en: "All that time it held {heldEn}.", th: "ตลอดเวลานั้นจองไว้ {heldTh}" },
  suspended: {
    en: "It was suspended for {elapsedEn} ({seconds} s) of it: core time does not count then, all else does.",
    th: "ในจำนวนนี้ถูกพัก {elapsedTh} ({seconds} วินาที) ซึ่งไม่นับเวลา CPU แต่นับทรัพยากรอื่น",
  },
  payer: { en: "{payerEn} pays for it.", th: "{payerTh} เป็นผู้ชำระ" },
  "payer-share": { en: "{payerEn} pays {percent} % of it.", th: "{payerTh} เป็นผู้ชำระ {percent} %" },
  unmapped: {
    en: "Nobody pays for it yet: add a mapping from account {account} on {cluster} to a payer.",
    th: "ยังไม่มีผู้ชำระ: โปรดเพิ่มการจับคู่บัญชี {account} บน {cluster} กับผู้ชำระ",
  },
  tier: { en: "The price is that of tier {tier}.", th: "ใช้อัตราของกลุ่ม {tier}" },
  card: {
    en: "Rate card {cardId}, version {version}, in force from {from} to {last}; its hash begins {hash}.",
    th: "อัตราค่าบริการ {cardId} ฉบับที่ {version} มีผลตั้งแต่ {from} ถึง {last} แฮชขึ้นต้นด้วย {hash}",
  },
  "card-open": {
    en: "Rate card {cardId}, version {version}, in force from {from} until further notice; its hash begins {hash}.",
    th: "อัตราค่าบริการ {cardId} ฉบับที่ {version} มีผลตั้งแต่ {from} เป็นต้นไป แฮชขึ้นต้นด้วย {hash}",
  },
  "card-not-in-book": {
    en: "Rate card {cardId}, version {version} (hash {hash}) is not in the rate book given: the figures below are the line's own.",
    th: "ไม่พบอัตราค่าบริการ {cardId} ฉบับที่ {version} (แฮช {hash}) ในสมุดอัตรา: ตัวเลขด้านล่างมาจากรายการเอง",
  },
  basis: { en: "It counts {basisEn} (basis {basis}).", th: "คิดตาม{basisTh} (ฐาน {basis})" },
  override: {
    en: "Override {id} by {author} applies from {from} to {last}: {reason}",
    th: "ใช้ข้อยกเว้น {id} โดย {author} ตั้งแต่ {from} ถึง {last}: {reason}",
  },
  "override-open": {
    en: "Override {id} by {author} applies from {from} until further notice: {reason}",
    th: "ใช้ข้อยกเว้น {id} โดย {author} ตั้งแต่ {from} เป็นต้นไป: {reason}",
  },
  factor: { en: "Prices are multiplied by {factor} for {byEn} {name}.", th: "คูณราคาด้วย {factor} เนื่องจาก{byTh} {name}" },
  note: { en: "{noteEn}.", th: "{noteTh}" },
  part: { en: "Part from {start} to {end}:", th: "ช่วง {start} ถึง {end}:" },
  formula: { en: "{sku}: {formula}", th: "{sku}: {formula}" },
  trace: { en: "  {expression} = {value}", th: "  {expression} = {value}" },
  choice: {
    en: "Of the alternatives the dearest is charged: {winner} ({amount}), not {losers}.",
    th: "คิดทางเลือกที่แพงที่สุด: {winner} ({amount}) ไม่ใช่ {losers}",
  },
  price: {
    en: "{sku}: {quantity} {unit} x {unitPrice} {currency} = {amount} {currency}.",
    th: "{sku}: {quantity} {unit} x {unitPrice} {currency} = {amount} {currency}",
  },
  "price-of-base": {
    en: "{sku}: {base} {baseUnit} = {until} {unit}; {quantity} {unit} x {unitPrice} {currency} = {amount} {currency}.",
    th: "{sku}: {base} {baseUnit} = {until} {unit}; {quantity} {unit} x {unitPrice} {currency} = {amount} {currency}",
  },
  "price-between": {
    en: "{sku}: {until} {unit} since the start less {from} before this part ({base} {baseUnit}); {quantity} {unit} x {unitPrice} {currency} = {amount} {currency}.",
    th: "{sku}: นับจากเริ่มงาน {until} {unit} หักช่วงก่อนหน้า {from} ({base} {baseUnit}); {quantity} {unit} x {unitPrice} {currency} = {amount} {currency}",
  },
  "by-month": {
    en: "What {sku} costs in the end depends on the whole month: a line of the month adds the difference.",
    th: "ราคาสุดท้ายของ {sku} ขึ้นกับการใช้ทั้งเดือน: ส่วนต่างอยู่ในรายการของทั้งเดือน",
  },
  zero: { en: "Nothing is charged: {reasonEn}.", th: "ไม่คิดค่าบริการ: {reasonTh}" },
  "tax-rate": { en: "Tax on it is {ratePercent} %, by code {code} of the card.", th: "ภาษี {ratePercent} % ตามรหัสภาษี {code} ของอัตรานี้" },
  "tax-exempt": { en: "No tax is due on it, by code {code} of the card: {basis}.", th: "ไม่มีภาษี ตามรหัสภาษี {code} ของอัตรานี้: {basisThai}" },
  corrects: {
    en: "It corrects the bill of {month}{receiptEn}: the difference between what is known now and what was billed then.",
    th: "แก้ไขบิลของเดือน {month}{receiptTh}: ส่วนต่างระหว่างข้อมูลที่ทราบตอนนี้กับที่เรียกเก็บไปแล้ว",
  },
  "corrects-line": { en: "The line that it corrects: {lineId}", th: "รายการที่แก้ไข: {lineId}" },
  "came-late": {
    en: "It belongs to {month}, but became known only after that month was billed.",
    th: "เป็นของเดือน {month} แต่ทราบหลังจากเรียกเก็บของเดือนนั้นแล้ว",
  },
  period: {
    en: "It is for all of the payer's usage from {start} to {end}, not for one job.",
    th: "คิดจากการใช้ทั้งหมดของผู้ชำระตั้งแต่ {start} ถึง {end} ไม่ใช่งานเดียว",
  },
  "period-of-account": {
    en: "It is for all usage of account {account} on {cluster} from {start} to {end}, not for one job.",
    th: "คิดจากการใช้ทั้งหมดของบัญชี {account} บน {cluster} ตั้งแต่ {start} ถึง {end} ไม่ใช่งานเดียว",
  },
  "period-of-user": {
    en: "It is for all usage of {user} in account {account} on {cluster} from {start} to {end}, not for one job.",
    th: "คิดจากการใช้ทั้งหมดของ {user} ในบัญชี {account} บน {cluster} ตั้งแต่ {start} ถึง {end} ไม่ใช่งานเดียว",
  },
  "period-factor": { en: "It is the share of the usage whose prices are multiplied by {factor}.", th: "เป็นส่วนของการใช้ที่คูณราคาด้วย {factor}" },
  allowance: {
    en: "The first {quantity} {unit} of {sku} cost nothing: what the lines of the jobs charge for them is taken back.",
    th: "{sku} {quantity} {unit} แรกไม่คิดค่าบริการ: หักคืนที่คิดไว้ในรายการของงาน",
  },
  band: {
    en: "{quantity} {unit} of {sku} cost the price of band {band}, {price} {currency}; the lines of the jobs stand at {first} {currency}, and this is the difference.",
    th: "{sku} {quantity} {unit} อยู่ในขั้นราคาที่ {band} ราคา {price} {currency} ส่วนรายการของงานคิดไว้ที่ {first} {currency} จึงคิดส่วนต่าง",
  },
  package: {
    en: "{sku} is sold in begun packages of {size} {packed}: {quantity} of them.",
    th: "{sku} คิดเป็นชุด ชุดละ {size} {packed} เศษของชุดคิดเป็นหนึ่งชุด รวม {quantity} ชุด",
  },
  minimum: {
    en: "{whatEn} costs at least {bound} {currency}; this is what was missing.",
    th: "{whatTh}คิดอย่างน้อย {bound} {currency} จึงคิดส่วนที่ขาด",
  },
  cap: {
    en: "{whatEn} costs at most {bound} {currency}; what is beyond it is taken back.",
    th: "{whatTh}คิดไม่เกิน {bound} {currency} จึงหักคืนส่วนที่เกิน",
  },
  "period-other": { en: "What it is: {what}.", th: "รายการ: {what}" },
  provisional: { en: "The job still runs: this is shown and not billed.", th: "งานยังทำงานอยู่: แสดงไว้แต่ยังไม่เรียกเก็บ" },
  total: { en: "Total: {amount} {currency}.", th: "รวม {amount} {currency}" },
  "total-so-far": { en: "Total so far: {amount} {currency}, not billed yet.", th: "รวมถึงขณะนี้ {amount} {currency} ยังไม่เรียกเก็บ" },
}

/** The explanation as lines of text, one sentence a line. */
export const explanationText = (explanation: Explanation, language: Language): readonly string[] =>
  explanation.map(({ code, values }) => sentences[code][language].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ""))
