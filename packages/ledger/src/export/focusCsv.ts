import {
  canonicalJson,
  type Decimal,
  formatDecimal,
  formatMinor,
  normaliseDecimal,
  type Receipt,
  type ReceiptLine,
  type ReceiptTax,
} from "@hpc-billing/core"
import { type CsvCell, type CsvProfile, csvText, exact } from "./csv.ts"

/** What FOCUS asks of a provider and receipts do not say. */
export interface FocusSite {
  /** Who runs the clusters: provider and publisher. */
  readonly providerName: string
  readonly serviceName: string
}

type Row = Readonly<Record<string, CsvCell>>

const instant = (seconds: number): CsvCell => exact(new Date(seconds * 1000).toISOString().replace(".000Z", "Z"))

/** `core-h` is `Core-Hours` in FOCUS's spelling of units. */
const focusUnit = (unit: string): string => {
  const hours = /^(.+)-h$/.exec(unit)?.[1]
  return hours === undefined ? unit : `${hours.charAt(0).toUpperCase()}${hours.slice(1)}-Hours`
}

const decimalCell = (value: Decimal): CsvCell => exact(formatDecimal(normaliseDecimal(value)))

/** FOCUS allows no price below zero: the sign goes to the quantity, the product stays. */
const priced = ({ quantity, unitPrice }: ReceiptLine): { readonly quantity: Decimal; readonly unitPrice: Decimal } =>
  unitPrice.units < 0n
    ? { quantity: { ...quantity, units: -quantity.units }, unitPrice: { ...unitPrice, units: -unitPrice.units } }
    : { quantity, unitPrice }

const commonOf = (receipt: Receipt, site: FocusSite): Row => ({
  BillingAccountId: receipt.payer.id,
  BillingAccountName: receipt.payer.nameEnglish,
  BillingCurrency: receipt.currency.code,
  BillingPeriodStart: instant(receipt.window.startSeconds),
  BillingPeriodEnd: instant(receipt.window.endSeconds),
  InvoiceId: receipt.status.kind === "draft" ? "" : receipt.status.number,
  InvoiceIssuerName: receipt.issuer.nameEnglish,
  ProviderName: site.providerName,
  PublisherName: site.providerName,
  ServiceProviderName: site.providerName,
  HostProviderName: site.providerName,
  ServiceCategory: "Compute",
  ServiceSubcategory: "Other (Compute)",
  ServiceName: site.serviceName,
})

const lineRow = (receipt: Receipt, line: ReceiptLine, site: FocusSite): Row => {
  const billed = exact(formatMinor(line.billedMinor, receipt.currency))
  const usage = line.kind !== "period"
  const { quantity, unitPrice } = priced(line)
  const cost = decimalCell(line.amount)
  return {
    ...commonOf(receipt, site),
    BilledCost: billed,
    EffectiveCost: billed,
    ListCost: cost,
    ContractedCost: cost,
    ListUnitPrice: decimalCell(unitPrice),
    ContractedUnitPrice: decimalCell(unitPrice),
    PricingQuantity: decimalCell(quantity),
    PricingUnit: focusUnit(line.unit),
    PricingCategory: "Standard",
    ConsumedQuantity: usage ? decimalCell(quantity) : "",
    ConsumedUnit: usage ? focusUnit(line.unit) : "",
    ChargeCategory: usage ? "Usage" : line.billedMinor < 0n ? "Credit" : "Adjustment",
    ChargeClass: line.corrects === null ? "" : "Correction",
    ChargeDescription: usage ? `${line.sku} of job ${line.jobId}` : line.sku,
    ChargeFrequency: usage ? "Usage-Based" : "Recurring",
    ChargePeriodStart: instant(line.window.startSeconds),
    ChargePeriodEnd: instant(line.window.endSeconds),
    ResourceId: usage ? `${line.cluster}/${line.jobId}` : "",
    ResourceName: usage ? line.jobName : "",
    ResourceType: usage ? "Job" : "",
    SkuId: line.sku,
    SkuMeter: line.sku,
    SkuPriceId: `${line.rate.cardId}/${line.rate.cardVersion}/${line.rate.overrideId ?? line.rate.tier}/${line.sku}`,
    SubAccountId: line.account,
    SubAccountName: line.account,
    Tags: canonicalJson({ cluster: line.cluster, partition: line.partition, qos: line.qos, state: line.state, user: line.user }),
  }
}

const taxRow = (receipt: Receipt, tax: ReceiptTax, site: FocusSite): Row => {
  const cost = exact(formatMinor(tax.taxMinor, receipt.currency))
  return {
    ...commonOf(receipt, site),
    BilledCost: cost,
    EffectiveCost: cost,
    ListCost: cost,
    ContractedCost: cost,
    ChargeCategory: "Tax",
    ChargeDescription: `${tax.code} ${tax.ratePercent}%`,
    ChargeFrequency: "Recurring",
    ChargePeriodStart: instant(receipt.window.startSeconds),
    ChargePeriodEnd: instant(receipt.window.endSeconds),
  }
}

const columnsOf12 = [
  ...[
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
  ],
  ...["ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart", "ConsumedQuantity", "ConsumedUnit"],
  ...["ContractedCost", "ContractedUnitPrice", "EffectiveCost", "InvoiceId", "InvoiceIssuerName", "ListCost", "ListUnitPrice"],
  ...["PricingCategory", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ResourceId", "ResourceName", "ResourceType"],
  ...["ServiceCategory", "ServiceName", "ServiceSubcategory", "SkuId", "SkuMeter", "SkuPriceId", "SubAccountId", "SubAccountName", "Tags"],
] as const

/** What 1.3 calls the provider, beside the names that it deprecates. */
const columnsAdded13 = ["HostProviderName", "ServiceProviderName"] as const

/**
 * Issued receipts as FOCUS cost and usage rows: one per line, one per tax. The billed costs sum to the receipts' gross; list and
 * contracted cost are quantity times price, exactly. Conditional columns of features that a cluster lacks are left out.
 */
export const focusCsv = (
  receipts: readonly Receipt[],
  options: { readonly site: FocusSite; readonly version: "1.2" | "1.3"; readonly csv: CsvProfile },
): string => {
  const columns = options.version === "1.3" ? [...columnsOf12, ...columnsAdded13].sort() : columnsOf12
  const rows = function* (): Generator<readonly CsvCell[]> {
    for (const receipt of receipts) {
      if (receipt.status.kind !== "issued" && receipt.status.kind !== "paid") continue
      for (const line of receipt.lines) yield cellsOf(lineRow(receipt, line, options.site))
      for (const tax of receipt.taxes) if (tax.taxMinor !== 0n) yield cellsOf(taxRow(receipt, tax, options.site))
    }
  }
  const cellsOf = (row: Row): readonly CsvCell[] => columns.map((column) => row[column] ?? "")
  return csvText(columns, rows(), options.csv)
}
