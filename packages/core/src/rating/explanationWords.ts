import type { Quantities } from "../usage/Quantities.ts"
import type { UsageFlag } from "../usage/Usage.ts"
import type { BasisFlag } from "./basisQuantities.ts"
import type { Language } from "./Explanation.ts"
import type { RateReference } from "./RatedLine.ts"

type Both = Readonly<Record<Language, string>>

/** What a basis counts. */
export const basisText: Readonly<Record<RateReference["basis"], Both>> = {
  allocated: { en: "what the job held, used or not", th: "ทรัพยากรที่งานจองไว้ ไม่ว่าจะใช้หรือไม่" },
  consumed: { en: "the cpu time and memory that the job really used", th: "เวลา CPU และหน่วยความจำที่งานใช้จริง" },
  dominant: { en: "the largest share of a node that the job held, for every resource", th: "สัดส่วนของโหนดที่งานจองไว้มากที่สุด กับทุกทรัพยากร" },
  "slurm-billing": { en: "the billing value that Slurm recorded", th: "ค่า billing ที่ Slurm บันทึกไว้" },
}

/** What was noted while a job was metered or counted; flags without a text change no figure. */
export const flagText: Readonly<Record<Exclude<UsageFlag | BasisFlag, "energy-unknown">, Both>> = {
  imputed: {
    en: "The job blocked more than it asked for; the card counts what it blocked",
    th: "งานกันทรัพยากรไว้มากกว่าที่ขอ จึงคิดตามที่กันไว้",
  },
  "consumption-unknown": {
    en: "Slurm did not record what the job really used, so what it held is counted",
    th: "Slurm ไม่ได้บันทึกการใช้จริงของงาน จึงคิดตามที่จองไว้",
  },
  "node-shape-unknown": {
    en: "The card does not say what a node of this partition has, so what the job held is counted",
    th: "อัตรานี้ไม่ได้ระบุขนาดโหนดของพาร์ทิชันนี้ จึงคิดตามที่จองไว้",
  },
  "suspension-unplaced": {
    en: "The job was suspended, but not when is known: it is not cut at the end of a month",
    th: "งานเคยถูกพัก แต่ไม่ทราบเวลาที่พัก จึงไม่ตัดแบ่งที่สิ้นเดือน",
  },
  "resize-clipped": {
    en: "The job was resized: this part begins where the part before it ended",
    th: "งานถูกปรับขนาด ส่วนนี้จึงเริ่มเมื่อส่วนก่อนหน้าสิ้นสุด",
  },
  "probably-runaway": {
    en: "It is probably a runaway job, gone long ago but never ended in Slurm's database: look with sacctmgr show runawayjobs",
    th: "น่าจะเป็นงานค้าง (runaway) ที่จบไปนานแล้วแต่ฐานข้อมูล Slurm ไม่ได้บันทึก: ตรวจด้วย sacctmgr show runawayjobs",
  },
  "allocation-from-counts": {
    en: "Slurm recorded cores and nodes only, no memory and no GPUs",
    th: "Slurm บันทึกเฉพาะจำนวนคอร์และโหนด ไม่มีหน่วยความจำและ GPU",
  },
}

/** `2 days 1 h 3 min 4 s`. */
export const durationText = (seconds: number, language: Language): string => {
  const days = seconds >= 172_800 ? " days" : " day"
  const units = { en: [days, " h", " min", " s"], th: [" วัน", " ชั่วโมง", " นาที", " วินาที"] }[language]
  const amounts = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
  const parts = amounts.flatMap((amount, index) => (amount === 0 ? [] : [`${amount}${units[index]}`]))
  return parts.length === 0 ? `0${units[3]}` : parts.join(" ")
}

const counted = (amount: bigint, one: string): string => `${amount} ${one}${amount === 1n ? "" : "s"}`

const heldPart = (resource: string, amount: bigint, language: Language): string => {
  const isThai = language === "th"
  const [kind = "", name = ""] = resource.split("/")
  if (resource === "cpu") return isThai ? `${amount} คอร์` : counted(amount, "core")
  if (resource === "node") return isThai ? `${amount} โหนด` : counted(amount, "node")
  if (resource === "mem") {
    const size = amount % 1_024n === 0n ? `${amount / 1_024n} GiB` : `${amount} MiB`
    return isThai ? `หน่วยความจำ ${size}` : `${size} of memory`
  }
  if (name === "gpu") return isThai ? `GPU ${amount} ตัว` : counted(amount, "GPU")
  if (name.startsWith("gpu:")) return isThai ? `GPU ${name.slice(4)} ${amount} ตัว` : `${counted(amount, "GPU")} (${name.slice(4)})`
  if (kind === "license") return isThai ? `ไลเซนส์ ${name} ${amount} สิทธิ์` : `${counted(amount, "licence")} of ${name}`
  if (resource === "billing") return isThai ? `ค่า billing ของ Slurm ${amount}` : `a billing value of ${amount}`
  return `${amount} ${resource}`
}

const order = ["cpu", "gres", "mem", "node", "license", "billing"]

const rank = (resource: string): number => order.indexOf(resource.split("/")[0] ?? "")

/** `4 cores, 1 GPU (a100), 8 GiB of memory, 1 node`; empty when nothing was held. */
export const heldText = (perSecond: Quantities, language: Language): string =>
  Object.entries(perSecond)
    .filter(([name, amount]) => name !== "wall" && amount !== 0n)
    .sort(([left], [right]) => rank(left) - rank(right) || (left < right ? -1 : 1))
    .map(([name, amount]) => heldPart(name, amount, language))
    .join(language === "th" ? " " : ", ")
