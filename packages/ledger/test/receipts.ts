import { type Decimal, draftReceipt, issueReceipt, type Payer, type RatedLine, type Receipt } from "@hpc-billing/core"
import { Result } from "effect"

export const baht = { code: "THB", exponent: 2 }

export const payerOf = (id: string, taxable = true): Payer => ({
  id,
  nameThai: `ผู้รับบริการ ${id}`,
  nameEnglish: `Payer ${id}`,
  addressThai: "",
  addressEnglish: "",
  taxId: "",
  branch: "00000",
  tier: "MU",
  taxTreatment: taxable ? { kind: "taxable", code: "VAT7", ratePercent: "7" } : { kind: "exempt", code: "EX", basis: "research" },
})

const issuer = { nameThai: "ศูนย์", nameEnglish: "Centre", addressThai: "", addressEnglish: "", taxId: "", branch: "00000" }

/** One line of `amountMinor` hundredths, by quantity 1. */
const lineOf = (id: string, payerId: string, amountMinor: bigint): RatedLine => {
  const amount: Decimal = { units: amountMinor, scale: 2 }
  return {
    id,
    kind: amountMinor < 0n ? "correction" : "usage",
    usageId: id,
    payerId,
    cluster: "ci",
    account: "physics",
    user: "ada",
    jobId: "1",
    jobName: "งาน",
    partition: "main",
    qos: "normal",
    state: "COMPLETED",
    window: { startSeconds: 0, endSeconds: 1 },
    sku: "cpu",
    quantity: { units: 1n, scale: 0 },
    unit: "core-h",
    unitPrice: amount,
    amount,
    currency: "THB",
    rate: { cardId: "card", cardVersion: 1, cardHash: "", tier: "MU", overrideId: null, basis: "allocated" },
    zeroReason: null,
    corrects: null,
    provisional: false,
    flags: [],
  }
}

export const draftOf = (payer: Payer, amountsMinor: readonly bigint[], month = "2026-10", sequence = 1): Receipt =>
  draftReceipt({
    tenant: "mu",
    month,
    zone: "Asia/Bangkok",
    issuer,
    payer,
    currency: baht,
    rounding: { scope: "receipt", mode: "half-up" },
    sequence,
    lines: amountsMinor.map((amountMinor, index) => lineOf(`${payer.id}-${sequence}-${index}`, payer.id, amountMinor)),
  })

export const issuedOf = (payer: Payer, amountsMinor: readonly bigint[], month = "2026-10", sequence = 1): Receipt => {
  const draft = draftOf(payer, amountsMinor, month, sequence)
  return Result.getOrThrow(
    issueReceipt(draft, { number: `IV-${month}-${payer.id}-${sequence}`, issuedAtSeconds: draft.window.endSeconds + 3_600 }),
  )
}
