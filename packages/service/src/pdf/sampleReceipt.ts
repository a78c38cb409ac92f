import { decimal, monthWindow, type Receipt, type ReceiptLine, type ReceiptStatus } from "@hpc-billing/core"

/** Services of the sample: sku, unit, unit price in thousandths of a baht. */
const services = [
  { sku: "cpu", unit: "core-h", priceThousandths: 350n },
  { sku: "gpu-a100", unit: "GPU-h", priceThousandths: 45_000n },
  { sku: "mem", unit: "GiB-h", priceThousandths: 50n },
] as const
const users = ["somchai.j", "nattaya.p", "krit.w", "pimchanok.s", "thanawat.r"] as const
const jobNames = [
  "gromacs-md-npt",
  "vasp-relax-MoS2",
  "llama-ft-th-8b",
  "wrf-bkk-3km",
  "rnaseq-align",
  "jupyter",
  "ทดสอบโมเดลน้ำท่วม",
] as const

const month = "2026-06"
const zone = "Asia/Bangkok"
const window = monthWindow(month, zone)

const sampleLine = (index: number): ReceiptLine => {
  const service = services[index % 3] as (typeof services)[number]
  const quantityThousandths = BigInt((index * 7_919) % 90_000) + 250n
  const startSeconds = window.startSeconds + ((index * 8_641) % 2_500_000)
  return {
    id: `sample/${index}`,
    kind: "usage",
    usageId: `demo/${4_812_000 + index}/${startSeconds}`,
    payerId: "phys-flood",
    cluster: "demo",
    account: "phys-flood-2569",
    user: users[index % users.length] as string,
    jobId: String(4_812_000 + index),
    jobName: jobNames[index % jobNames.length] as string,
    partition: "compute",
    qos: "normal",
    state: "COMPLETED",
    window: { startSeconds, endSeconds: startSeconds + 3_600 },
    sku: service.sku,
    quantity: decimal(quantityThousandths, 3),
    unit: service.unit,
    unitPrice: decimal(service.priceThousandths, 3),
    amount: decimal(quantityThousandths * service.priceThousandths, 6),
    currency: "THB",
    rate: { cardId: "mu", cardVersion: 3, cardHash: "9f2c".repeat(16), tier: "mu", overrideId: null, basis: "allocated" },
    zeroReason: null,
    corrects: null,
    provisional: false,
    flags: [],
    billedMinor: (quantityThousandths * service.priceThousandths) / 10_000n,
  }
}

const statuses = {
  draft: { kind: "draft" },
  issued: { kind: "issued", number: "HPC-2569-06-000127", issuedAtSeconds: 1_782_867_600 },
  void: {
    kind: "void",
    number: "HPC-2569-06-000127",
    issuedAtSeconds: 1_782_867_600,
    voidedAtSeconds: 1_782_954_000,
    reason: "ออกซ้ำกับฉบับก่อนหน้า",
  },
} satisfies Partial<Record<ReceiptStatus["kind"], ReceiptStatus>>

/** A receipt for tests and previews: long Thai names, three services, as many usage lines as asked. */
export const sampleReceipt = (
  lineCount: number,
  statusKind: ReceiptStatus["kind"] = "paid",
  extra: readonly ReceiptLine[] = [],
): Receipt => {
  const lines = [...Array.from({ length: lineCount }, (_, index) => sampleLine(index)), ...extra]
  const netMinor = lines.reduce((sum, line) => sum + line.billedMinor, 0n)
  const taxMinor = (netMinor * 7n + 50n) / 100n
  const grossMinor = netMinor + taxMinor
  const status: ReceiptStatus =
    statusKind === "paid"
      ? {
          kind: "paid",
          number: "HPC-2569-06-000127",
          issuedAtSeconds: 1_782_867_600,
          paidAtSeconds: 1_782_954_000,
          paidMinor: grossMinor - netMinor / 100n,
          withheldMinor: netMinor / 100n,
        }
      : statuses[statusKind]
  return {
    id: `demo/${month}/phys-flood/1`,
    tenant: "demo",
    month,
    zone,
    window,
    issuer: {
      nameThai: "มหาวิทยาลัยตัวอย่าง ศูนย์คอมพิวเตอร์สมรรถนะสูง",
      nameEnglish: "Example University · High-Performance Computing Centre",
      addressThai: "123 ถนนตัวอย่าง ตำบลป่าตัวอย่าง อำเภอเมืองตัวอย่าง จังหวัดตัวอย่าง 10000",
      addressEnglish: "123 Tua Yang Rd., Pa Tua Yang, Mueang Tua Yang, Tua Yang 10000",
      taxId: "0990000000011",
      branch: "00000",
    },
    payer: {
      id: "phys-flood",
      nameThai: "คณะวิทยาศาสตร์ ภาควิชาฟิสิกส์ — โครงการพยากรณ์น้ำท่วมฉับพลันด้วยแบบจำลองเชิงตัวเลขความละเอียดสูง",
      nameEnglish: "Faculty of Science, Department of Physics — Flash-flood nowcasting project",
      addressThai: "456 ถนนตัวอย่าง ตำบลป่าตัวอย่าง อำเภอเมืองตัวอย่าง จังหวัดตัวอย่าง 10000",
      addressEnglish: "456 Tua Yang Rd., Pa Tua Yang, Mueang Tua Yang, Tua Yang 10000",
      taxId: "0990000000029",
      branch: "00000",
      tier: "MU",
      taxTreatment: { kind: "taxable", code: "VAT7", ratePercent: "7" },
    },
    currency: { code: "THB", exponent: 2 },
    lines,
    taxes: [{ code: "VAT7", ratePercent: "7", basis: "", netMinor, taxMinor }],
    netMinor,
    taxMinor,
    grossMinor,
    status,
  }
}

/** One line of the sample with some fields changed, for rows out of the ordinary. */
export const sampleLineWith = (index: number, change: Partial<ReceiptLine>): ReceiptLine => ({ ...sampleLine(index), ...change })
