import { type CanonicalValue, canonicalJson, formatMinor, isTaxInvoice, localDate, type Receipt } from "@hpc-billing/core"
import { type CsvProfile, csvText, exact } from "./csv.ts"

/**
 * What a service provider for Thai e-Tax invoices needs of each issued receipt, by the names of the standard's elements: type
 * codes 388 (tax invoice), 380 (invoice, when nothing on it is taxable) and 81 (credit note, for a receipt below zero, amounts above zero).
 */
export interface ElectronicTaxDocument {
  readonly ID: string
  readonly TypeCode: "388" | "380" | "81"
  readonly IssueDate: string
  readonly Seller: ElectronicTaxParty
  readonly Buyer: ElectronicTaxParty
  readonly InvoiceCurrencyCode: string
  readonly TradeTax: readonly {
    readonly TypeCode: "VAT" | "FRE"
    readonly CalculatedRate: string
    readonly BasisAmount: string
    readonly CalculatedAmount: string
  }[]
  readonly TaxBasisTotalAmount: string
  readonly TaxTotalAmount: string
  readonly GrandTotalAmount: string
}

export interface ElectronicTaxParty {
  readonly Name: string
  readonly TaxID: string
  readonly BranchID: string
  readonly Address: string
}

const partyOf = (party: Receipt["issuer"]): ElectronicTaxParty => ({
  Name: party.nameThai,
  TaxID: party.taxId,
  BranchID: party.branch,
  Address: party.addressThai,
})

/** Issued and paid receipts in order of their numbers; drafts and voids are left out. */
export const electronicTaxDocuments = (receipts: readonly Receipt[]): readonly ElectronicTaxDocument[] =>
  receipts
    .flatMap((receipt) => {
      const { status, currency } = receipt
      if (status.kind !== "issued" && status.kind !== "paid") return []
      const sign = receipt.grossMinor < 0n ? -1n : 1n
      const amount = (minor: bigint): string => formatMinor(minor * sign, currency)
      const document: ElectronicTaxDocument = {
        ID: status.number,
        TypeCode: sign < 0n ? "81" : isTaxInvoice(receipt) ? "388" : "380",
        IssueDate: localDate(status.issuedAtSeconds, receipt.zone),
        Seller: partyOf(receipt.issuer),
        Buyer: partyOf(receipt.payer),
        InvoiceCurrencyCode: currency.code,
        TradeTax: receipt.taxes.map((tax) => ({
          TypeCode: tax.basis === "" ? "VAT" : "FRE",
          CalculatedRate: tax.ratePercent,
          BasisAmount: amount(tax.netMinor),
          CalculatedAmount: amount(tax.taxMinor),
        })),
        TaxBasisTotalAmount: amount(receipt.netMinor),
        TaxTotalAmount: amount(receipt.taxMinor),
        GrandTotalAmount: amount(receipt.grossMinor),
      }
      return [document]
    })
    .sort((left, right) => (left.ID < right.ID ? -1 : 1))

export const electronicTaxJson = (receipts: readonly Receipt[]): string =>
  `${canonicalJson(electronicTaxDocuments(receipts) as unknown as CanonicalValue)}\n`

/** One row per document and tax. */
export const electronicTaxCsv = (receipts: readonly Receipt[], profile: CsvProfile): string =>
  csvText(
    [
      "document_number",
      "type_code",
      "issue_date",
      "seller_tax_id",
      "seller_branch",
      "seller_name",
      "buyer_tax_id",
      "buyer_branch",
      "buyer_name",
      "buyer_address",
      "currency",
      "tax_type",
      "tax_rate",
      "tax_basis",
      "tax_amount",
      "total_without_tax",
      "total_tax",
      "grand_total",
    ],
    electronicTaxDocuments(receipts).flatMap((document) =>
      document.TradeTax.map((tax) => [
        document.ID,
        exact(document.TypeCode),
        exact(document.IssueDate),
        exact(document.Seller.TaxID),
        exact(document.Seller.BranchID),
        document.Seller.Name,
        exact(document.Buyer.TaxID),
        exact(document.Buyer.BranchID),
        document.Buyer.Name,
        document.Buyer.Address,
        document.InvoiceCurrencyCode,
        tax.TypeCode,
        exact(tax.CalculatedRate),
        exact(tax.BasisAmount),
        exact(tax.CalculatedAmount),
        exact(document.TaxBasisTotalAmount),
        exact(document.TaxTotalAmount),
        exact(document.GrandTotalAmount),
      ]),
    ),
    profile,
  )
