import type { Explanation, ExplanationCode, Language } from "./Explanation.ts"

const sentences: Readonly<Record<ExplanationCode, Readonly<Record<Language, string>>>> = {
  job: {
    en: 'Job {jobId} "{jobName}" of {user}, account {account}, cluster {cluster}, partition {partition}, QOS {qos}.',
    th: 'งาน {jobId} "{jobName}" ของ {user} บัญชี {account} คลัสเตอร์ {cluster} พาร์ทิชัน {partition} QOS {qos}',
  },
  ran: {
    en: "It ran from {start} to {end} ({zone}), {seconds} s, and stands as {state}.",
    th: "ทำงานตั้งแต่ {start} ถึง {end} ({zone}) รวม {seconds} วินาที สถานะ {state}",
  },
  "never-ran": { en: "It never ran; its state is {state}.", th: "ไม่เคยทำงาน สถานะ {state}" },
  held: { en: "Each second it held {resources}.", th: "แต่ละวินาทีใช้ {resources}" },
  suspended: {
    en: "It was suspended for {seconds} s: core time does not count then, all else does.",
    th: "ถูกพักงาน {seconds} วินาที: ช่วงนั้นไม่นับเวลา CPU แต่นับทรัพยากรอื่น",
  },
  payer: { en: "{payer} pays {percent} % of it.", th: "{payer} เป็นผู้ชำระ {percent} %" },
  unmapped: {
    en: "Nobody pays for it yet: add a mapping from account {account} on {cluster} to a payer.",
    th: "ยังไม่มีผู้ชำระ: โปรดเพิ่มการจับคู่บัญชี {account} บน {cluster} กับผู้ชำระ",
  },
  tier: { en: "The price is that of tier {tier}.", th: "ใช้อัตราของกลุ่ม {tier}" },
  card: {
    en: "Rate card {cardId}, version {version}, in force from {from} until {until}; it counts what was {basis}; its hash begins {hash}.",
    th: "อัตราค่าบริการ {cardId} ฉบับที่ {version} มีผลตั้งแต่ {from} ถึง {until} คิดตามฐาน {basis} แฮชขึ้นต้นด้วย {hash}",
  },
  "card-not-in-book": {
    en: "Rate card {cardId}, version {version} (hash {hash}) is not in the rate book given: the figures below are the line's own.",
    th: "ไม่พบอัตราค่าบริการ {cardId} ฉบับที่ {version} (แฮช {hash}) ในสมุดอัตรา: ตัวเลขด้านล่างมาจากรายการเอง",
  },
  override: {
    en: "Override {id} by {author} applies from {from} until {until}: {reason}",
    th: "ใช้ข้อยกเว้น {id} โดย {author} ตั้งแต่ {from} ถึง {until}: {reason}",
  },
  factor: { en: "Prices are multiplied by {factor} for {by} {name}.", th: "คูณราคาด้วย {factor} เนื่องจาก {by} {name}" },
  imputed: {
    en: "The job blocked more than it asked for; the card counts what it blocked.",
    th: "งานกันทรัพยากรไว้มากกว่าที่ขอ จึงคิดตามที่กันไว้",
  },
  flag: { en: "Note: {flag}.", th: "หมายเหตุ: {flag}" },
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
  zero: { en: "Nothing is charged: {reasonEn}.", th: "ไม่คิดค่าบริการ: {reasonTh}" },
  "tax-rate": { en: "Tax on it is {ratePercent} %, by code {code} of the card.", th: "ภาษี {ratePercent} % ตามรหัสภาษี {code} ของอัตรานี้" },
  "tax-exempt": { en: "No tax is due on it, by code {code} of the card: {basis}.", th: "ไม่มีภาษี ตามรหัสภาษี {code} ของอัตรานี้: {basisThai}" },
  corrects: { en: "It corrects {lineId} of {month}.", th: "แก้ไขรายการ {lineId} ของเดือน {month}" },
  period: { en: "It prices the whole period, not one job: {what}.", th: "คิดสำหรับทั้งรอบ ไม่ใช่งานเดียว: {what}" },
  provisional: { en: "The job still runs: this is shown and not billed.", th: "งานยังทำงานอยู่: แสดงไว้แต่ยังไม่เรียกเก็บ" },
  total: { en: "Total: {amount} {currency}.", th: "รวม {amount} {currency}" },
}

/** The explanation as lines of text, one sentence a line. */
export const explanationText = (explanation: Explanation, language: Language): readonly string[] =>
  explanation.map(({ code, values }) => sentences[code][language].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ""))
