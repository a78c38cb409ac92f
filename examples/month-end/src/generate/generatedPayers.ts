import type { Payer, PayerMapping, TaxTreatment } from "@hpc-billing/core"

/** A Slurm account of the generated cluster, with how busy it is beside the others. */
export interface GeneratedAccount {
  readonly account: string
  readonly nameThai: string
  readonly nameEnglish: string
  readonly payerId: string
}

export interface GeneratedPayers {
  readonly payers: readonly Payer[]
  readonly mappings: readonly PayerMapping[]
  readonly accounts: readonly GeneratedAccount[]
}

type Tier = "MU" | "Gov" | "Private"

const taxTreatments: Readonly<Record<Tier, TaxTreatment>> = {
  MU: { kind: "out-of-scope", code: "INTERNAL", basis: "unit of the same legal person" },
  Gov: { kind: "taxable", code: "VAT7", ratePercent: "7" },
  Private: { kind: "taxable", code: "VAT7", ratePercent: "7" },
}

/** 12 digits and the check digit of a Thai tax id; the stems begin like no registered one. */
const taxIdOf = (stem: string): string => {
  const sum = [...stem].reduce((total, digit, index) => total + Number(digit) * (13 - index), 0)
  return `${stem}${(11 - (sum % 11)) % 10}`
}

type PayerRow = readonly [id: string, tier: Tier, nameThai: string, nameEnglish: string]

const payerRows: readonly PayerRow[] = [
  ["sc-physics", "MU", "คณะวิทยาศาสตร์ ภาควิชาฟิสิกส์", "Faculty of Science, Department of Physics"],
  ["sc-chemistry", "MU", "คณะวิทยาศาสตร์ ภาควิชาเคมี", "Faculty of Science, Department of Chemistry"],
  ["sc-biology", "MU", "คณะวิทยาศาสตร์ ภาควิชาชีววิทยา", "Faculty of Science, Department of Biology"],
  ["en-computer", "MU", "คณะวิศวกรรมศาสตร์ ภาควิชาวิศวกรรมคอมพิวเตอร์", "Faculty of Engineering, Department of Computer Engineering"],
  ["en-civil", "MU", "คณะวิศวกรรมศาสตร์ ภาควิชาวิศวกรรมโยธา", "Faculty of Engineering, Department of Civil Engineering"],
  ["md-genomics", "MU", "คณะแพทยศาสตร์ ศูนย์จีโนมทางการแพทย์", "Faculty of Medicine, Medical Genomics Centre"],
  ["md-imaging", "MU", "คณะแพทยศาสตร์ ภาควิชารังสีวิทยา", "Faculty of Medicine, Department of Radiology"],
  ["ict", "MU", "คณะเทคโนโลยีสารสนเทศและการสื่อสาร", "Faculty of Information and Communication Technology"],
  ["gov-weather", "Gov", "ศูนย์พยากรณ์อากาศตัวอย่าง", "Example Weather Forecasting Centre"],
  ["gov-water", "Gov", "สถาบันสารสนเทศทรัพยากรน้ำตัวอย่าง", "Example Hydro-Informatics Institute"],
  ["gov-health", "Gov", "กรมวิทยาศาสตร์สุขภาพตัวอย่าง", "Example Department of Health Sciences"],
  ["gov-space", "Gov", "สำนักงานเทคโนโลยีอวกาศตัวอย่าง", "Example Space Technology Agency"],
  ["co-pharma", "Private", "บริษัท ตัวอย่างเภสัชกรรม จำกัด", "Example Pharmaceuticals Co., Ltd."],
  ["co-energy", "Private", "บริษัท พลังงานตัวอย่าง จำกัด (มหาชน)", "Example Energy Public Company Limited"],
  ["co-ai", "Private", "บริษัท ปัญญาประดิษฐ์ตัวอย่าง จำกัด", "Example Artificial Intelligence Co., Ltd."],
  ["co-auto", "Private", "บริษัท ยานยนต์ตัวอย่าง จำกัด", "Example Automotive Co., Ltd."],
]

const payerOf = ([id, tier, nameThai, nameEnglish]: PayerRow, index: number): Payer => ({
  id,
  nameThai,
  nameEnglish,
  addressThai: `${100 + index} ถนนตัวอย่าง แขวงตัวอย่าง เขตเมืองตัวอย่าง จังหวัดตัวอย่าง 10000`,
  addressEnglish: `${100 + index} Tua Yang Road, Mueang Tua Yang, Tua Yang 10000`,
  taxId: taxIdOf(tier === "MU" ? "099000000001" : `0990000${String(1_000 + index).padStart(5, "0")}`),
  branch: "00000",
  tier,
  taxTreatment: taxTreatments[tier],
})

/** Busiest first: users are spread over them in this order. */
const accounts: readonly GeneratedAccount[] = [
  { account: "phys-flood", nameThai: "โครงการพยากรณ์น้ำท่วมฉับพลัน", nameEnglish: "Flash-flood nowcasting", payerId: "sc-physics" },
  { account: "comp-llm", nameThai: "แบบจำลองภาษาไทยขนาดใหญ่", nameEnglish: "Thai large language models", payerId: "en-computer" },
  { account: "chem-dft", nameThai: "เคมีคำนวณ", nameEnglish: "Computational chemistry", payerId: "sc-chemistry" },
  { account: "genome-rare", nameThai: "จีโนมโรคหายาก", nameEnglish: "Rare-disease genomes", payerId: "md-genomics" },
  { account: "wx-wrf", nameThai: "แบบจำลองอากาศรายชั่วโมง", nameEnglish: "Hourly weather model", payerId: "gov-weather" },
  { account: "pharma-dock", nameThai: "คัดกรองสารออกฤทธิ์", nameEnglish: "Virtual screening", payerId: "co-pharma" },
  { account: "ai-vision", nameThai: "วิเคราะห์ภาพอุตสาหกรรม", nameEnglish: "Industrial vision", payerId: "co-ai" },
  { account: "bio-seq", nameThai: "ลำดับพันธุกรรมพืช", nameEnglish: "Plant sequencing", payerId: "sc-biology" },
  { account: "mri-recon", nameThai: "สร้างภาพเอ็มอาร์ไอ", nameEnglish: "MRI reconstruction", payerId: "md-imaging" },
  { account: "civil-cfd", nameThai: "พลศาสตร์ของไหลอาคาร", nameEnglish: "Building fluid dynamics", payerId: "en-civil" },
  { account: "hydro-basin", nameThai: "แบบจำลองลุ่มน้ำ", nameEnglish: "River basin models", payerId: "gov-water" },
  { account: "energy-grid", nameThai: "วางแผนโครงข่ายไฟฟ้า", nameEnglish: "Grid planning", payerId: "co-energy" },
  { account: "sat-imagery", nameThai: "ภาพถ่ายดาวเทียม", nameEnglish: "Satellite imagery", payerId: "gov-space" },
  { account: "epi-model", nameThai: "ระบาดวิทยา", nameEnglish: "Epidemiology", payerId: "gov-health" },
  { account: "ict-course", nameThai: "วิชาการคำนวณสมรรถนะสูง", nameEnglish: "HPC course", payerId: "ict" },
  { account: "phys-lattice", nameThai: "ฟิสิกส์อนุภาคบนแลตทิซ", nameEnglish: "Lattice field theory", payerId: "sc-physics" },
  { account: "chem-cat", nameThai: "ตัวเร่งปฏิกิริยา", nameEnglish: "Catalysis", payerId: "sc-chemistry" },
  { account: "auto-crash", nameThai: "จำลองการชน", nameEnglish: "Crash simulation", payerId: "co-auto" },
  { account: "joint-aerosol", nameThai: "โครงการร่วมฝุ่นละออง", nameEnglish: "Joint aerosol project", payerId: "sc-physics" },
  { account: "spinoff-ocr", nameThai: "อ่านอักษรไทย (หน่วยบ่มเพาะ)", nameEnglish: "Thai OCR spin-off", payerId: "en-computer" },
  { account: "ทดสอบระบบ", nameThai: "บัญชีทดสอบระบบ", nameEnglish: "Acceptance tests", payerId: "ict" },
]

const from = "2020-01-01"
/** The spin-off became a company of its own on this day, and pays for itself from then on. */
const spinOffDate = "2026-04-01"

/**
 * Payers, accounts and dated mappings of the generated cluster, all invented: one account changes its payer within the time, one is
 * shared 60 : 40 between a department and an agency, one user of a department's account is paid for by a company.
 */
export const generatedPayers = (cluster: string): GeneratedPayers => {
  const mapping = (account: string, payerId: string, change: Partial<PayerMapping> = {}): PayerMapping => ({
    cluster,
    account,
    user: null,
    payerId,
    effectiveFrom: from,
    effectiveUntil: null,
    ...change,
  })
  return {
    payers: payerRows.map(payerOf),
    accounts,
    mappings: accounts.flatMap(({ account, payerId }) => {
      if (account === "spinoff-ocr") {
        return [mapping(account, payerId, { effectiveUntil: spinOffDate }), mapping(account, "co-ai", { effectiveFrom: spinOffDate })]
      }
      if (account === "joint-aerosol") {
        return [mapping(account, payerId, { sharePercent: "60" }), mapping(account, "gov-weather", { sharePercent: "40" })]
      }
      if (account === "civil-cfd") return [mapping(account, payerId), mapping(account, "co-auto", { user: "anan.w" })]
      return [mapping(account, payerId)]
    }),
  }
}
